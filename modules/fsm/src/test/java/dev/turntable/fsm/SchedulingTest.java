package dev.turntable.fsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Decision;
import dev.turntable.event.ModelId;
import dev.turntable.event.Reason;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.ShedReason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who is served, who joins, who waits and who makes others leave (llama-swap §5.3, §10.K). */
class SchedulingTest {
    @Test
    void aReadyModelServesWithoutASwap() {
        Scene s = Scene.of(Rules.models("a")).idle("a");
        s.forget();
        RequestId r = s.ask("a");
        s.assertServed(r);
        assertEquals(List.of(new Decision.RequestAdmitted(r, s.run("a").id(), 0)), s.last());
    }

    @Test
    void threeRequestsForAStoppedModelShareOneStart() {
        Scene s = Scene.of(Rules.models("a"));
        RequestId x = s.ask("a");
        RequestId y = s.ask("a");
        s.spawned("a");
        RequestId z = s.ask("a");
        assertEquals("a:starting", s.running());
        s.ready("a");
        s.assertServed(x, y, z);
        assertEquals("a", s.starts());
    }

    @Test
    void aFailingStartGivesEveryoneWhoWaitsTheError() {
        Scene s = Scene.of(Rules.models("a"));
        RequestId x = s.ask("a");
        RequestId y = s.ask("a");
        s.spawned("a");
        s.exited("a");
        s.assertShed(x, ShedReason.START_FAILED, "upstream command exited prematurely: exit code 0");
        s.assertShed(y, ShedReason.START_FAILED, "upstream command exited prematurely: exit code 0");
        assertEquals("", s.running());
    }

    @Test
    void aSwapWaitsForBothRequestsOfTheModelItEvicts() {
        Scene s = Scene.of(Rules.models("a", "b"));
        RequestId x = s.busy("a");
        RequestId y = s.ask("a");
        s.pass(Duration.ofSeconds(1));
        RequestId b = s.ask("b");
        assertEquals(List.of(new Decision.RequestQueued(b, new ModelId("b"), 1, List.of(new ModelId("a")))), s.last());
        s.finish(x);
        s.assertQueued(b);
        s.finish(y);
        assertTrue(s.isJoined(b));
        assertEquals("a:stopping", s.running());
        s.exited("a");
        assertEquals("b:starting", s.running());
        s.ready("b");
        s.assertServed(b);
    }

    @Test
    void requestsAreCollatedByModel() {
        Scene s = Scene.of(Rules.models("a", "b", "c"));
        RequestId a = s.busy("a");
        s.pass(Duration.ofSeconds(5));
        RequestId b1 = s.ask("b");
        RequestId c1 = s.ask("c");
        RequestId a2 = s.ask("a");
        RequestId b2 = s.ask("b");
        RequestId c2 = s.ask("c");
        s.assertServed(a, a2);
        s.finish(a);
        s.finish(a2);
        s.exited("a");
        s.ready("b");
        s.assertServed(b1, b2);
        s.pass(Duration.ofSeconds(1));
        s.finish(b1);
        s.finish(b2);
        s.exited("b");
        s.ready("c");
        s.assertServed(c1, c2);
        assertEquals("a b c", s.starts());
    }

    @Test
    void modelsThatRunSideBySideLoadInParallel() {
        Scene s = Scene.of(Rules.models("a", "b").together());
        s.ask("a");
        s.ask("b");
        assertEquals("a:starting b:starting", s.running());
    }

    @Test
    void twoColdModelsInTheSameMillisecondAreLoadedOneAfterTheOther() {
        Scene s = Scene.of(Rules.models("a", "b"));
        RequestId a = s.ask("a");
        RequestId b = s.ask("b");
        s.assertQueued(b);
        assertEquals("a:starting", s.running());
        s.ready("a");
        s.assertServed(a);
        s.assertQueued(b);
        s.pass(Duration.ofSeconds(1));
        s.finish(a);
        assertEquals("a:stopping", s.running());
    }

