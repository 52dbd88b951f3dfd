package dev.turntable.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Decision;
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
        String text = run("--seed", "1", "--runs", String.valueOf(SEEDS), "--quiet");
        assertEquals(SEEDS / 1_000 + 1, text.lines().count(), text);
        assertTrue(text.endsWith("every law held\n"), text.lines().toList().getLast());
    }

    @Test
    void everySeedHasALineAndTheSummaryIsLast() {
        List<String> lines = run("--seed", "7", "--runs", "3").lines().toList();
        assertEquals(4, lines.size());
        assertTrue(lines.get(2).matches("seed 9 {2}commits .* chain [0-9a-f]{32}"), lines.get(2));
        assertTrue(lines.getLast().startsWith("3 runs, "), lines.getLast());
    }

    @Test
    void aQuietRunNamesTheSeedsThatBreakALawAndNoOthers() {
        Sabotage sabotage = new Sabotage() {
            @Override
            public boolean obeys(Decision order) {
                return !(order instanceof Decision.KillOrdered kill
                        && kill.run().number() % 9 == 0);
            }
        };
        String all = run(sabotage, Simulator.BROKEN, "--seed", "1", "--runs", "8");
        String quiet = run(sabotage, Simulator.BROKEN, "--seed", "1", "--runs", "8", "--quiet");
        assertEquals(
                all.lines()
                        .filter(line -> !line.startsWith("seed ") || line.contains("BROKEN"))
                        .toList(),
                quiet.lines().toList());
        assertTrue(quiet.length() < all.length());
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
