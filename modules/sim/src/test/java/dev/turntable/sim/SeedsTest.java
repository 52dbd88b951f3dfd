package dev.turntable.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many simulated hours, none of which may break a law; and each seed its own, the same every time. */
class SeedsTest {
    /** More or fewer with {@code -Dsim.seeds=N}. */
    private static final int SEEDS = Integer.getInteger("sim.seeds", 2_000);

    static String run(String... words) {
        return run(Sabotage.NONE, Simulator.DONE, words);
    }

    static String run(Sabotage sabotage, int code, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream to = new PrintStream(out, false, StandardCharsets.UTF_8);
        SimOptions options = SimOptions.parse(List.of(words));
        Simulator simulator = new Simulator(to, sabotage);
        int got = options.replay() ? simulator.replay(options.seed()) : simulator.play(options);
        to.flush();
        String text = out.toString(StandardCharsets.UTF_8);
        assertEquals(code, got, () -> text.lines()
                .filter(line -> !line.matches("seed .* chain [0-9a-f]{32}"))
                .limit(60)
                .reduce("", (a, b) -> a + "\n" + b));
        return text;
    }

    @org.junit.jupiter.api.BeforeAll
    static void mute() {
        Simulator.mute();
    }

    @Test
    void noSeedBreaksALaw() {
        String text = run("--seed", "1", "--runs", String.valueOf(SEEDS));
        assertEquals(SEEDS + 1, text.lines().count());
        assertTrue(text.endsWith("every law held\n"), text.lines().toList().getLast());
    }

    @Test
    void theSameSeedGivesTheSameJournalByteForByte() {
        World.Outcome one = world(42);
        World.Outcome two = world(42);
        assertArrayEquals(one.disk().frames(), two.disk().frames());
        assertEquals(one.chain(), two.chain());
        assertNotEquals(one.chain(), world(43).chain());
    }

    @Test
    void theLinesDependOnNoThread() {
        assertEquals(
                run("--seed", "5", "--runs", "12", "--threads", "1"),
                run("--seed", "5", "--runs", "12", "--threads", "3"));
    }

    @Test
    void anHourIsAnHour() {
        for (int seed = 1; seed <= 50; seed++) {
            Plan plan = Planner.of(seed);
            assertTrue(plan.horizon().toMinutes() >= 60);
            int models = plan.policies().getFirst().models().size();
            assertTrue(models >= 3 && models <= 12, "models: " + models);
        }
    }

    static World.Outcome world(long seed) {
        return new World(Planner.of(seed), Story.UNTOLD, Sabotage.NONE).run();
    }
}