    @Test
    void siblingsAreSerialisedBeforeEitherHasAProcess() {
        Scene s = Scene.of(Rules.models("a", "b", "c").group("g", true, false, false, "a", "b"));
        s.idle("c");
        s.ask("a");
        RequestId b = s.ask("b");
        s.assertQueued(b);
    }

    @Test
    void ofTwoTargetsThatMustEvictTheSameModelTheSecondWaits() {
        Scene s = Scene.of(Rules.models("x", "a", "b")
                .group("gx", true, false, false, "x")
                .group("ga", false, true, true, "a")
                .group("gb", false, true, true, "b"));
        s.idle("x");
        RequestId a = s.ask("a");
        assertTrue(s.isJoined(a));
        RequestId b = s.ask("b");
        s.assertQueued(b);
        s.exited("x");
        s.ready("a");
        assertTrue(s.isJoined(b));
        assertEquals("a:ready b:starting", s.running());
    }

    @Test
    void oneSwapThatEndsMayUnblockTwoModels() {
        Scene s = Scene.of(Rules.models("x", "a", "b")
                .group("gx", true, true, false, "x")
                .group("gab", false, true, false, "a", "b"));
        RequestId x = s.ask("x");
        RequestId a = s.ask("a");
        RequestId b = s.ask("b");
        s.assertQueued(a, b);
        s.ready("x");
        s.pass(Duration.ofSeconds(1));
        s.finish(x);
        assertTrue(s.isJoined(a));
        s.exited("x");
        assertTrue(s.isJoined(b) || s.isQueued(b));
        s.ready("a");
        assertTrue(s.isJoined(b));
        assertEquals("a:ready b:starting", s.running());
    }

    @Test
    void theQueueIsOrderedByPriorityThenArrival() {
        Scene s = Scene.of(Rules.models("hold", "a", "b", "c", "d", "low")
                .priority("a", 10)
                .priority("b", 5)
                .priority("c", 5)
                .priority("low", -1));
        s.busy("hold");
        List.of("low", "b", "d", "c", "a").forEach(s::ask);
        assertEquals("a b c d low", s.queue());
        assertEquals(1, s.last(Decision.RequestQueued.class).getFirst().position());
        assertEquals(Optional.of(5), s.yard().position(new RequestId(2)));
    }

    @Test
    void aBlockedEntryDoesNotBlockLaterOnes() {
        Scene s = Scene.of(Rules.models("a", "b", "c")
                .group("ab", true, false, false, "a", "b")
                .group("c", true, false, false, "c"));
        s.busy("a");
        s.assertQueued(s.ask("b"));
        RequestId c = s.ask("c");
        assertTrue(s.isJoined(c));
    }

    @Test
    void aQueuedClientThatLeavesIsForgotten() {
        Scene s = Scene.of(Rules.models("a", "b"));
        RequestId a = s.busy("a");
        RequestId b = s.ask("b");
        s.leave(b);
        s.finish(b);
        s.pass(Duration.ofSeconds(1));
        s.finish(a);
        assertEquals("a:ready", s.running());
        assertEquals("a", s.starts());
    }

    @Test
    void aWaiterOfARunningStartThatLeavesHurtsNobody() {
        Scene s = Scene.of(Rules.models("a"));
        RequestId x = s.ask("a");
        RequestId y = s.ask("a");
        s.leave(x);
        s.ready("a");
        s.assertServed(y);
        assertEquals(1, s.run("a").leases());
    }

    @Test
    void aSwapWhoseLastWaiterLeftStillCompletes() {
        Scene s = Scene.of(Rules.models("a"));
        RequestId x = s.ask("a");
        s.leave(x);
        s.finish(x);
        s.ready("a");
        assertEquals("a:ready", s.running());
        assertEquals(0, s.run("a").leases());
    }

    @Test
    void aClientThatLeftBetweenGrantAndServiceLeaksNothing() {
        Scene s = Scene.of(Rules.models("a", "b"));
        RequestId x = s.ask("a");
        s.ready("a");
        s.leave(x);
        s.assertServed(x);
        s.finish(x);
        assertEquals(0, s.run("a").leases());
        s.ask("b");
        assertEquals("a:stopping", s.running());
    }

