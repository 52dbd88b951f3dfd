package dev.turntable.fsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the rules of turns add up to, played in virtual time (docs/decisions/0010-bounded-wait.md). Left out of mutation testing: it is long. */
class FairnessTest {
    @Test
    void fourClientsOfTwoModelsShareTheMachineFairly() {
        for (int seed = 0; seed < 5; seed++) {
            ClosedLoop world = new ClosedLoop(
                            seed,
                            Rules.models("a", "b").policy(),
                            new ClosedLoop.Pace(
                                    Duration.ofMillis(70),
                                    Duration.ofMillis(10),
                                    Duration.ofMillis(2),
                                    Duration.ofMillis(1)))
                    .client("a")
                    .client("a")
                    .client("b")
                    .client("b")
                    .run(Duration.ofSeconds(8));
            int a = world.answers.get("a");
            int b = world.answers.get("b");
            assertTrue(a + b >= 400, a + " + " + b + " answers");
            assertTrue(Math.min(a, b) * 3 >= Math.max(a, b) * 2, a + " against " + b);
            assertTrue(world.longestWait().compareTo(Duration.ofMillis(500)) <= 0, "waited " + world.longestWait());
            assertEquals(0, world.failed);
            assertEquals(List.of(), world.broken);
        }
    }

    @Test
    void agentsThatAlternateForAnHourStayWithinTheStatedBound() {
        Duration load = Duration.ofSeconds(10);
        ClosedLoop world = new ClosedLoop(
                        3,
                        Rules.models("a", "b").policy(),
                        new ClosedLoop.Pace(
                                load, Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofMillis(100)))
                .client("a")
                .client("a")
                .client("a")
                .client("b")
                .run(Duration.ofHours(1));
        // between two swaps at least the shorter of two loads has passed: 5 s here
        assertTrue(world.swaps <= 3600 / 5, world.swaps + " swaps");
        // maxWait, then what runs ends (3 s), the stop (0.75 s) and the load (15 s) at their longest
        Duration bound = Duration.ofSeconds(30).plusMillis(18_750);
        assertTrue(world.longestWait().compareTo(bound) <= 0, "waited " + world.longestWait());
        assertEquals(List.of(), world.broken);
    }

    @Test
    void aSteadyStreamForOneModelCannotStarveAnother() {
        ClosedLoop world = new ClosedLoop(
                1,
                Rules.models("a", "b")
                        .budget("a", Duration.ofMinutes(1))
                        .budget("b", Duration.ofMinutes(1))
                        .maxWait(Duration.ofSeconds(5))
                        .policy(),
                new ClosedLoop.Pace(
                        Duration.ofSeconds(30), Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ZERO));
        for (int i = 0; i < 8; i++) {
            world.client("a");
        }
        world.client("b").run(Duration.ofMinutes(20));
        assertTrue(world.answers.getOrDefault("b", 0) >= 10, world.answers.toString());
        assertFalse(
                world.longestWait().compareTo(Duration.ofSeconds(5 + 2 + 1 + 45 + 45)) > 0,
                world.longestWait().toString());
    }
}
