package dev.turntable.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.Reason;
import dev.turntable.event.Timer;
import dev.turntable.fsm.Yard;
import dev.turntable.journal.MemoryDisk;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Worlds that are broken on purpose: each of them must set an alarm off, or the silence of the others would mean nothing. */
class AlarmsTest {
    private static final int SEEDS = 25;

    /** Which laws the sabotage breaks in the first worlds. */
    private static Set<Breach.Law> rung(Sabotage sabotage) {
        Set<Breach.Law> laws = EnumSet.noneOf(Breach.Law.class);
        for (long seed = 1; seed <= SEEDS; seed++) {
            new World(Planner.of(seed), Story.UNTOLD, sabotage)
                    .run()
                    .breach()
                    .ifPresent(breach -> laws.add(breach.law()));
        }
        return laws;
    }

    private static void assertRings(Breach.Law law, Sabotage sabotage) {
        Set<Breach.Law> laws = rung(sabotage);
        assertTrue(laws.contains(law), "expected " + law + ", heard " + laws);
    }

    private static Sabotage disobeying(Predicate<Decision> order) {
        return new Sabotage() {
            @Override
            public boolean obeys(Decision decision) {
                return !order.test(decision);
            }
        };
    }

    private static Sabotage hiding(Predicate<Fact> hidden) {
        return new Sabotage() {
            @Override
            public boolean reports(Fact fact) {
                return !hidden.test(fact);
            }
        };
    }

    private static Sabotage withholding(Predicate<Decision> withheld) {
        return new Sabotage() {
            @Override
            public List<Decision> decides(Fact fact, List<Decision> decisions) {
                return decisions.stream().filter(withheld.negate()).toList();
            }
        };
    }

    @Test
    void killsThatAreNotCarriedOut() {
        assertRings(Breach.Law.PROGRESS, disobeying(d -> d instanceof Decision.KillOrdered));
    }

    @Test
    void startsThatAreNotCarriedOut() {
        Set<Breach.Law> laws = rung(disobeying(
                d -> d instanceof Decision.StartOrdered start && start.run().number() % 3 == 0));
        assertTrue(!laws.isEmpty());
    }

    @Test
    void effectsThatDoNotWaitForTheDisk() {
        assertRings(Breach.Law.DURABLE, new Sabotage() {
            @Override
            public boolean waitsForDisk() {
                return false;
            }
        });
    }

    @Test
    void exitsThatAreNotReported() {
        assertRings(
                Breach.Law.PROGRESS,
                hiding(f -> f instanceof Fact.ProcessExited exit && exit.run().number() % 5 == 0));
    }

    @Test
    void endsOfRequestsThatAreNotReported() {
        assertTrue(!rung(hiding(f ->
                        f instanceof Fact.RequestFinished end && end.request().number() % 20 == 0))
                .isEmpty());
    }

    @Test
    void decisionsThatDoNotReachTheRecord() {
        assertTrue(!rung(withholding(d -> d instanceof Decision.SwapFinished)).isEmpty());
        assertTrue(!rung(withholding(d ->
                        d instanceof Decision.RequestAdmitted a && a.request().number() % 10 == 0))
                .isEmpty());
        assertTrue(!rung(withholding(d -> d instanceof Decision.TtlArmed)).isEmpty());
    }

    @Test
    void stopsOfTheServerThatLeaveSomebodyWaitingOrIdle() {
        assertRings(Breach.Law.PROGRESS, new Sabotage() {
            @Override
            public List<Decision> decides(Fact fact, List<Decision> decisions) {
                return fact instanceof Fact.ServerStopping ? List.of() : decisions;
            }
        });
    }

    /** Few worlds are told to stop twice while somebody is there. */
    @Test
    void secondSignalsThatKillNobody() {
        Sabotage deaf = new Sabotage() {
            @Override
            public List<Decision> decides(Fact fact, List<Decision> decisions) {
                return fact instanceof Fact.ServerForced
                        ? decisions.stream()
                                .filter(d -> !(d instanceof Decision.KillOrdered))
                                .toList()
                        : decisions;
            }
        };
        assertTrue(LongStream.rangeClosed(1, 20 * SEEDS)
                .mapToObj(seed -> new World(Planner.of(seed), Story.UNTOLD, deaf).run())
                .flatMap(world -> world.breach().stream())
                .anyMatch(breach -> breach.law() == Breach.Law.PROGRESS));
    }

    @Test
    void turnsThatAreNeverClaimed() {
        assertTrue(!rung(withholding(d -> d instanceof Decision.TurnClaimed)).isEmpty());
    }

    @Test
    void evictionsOfWhoeverServes() {
        assertRings(Breach.Law.CORE, new Sabotage() {
            @Override
            public List<Decision> decides(Fact fact, List<Decision> decisions) {
                return decisions.stream()
                        .map(d -> d instanceof Decision.StopOrdered stop && stop.reason() == Reason.UNLOADED
                                ? new Decision.StopOrdered(stop.run(), Reason.EVICTED, stop.grace())
                                : d)
                        .toList();
            }
        });
    }

    @Test
    void aFailureIsToldWithItsSeedItsLawAndAShortListOfEvents() {
        Sabotage sabotage = disobeying(d -> d instanceof Decision.KillOrdered);
        String text = SeedsTest.run(sabotage, Simulator.BROKEN, "--seed", "1", "--runs", "8", "--threads", "1");
        assertTrue(text.contains("PROGRESS"), text);
        assertTrue(text.contains("the shortest list of events found:"), text);
        long seed = text.lines()
                .filter(l -> l.contains("BROKEN"))
                .mapToLong(l -> Long.parseLong(l.split(" ")[1]))
                .findFirst()
                .orElseThrow();
        Plan whole = Planner.of(seed);
        Breach breach = new World(whole, Story.UNTOLD, sabotage).run().breach().orElseThrow();
        Plan small = Shrinker.shrink(whole, breach, sabotage);
        assertTrue(small.size() * 10 < whole.size(), small.size() + " of " + whole.size());
        assertEquals(
                breach.law(),
                new World(small, Story.UNTOLD, sabotage)
                        .run()
                        .breach()
                        .orElseThrow()
                        .law());
        String story = SeedsTest.run(sabotage, Simulator.BROKEN, "--seed", String.valueOf(seed), "--replay");
        assertTrue(story.contains("kill.ordered"), story);
        assertTrue(story.contains("!! PROGRESS"), story);
    }

    @Test
    void aServerThatBeginsWithAnotherStateThanThatOfTheRecordIsNoticed() {
        MemoryDisk disk = SeedsTest.world(1).disk();
        assertEquals(
                Optional.empty(),
                Audit.of(disk, List.of(new Watch.Opening(0, Yard.empty())), Optional.empty())
                        .breach());
        Breach breach = Audit.of(disk, List.of(new Watch.Opening(10, Yard.empty())), Optional.empty())
                .breach()
                .orElseThrow();
        assertEquals(Breach.Law.AGAIN, breach.law());
        assertEquals(10, breach.seq());
    }

    @Test
    void timersThatAreIgnoredAreNoticed() {
        assertTrue(!rung(new Sabotage() {
                    @Override
                    public List<Decision> decides(Fact fact, List<Decision> decisions) {
                        return fact instanceof Fact.TimerFired f && f.timer() instanceof Timer.StartDeadline
                                ? List.of()
                                : decisions;
                    }
                })
                .isEmpty());
    }
}
