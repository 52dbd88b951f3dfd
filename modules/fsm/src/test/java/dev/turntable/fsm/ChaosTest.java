package dev.turntable.fsm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turntable.event.Commit;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whatever facts come, in whatever order: the core never throws, no invariant breaks, and a commit read back is the state decided. */
class ChaosTest {
    private static final int SEEDS = Integer.getInteger("turntable.chaos.seeds", 50);
    private static final int STEPS = 400;

    @Test
    void plausibleFactsAreNeverRefusedAndBreakNothing() {
        judge(true);
    }

    @Test
    void nonsenseBreaksNothing() {
        judge(false);
    }

    private static void judge(boolean plausible) {
        IntStream.range(0, SEEDS).forEach(seed -> {
            Chaos chaos = new Chaos(seed, plausible);
            List<String> broken = chaos.run(STEPS);
            assertEquals(List.of(), broken, () -> "seed " + seed + "\n" + ending(chaos));
        });
    }

    private static String ending(Chaos chaos) {
        List<Commit> log = chaos.log();
        return log.subList(Math.max(0, log.size() - 14), log.size()).stream()
                .map(Commit::toString)
                .collect(Collectors.joining("\n"));
    }

    @Test
    void theSameSeedGivesTheSameState() {
        Chaos one = new Chaos(7, true);
        Chaos two = new Chaos(7, true);
        one.run(STEPS);
        two.run(STEPS);
        assertEquals(one.yard().stateHash(), two.yard().stateHash());
    }
}