    @Test
    void theEleventhRequestIsRefusedByDefault() {
        Scene s = Scene.of(Rules.models("a")).idle("a");
        for (int i = 0; i < 10; i++) {
            s.assertServed(s.ask("a"));
        }
        RequestId r = s.ask("a");
        s.assertShed(r, ShedReason.CONCURRENCY_LIMIT, "Too many requests");
        assertEquals(Optional.of(Duration.ofSeconds(1)), s.shed(r).retryAfter());
        s.finish(new RequestId(2));
        s.assertServed(s.ask("a"));
    }

    @Test
    void waitingForTheStartTakesASlot() {
        Scene s = Scene.of(Rules.models("a").limit("a", 2));
        s.ask("a");
        s.ask("a");
        s.assertShed(s.ask("a"), ShedReason.CONCURRENCY_LIMIT, "Too many requests");
    }

    @Test
    void aCancelledQueuedRequestFreesItsSlot() {
        Scene s = Scene.of(Rules.models("a", "b").limit("b", 1));
        s.busy("a");
        RequestId b = s.ask("b");
        s.assertShed(s.ask("b"), ShedReason.CONCURRENCY_LIMIT, "Too many requests");
        s.leave(b);
        s.assertQueued(s.ask("b"));
    }

    @Test
    void aRefusedRequestTakesNoSlot() {
        Scene s = Scene.of(Rules.models("a").limit("a", 1));
        RequestId x = s.ask("a");
        RequestId y = s.ask("a");
        s.finish(y);
        assertEquals(1, s.yard().berth(new ModelId("a")).orElseThrow().reserved());
        s.ready("a");
        s.finish(x);
        assertEquals(0, s.yard().berth(new ModelId("a")).orElseThrow().reserved());
    }

    @Test
    void aFullQueueRefuses() {
        Scene s = Scene.of(Rules.models("a", "b").queueLimit(1));
        s.busy("a");
        s.assertQueued(s.ask("b"));
        RequestId r = s.ask("b");
        s.assertShed(r, ShedReason.QUEUE_FULL, "too many requests are waiting");
    }

    @Test
    void anUnknownModelIsRefusedAndLeavesTheRunningOneAlone() {
        Scene s = Scene.of(Rules.models("a")).idle("a");
        s.assertShed(s.ask("zzz"), ShedReason.UNKNOWN_MODEL, "no local server found for requested model");
        assertEquals("a:ready", s.running());
    }

    @Test
    void peersAreRecordedWithoutADecisionAndUnknownNamesAreRefused() {
        Scene s = Scene.of(Rules.models("a"));
        RequestId p = s.ask("theirs", Optional.empty(), Route.PEER);
        assertEquals(List.of(), s.last());
        RequestId n = s.ask("nobody", Optional.empty(), Route.NOWHERE);
        s.assertShed(n, ShedReason.UNKNOWN_MODEL, "no router for requested model");
        s.finish(p);
        s.finish(n);
        assertEquals(List.of(), s.yard().requests());
    }

    @Test
    void aRequestForTheModelBeingEvictedWaits() {
        Scene s = Scene.of(Rules.models("a", "b")).idle("a");
        s.seconds(1);
        RequestId b = s.ask("b");
        assertEquals("a:stopping", s.running());
        RequestId a = s.ask("a");
        s.assertQueued(a);
        s.exited("a");
        s.ready("b");
        s.assertServed(b);
        s.assertQueued(a);
        s.seconds(1);
        s.finish(b);
        s.exited("b");
        s.ready("a");
        s.assertServed(a);
    }

    @Test
    void aLoadingModelIsNeverEvicted() {
        Scene s = Scene.of(Rules.models("a", "b"));
        RequestId a = s.ask("a");
        s.spawned("a");
        s.ask("b");
        s.leave(a);
        s.finish(a);
        assertEquals("a:starting", s.running());
        assertEquals(List.of(), s.all(Decision.StopOrdered.class));
    }

