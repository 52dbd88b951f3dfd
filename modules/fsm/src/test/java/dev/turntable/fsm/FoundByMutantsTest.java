package dev.turntable.fsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Actor;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Policy;
import dev.turntable.event.ProcessState;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.RunId;
import dev.turntable.event.ShedReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What mutants showed that no other test would have noticed. */
class FoundByMutantsTest {
    @Test
    void twoSwapsThatWaitForDifferentProcessesDoNotBlockEachOther() {
        Scene s = Scene.of(Rules.models("a", "b", "c", "d")
                .group("g", true, false, false, "a", "b")
                .group("h", true, false, false, "c", "d"));
        s.idle("a").idle("c");
        s.seconds(1);
        RequestId b = s.ask("b");
        RequestId d = s.ask("d");
        assertTrue(s.isJoined(b));
        assertTrue(s.isJoined(d));
        assertEquals("a:stopping c:stopping", s.running());
    }

    @Test
    void everyQueuedRequestOfTheModelJoinsItsSwapAtOnce() {
        Scene s = Scene.of(Rules.models("a", "b"));
        RequestId a = s.busy("a");
        s.seconds(1);
        RequestId one = s.ask("b");
        RequestId two = s.ask("b");
        s.finish(a);
        assertTrue(s.isJoined(one));
        assertTrue(s.isJoined(two));
        assertEquals(2, s.yard().swaps().getFirst().joined().size());
    }

    @Test
    void aSwapMovesAlongWhenTheClockIsSetForward() {
        Scene s = Scene.of(Rules.models("a"));
        s.ask("a");
        Swap before = s.yard().swaps().getFirst();
        s.fact(new Fact.ClockStepped(Duration.ofHours(1)));
        Swap after = s.yard().swaps().getFirst();
        assertEquals(before.shifted(Duration.ofHours(1)), after);
        assertEquals(before.started().plusSeconds(3600), after.started());
        assertEquals(before.asked().plusSeconds(3600), after.asked());
        assertEquals(
                before.cleared().orElseThrow().plusSeconds(3600),
                after.cleared().orElseThrow());
        assertEquals(
                before.startOrdered().orElseThrow().plusSeconds(3600),
                after.startOrdered().orElseThrow());
    }

    @Test
    void aRefusalSaysInWhatStateItWas() {
        Scene s = Scene.of(Rules.models("a")).idle("a");
        s.fact(new Fact.ProcessSpawned(s.run("a").id(), 1, 2, 3, OptionalInt.empty(), "h"));
        assertEquals(
                List.of(new Decision.TransitionRefused(
                        Optional.of(s.run("a").id()), ProcessState.READY, "process.spawned")),
                s.last());
    }

    private record Odd(Object value) {}

    private static String hash(Object value) {
        return StateHash.of(new Odd(value));
    }

    @Test
    void everyValueCountsInTheHash() {
        assertNotEquals(hash(Duration.ofSeconds(1)), hash(Duration.ofSeconds(2)));
        assertNotEquals(hash(Instant.ofEpochSecond(1)), hash(Instant.ofEpochSecond(2)));
        assertNotEquals(hash(Instant.ofEpochSecond(1, 1)), hash(Instant.ofEpochSecond(1, 2)));
        assertNotEquals(hash(Optional.of("x")), hash(Optional.of("y")));
        assertNotEquals(hash(OptionalInt.of(1)), hash(OptionalInt.of(2)));
        assertNotEquals(hash(OptionalInt.empty()), hash(OptionalInt.of(0)));
        assertNotEquals(hash(List.of("a")), hash(List.of("b")));
        assertNotEquals(hash(1L), hash(2L));
    }

    @Test
    void aLongValueIsHashedToItsEnd() {
        List<Long> one = LongStream.range(0, 300).boxed().toList();
        List<Long> other =
                LongStream.range(0, 300).map(n -> n == 299 ? 0 : n).boxed().toList();
        assertEquals(hash(one), hash(List.copyOf(one)));
        assertNotEquals(hash(one), hash(other));
    }

    @Test
    void aRunMovesAlongWhenTheClockIsSetForward() {
        Scene s = Scene.of(Rules.models("a", "b"));
        s.ask("a");
        s.ready("a", Duration.ofMillis(80));
        s.ask("b");
        s.finish(new RequestId(1));
        Run lingering = s.run("a");
        s.fact(new Fact.ClockStepped(Duration.ofHours(1)));
        Run moved = s.run("a");
        assertEquals(
                lingering.loaded().ready().orElseThrow().plusSeconds(3600),
                moved.loaded().ready().orElseThrow());
        assertEquals(
                lingering.idle().lingerUntil().orElseThrow().plusSeconds(3600),
                moved.idle().lingerUntil().orElseThrow());
        s.unload("a");
        Stop stop = s.run("a").stop().orElseThrow();
        s.fact(new Fact.ClockStepped(Duration.ofHours(1)));
        assertEquals(
                new Stop(
                        stop.reason(),
                        stop.ordered().plusSeconds(3600),
                        stop.killAt().plusSeconds(3600),
                        stop.killed()),
                s.run("a").stop().orElseThrow());
    }

    @Test
    void whoWaitsMovesAlongWhenTheClockIsSetForward() {
        Scene s = Scene.of(Rules.models("a", "b"));
        s.busy("a");
        s.ask("b");
        Instant since = s.yard().queue().getFirst().since();
        s.fact(new Fact.ClockStepped(Duration.ofHours(1)));
        assertEquals(since.plusSeconds(3600), s.yard().queue().getFirst().since());
        assertEquals(Optional.of(since.plusSeconds(3630)), s.yard().nextWake());
    }

    @Test
    void whileTheServerEndsARefusalSaysShutdown() {
        Scene s = Scene.of(Rules.models("a"));
        s.fact(new Fact.ServerStopping("TERM", Optional.of(Duration.ofSeconds(40))));
        s.fact(new Fact.ServerDrained(Duration.ofSeconds(5)));
        RunId nobody = new RunId(new ModelId("a"), 9);
        s.fact(new Fact.ProcessExited(nobody, 0, OptionalInt.empty(), 0));
        assertEquals(
                List.of(new Decision.TransitionRefused(Optional.of(nobody), ProcessState.SHUTDOWN, "process.exited")),
                s.last());
    }

    @Test
    void thePauseBeginsAtTheThirdFailureAndDoublesUpToItsBound() {
        var backoff = new Policy.Backoff(3, Duration.ofSeconds(1), Duration.ofSeconds(60));
        assertEquals(Optional.empty(), Scheduler.pause(backoff, 2));
        assertEquals(Optional.of(Duration.ofSeconds(1)), Scheduler.pause(backoff, 3));
        assertEquals(Optional.of(Duration.ofSeconds(2)), Scheduler.pause(backoff, 4));
        assertEquals(Optional.of(Duration.ofSeconds(32)), Scheduler.pause(backoff, 8));
        assertEquals(Optional.of(Duration.ofSeconds(60)), Scheduler.pause(backoff, 9));
        assertEquals(Optional.of(Duration.ofSeconds(60)), Scheduler.pause(backoff, 1_000));
    }

    @Test
    void aLaunchIsRememberedAndASecondOneChangesNothing() {
        Scene s = Scene.of(Rules.models("a"));
        s.ask("a");
        RunId run = s.run("a").id();
        s.fact(new Fact.ProcessSpawned(run, 41, 42, 43, OptionalInt.of(9), "h"));
        Optional<Child> child = Optional.of(new Child(41, 42, 43, OptionalInt.of(9), "h"));
        assertEquals(child, s.run("a").child());
        s.fact(new Fact.ProcessSpawned(run, 51, 52, 53, OptionalInt.empty(), "x"));
        assertEquals(child, s.run("a").child());
    }

    @Test
    void aLingerThatNobodyWaitsForAnyMoreEndsAllTheSame() {
        Scene s = Scene.of(Rules.models("a", "b"));
        RequestId a = s.ask("a");
        s.ready("a", Duration.ofMillis(80));
        RequestId b = s.ask("b");
        s.finish(a);
        s.leave(b);
        Run run = s.run("a");
        s.millis(10);
        assertTrue(run.idle().lingerUntil().isPresent());
        assertEquals(Optional.empty(), s.run("a").idle().lingerUntil());
        assertEquals("a:ready", s.running());
    }

    @Test
    void openRequestsMoveAlongWhenTheClockIsSetForward() {
        Scene s = Scene.of(Rules.models("a"));
        s.ask("a");
        s.fact(new Fact.ClockStepped(Duration.ofHours(1)));
        assertEquals(s.now().plusSeconds(3600), s.yard().requests().getFirst().arrived());
    }

    @Test
    void aPauseMovesAlongWhenTheClockIsSetForward() {
        Scene s = Scene.of(Rules.models("a").backoff(1, Duration.ofSeconds(5), Duration.ofSeconds(60)));
        s.ask("a");
        s.fact(new Fact.SpawnFailed(s.run("a").id(), "no such program"));
        s.fact(new Fact.ClockStepped(Duration.ofHours(1)));
        assertEquals(
                Optional.of(s.now().plusSeconds(3605)),
                s.yard().berths().getFirst().backoff());
    }

    @Test
    void preloadsAndWishesHaveThePriorityOfTheirModel() {
        Scene s = Scene.of(Rules.models("a", "b", "vip").priority("vip", 9));
        s.busy("a");
        s.seconds(1);
        s.ask("b");
        s.load("vip");
        assertEquals("vip b", s.queue());
        RequestId preload = s.ask("vip", Optional.empty(), Route.PRELOAD);
        assertEquals(9, s.yard().request(preload).orElseThrow().priority());
        RequestId peer = s.ask("vip", Optional.empty(), Route.PEER);
        assertEquals(0, s.yard().request(peer).orElseThrow().priority());
    }

    @Test
    void theEndOfAProcessNobodyAwaitsTouchesNoSwap() {
        Scene s = Scene.of(Rules.models("a", "b").together());
        s.idle("a");
        s.ask("b");
        Swap swap = s.yard().swaps().getFirst();
        s.seconds(1);
        s.exited("a");
        assertEquals(swap, s.yard().swaps().getFirst());
    }

    @Test
    void aHoldCancelsASwapThatHasNotStartedAnything() {
        Scene s = Scene.of(Rules.models("a", "b"));
        s.idle("a");
        s.seconds(1);
        RequestId b = s.ask("b");
        s.fact(new Fact.HoldPlaced(Actor.OPERATOR, ""));
        s.assertShed(b, ShedReason.HELD, "held by operator");
        assertEquals(
                Optional.of(new Hold(Actor.OPERATOR, "", s.now())), s.yard().hold());
        s.exited("a");
        assertEquals("", s.running());
        assertEquals(List.of(), s.yard().swaps());
    }

    @Test
    void whoWouldHaveToLeaveIsToldForEveryModelAndNobodyForAnUnknownOne() {
        Scene s = Scene.of(Rules.models("a", "b"));
        s.idle("b");
        assertEquals(Rules.ids("b"), Core.wouldEvict(s.yard(), new ModelId("a")));
        assertEquals(List.of(), Core.wouldEvict(s.yard(), new ModelId("b")));
        assertEquals(List.of(), Core.wouldEvict(s.yard(), new ModelId("nobody")));
    }
}