    @Test
    void aModelLoadedButNotYetForwardedToIsNeverEvicted() {
        Scene s = Scene.of(Rules.models("a", "b"));
        RequestId a = s.ask("a");
        s.ready("a");
        s.assertServed(a);
        s.assertQueued(s.ask("b"));
        assertEquals("a:ready", s.running());
    }

    @Test
    void aFailedStartHasAlreadyEvictedTheOldModel() {
        Scene s = Scene.of(Rules.models("a", "b")).idle("a");
        RequestId b = s.ask("b");
        s.exited("a");
        s.exited("b");
        s.assertShed(b, ShedReason.START_FAILED, "upstream command exited prematurely: exit code 0");
        assertEquals("", s.running());
        s.ask("a");
        assertEquals("a:starting", s.running());
    }

    @Test
    void afterAFailedStartTheQueueGoesOn() {
        Scene s = Scene.of(Rules.models("a", "b"));
        s.ask("a");
        RequestId b = s.ask("b");
        s.exited("a");
        assertTrue(s.isJoined(b));
        assertEquals("b:starting", s.running());
    }

    @Test
    void aSwapSaysWhoLeavesAndWhy() {
        Scene s = Scene.of(Rules.models("a", "b")).idle("a");
        s.ask("b");
        Decision.SwapStarted swap = s.last(Decision.SwapStarted.class).getFirst();
        assertEquals(Rules.ids("a"), swap.evict().stream().map(r -> r.model()).toList());
        assertEquals(Reason.REQUESTED, swap.reason());
        assertEquals("group", swap.router());
        Decision.StopOrdered stop = s.last(Decision.StopOrdered.class).getFirst();
        assertEquals(Reason.EVICTED, stop.reason());
        assertEquals(Duration.ofSeconds(5), stop.grace());
    }

    @Test
    void aSwapTellsHowLongItsPhasesTook() {
        Scene s = Scene.of(Rules.models("a", "b"));
        RequestId a = s.busy("a");
        s.seconds(1);
        s.ask("b");
        s.seconds(2);
        s.finish(a);
        s.seconds(0.3);
        s.exited("a");
        s.seconds(0.7);
        s.ready("b");
        Decision.SwapFinished swap = s.last(Decision.SwapFinished.class).getFirst();
        assertEquals(Duration.ofSeconds(2), swap.drain());
        assertEquals(Duration.ofMillis(300), swap.stop());
        assertEquals(Duration.ofMillis(700), swap.start());
    }

    @Test
    void aStoppingModelThatIsAskedForAgainGetsAFreshProcess() {
        Scene s = Scene.of(Rules.models("a")).idle("a");
        var old = s.run("a").id();
        s.unload("a");
        RequestId r = s.ask("a");
        assertTrue(s.isJoined(r));
        assertEquals("a:stopping", s.running());
        s.exited(old);
        assertEquals("a:starting", s.running());
        assertFalse(s.run("a").id().equals(old));
        s.ready("a");
        s.assertServed(r);
    }

    @Test
    void wouldEvictAsksWithoutChangingAnything() {
        Scene s = Scene.of(Rules.models("a", "b", "c").group("side", false, false, false, "c"));
        s.idle("a").idle("c");
        assertEquals(Rules.ids("a", "c"), Core.wouldEvict(s.yard(), new ModelId("b")));
        assertEquals(List.of(), Core.wouldEvict(s.yard(), new ModelId("c")));
        assertEquals(List.of(), Core.wouldEvict(s.yard(), new ModelId("nobody")));
    }

    @Test
    void twoModelsWithTheSamePortNeverRunTogether() {
        Scene s = Scene.of(Rules.models("a", "b").together().port("a", 9000).port("b", 9000))
                .idle("a");
        s.ask("b");
        assertEquals("a:stopping", s.running());
        s.exited("a");
        assertEquals("b:starting", s.running());
    }
}
