package dev.turntable.fsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Actor;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.ProcessState;
import dev.turntable.event.Reason;
import dev.turntable.event.RequestId;
import dev.turntable.event.ShedReason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Unload, load, hold, profiles, the end of the server (llama-swap §5.6, §1.3; docs/state-machine.md). */
class OperatorsTest {
    private static final ModelId B = new ModelId("b");

    @Test
    void unloadStopsWithoutWaitingForRunningRequests() {
        Scene s = Scene.of(Rules.models("a"));
        RequestId r = s.busy("a");
        s.unload("a");
        assertEquals("a:stopping", s.running());
        s.assertServed(r);
        s.finish(r);
        s.exited("a");
        assertEquals("", s.running());
    }

    @Test
    void unloadOfAQueuedModelErrsItsRequestsOnly() {
        Scene s = Scene.of(Rules.models("a", "b", "c"));
        RequestId a = s.busy("a");
        RequestId b = s.ask("b");
        RequestId c = s.ask("c");
        s.unload("b");
        s.assertShed(b, ShedReason.UNLOADED, "group: model unloaded");
        s.assertServed(a);
        s.assertQueued(c);
    }

    @Test
    void theMatrixNamesItselfInTheUnloadError() {
        Scene s = Scene.of(Rules.models("a").set("s", Rules.expr("a")));
        RequestId a = s.ask("a");
        s.unload("a");
        s.assertShed(a, ShedReason.UNLOADED, "matrix: model unloaded");
    }

    @Test
    void unloadOfTheBusyModelLetsTheQueueGoOn() {
        Scene s = Scene.of(Rules.models("a", "b"));
        s.busy("a");
        RequestId b = s.ask("b");
        s.unload("a");
        assertTrue(s.isJoined(b));
        assertEquals("a:stopping", s.running());
        s.exited("a");
        assertEquals("b:starting", s.running());
    }

    @Test
    void unloadWhileItsSwapWaitsForEvictionsLoadsNothing() {
        Scene s = Scene.of(Rules.models("a", "b")).idle("a");
        RequestId b = s.ask("b");
        s.unload("b");
        s.assertShed(b, ShedReason.UNLOADED, "group: model unloaded");
        assertEquals(
                Reason.UNLOADED, s.last(Decision.SwapCancelled.class).getFirst().reason());
        s.exited("a");
        assertEquals("", s.running());
        assertEquals("a", s.starts());
    }

    @Test
    void unloadOfNothingIsFine() {
        Scene s = Scene.of(Rules.models("a"));
        assertEquals(List.of(), s.unload());
        assertEquals(List.of(), s.unload("a"));
        assertEquals(List.of(), s.unload("nobody"));
    }

    @Test
    void repeatedUnloadsAreOne() {
        Scene s = Scene.of(Rules.models("a")).idle("a");
        s.unload("a");
        assertEquals(List.of(), s.unload("a"));
        assertEquals(List.of(), s.unload());
    }

    @Test
    void unloadAllGoesByUnloadTimeoutSmallestFirst() {
        Scene s = Scene.of(Rules.models("slow", "fast", "quick")
                .together()
                .grace("slow", Duration.ofSeconds(60))
                .grace("fast", Duration.ofSeconds(1))
                .grace("quick", Duration.ofSeconds(1)));
        s.idle("slow").idle("fast").idle("quick");
        s.unload();
        assertEquals("fast:stopping quick:stopping slow:ready", s.running());
        RequestId r = s.ask("slow");
        s.assertQueued(r); // its turn to be unloaded comes: nobody is let in any more
        s.exited("fast");
        assertEquals("quick:stopping slow:ready", s.running());
        s.exited("quick");
        assertEquals("slow:stopping", s.running());
        assertEquals(
                Duration.ofSeconds(60),
                s.last(Decision.StopOrdered.class).getFirst().grace());
        assertTrue(s.isJoined(r));
        s.exited("slow");
        assertEquals("slow:starting", s.running());
    }

    @Test
    void unloadAllCancelsStartsAndErrsEverybodyWhoWaits() {
        Scene s = Scene.of(Rules.models("a", "b", "c"));
        RequestId a = s.ask("a");
        RequestId b = s.ask("b");
        s.load("c");
        s.unload();
        s.assertShed(a, ShedReason.UNLOADED, "group: model unloaded");
        s.assertShed(b, ShedReason.UNLOADED, "group: model unloaded");
        assertEquals(1, s.last(Decision.LoadDropped.class).size());
        assertEquals("", s.queue());
        s.exited("a");
        assertEquals("", s.running());
    }

    @Test
    void aModelInALaterBucketThatCrashesNeedsNoStop() {
        Scene s = Scene.of(Rules.models("a", "b").together().grace("a", Duration.ofSeconds(1)));
        s.idle("a").idle("b");
        s.unload();
        s.exited("b");
        s.exited("a");
        assertEquals("", s.running());
        assertEquals(1, s.all(Decision.StopOrdered.class).size());
    }

    @Test
    void unloadWithTimeoutZeroKillsAtOnce() {
        Scene s = Scene.of(Rules.models("a").grace("a", Duration.ZERO)).idle("a");
        s.unload("a");
        s.millis(0);
        assertEquals(1, s.all(Decision.KillOrdered.class).size());
    }

    @Test
    void anOperatorsLoadEvictsLikeARequestAndYieldsToNobodyServing() {
        Scene s = Scene.of(Rules.models("a", "b"));
        RequestId a = s.busy("a");
        s.seconds(1);
        s.load("b");
        assertEquals(List.of(new Decision.LoadQueued(B, Actor.OPERATOR, Rules.ids("a"))), s.last());
        assertEquals(List.of(), s.load("b"));
        s.finish(a);
        assertEquals(
                Reason.OPERATOR, s.last(Decision.SwapStarted.class).getFirst().reason());
        assertEquals("", s.queue());
        s.exited("a");
        s.ready("b");
        assertEquals("b:ready", s.running());
    }

    @Test
    void aLoadOfAModelThatIsThereOrOnItsWayChangesNothing() {
        Scene s = Scene.of(Rules.models("a"));
        s.load("a");
        assertEquals("a:starting", s.running());
        assertEquals(List.of(), s.load("a"));
        s.ready("a");
        assertEquals(List.of(), s.load("a"));
    }

    @Test
    void aLoadOfAnUnknownModelIsRefused() {
        Scene s = Scene.of(Rules.models("a"));
        s.load("nobody");
        assertEquals(
                List.of(new Decision.TransitionRefused(Optional.empty(), ProcessState.STOPPED, "load.asked")),
                s.last());
    }

    @Test
    void aWishIsFulfilledByARequestsSwap() {
        Scene s = Scene.of(Rules.models("a", "b"));
        RequestId a = s.busy("a");
        s.seconds(1);
        RequestId b = s.ask("b");
        s.load("b");
        s.finish(a);
        assertTrue(s.isJoined(b));
        assertEquals("", s.queue());
    }

    // Hold

    private static Scene held(Scene s) {
        s.fact(new Fact.HoldPlaced(Actor.OPERATOR, "training"));
        return s;
    }

    @Test
    void aHoldDrainsStopsAndStartsNothing() {
        Scene s = Scene.of(Rules.models("a", "b", "c", "d").together());
        RequestId a = s.busy("a");
        s.idle("b");
        RequestId c = s.ask("c");
        held(s);
        assertEquals("a:ready b:stopping c:starting", s.running());
        s.assertShed(c, ShedReason.HELD, "held by operator: training");
        s.assertServed(a);
        s.assertShed(s.ask("a"), ShedReason.HELD, "held by operator: training");
        s.assertShed(s.ask("d"), ShedReason.HELD, "held by operator: training");
        s.finish(a);
        assertEquals("a:stopping b:stopping c:starting", s.running());
        s.exited("a");
        s.exited("b");
        s.exited("c");
        assertEquals("", s.running());
    }

    @Test
    void aHoldThatIsLiftedLetsARunThatStillServesGoOn() {
        Scene s = Scene.of(Rules.models("a"));
        RequestId a = s.busy("a");
        held(s);
        s.fact(new Fact.HoldLifted(Actor.OPERATOR));
        s.assertServed(s.ask("a"));
        s.finish(a);
        assertEquals("a:ready", s.running());
    }

    @Test
    void whoWaitsIsToldOfTheHoldAndAWishWaitsForItsEnd() {
        Scene s = Scene.of(Rules.models("a", "b"));
        RequestId a = s.busy("a");
        RequestId b = s.ask("b");
        held(s);
        s.assertShed(b, ShedReason.HELD, "held by operator: training");
        s.load("b");
        s.finish(a);
        s.exited("a");
        assertEquals("", s.running());
        s.fact(new Fact.HoldLifted(Actor.OPERATOR));
        assertEquals("b:starting", s.running());
    }

    @Test
    void aHoldWithoutANoteIsToldWithoutOne() {
        Scene s = Scene.of(Rules.models("a"));
        s.fact(new Fact.HoldPlaced(Actor.operator("ci"), ""));
        s.assertShed(s.ask("a"), ShedReason.HELD, "held by operator:ci");
    }

    // Old-style profiles

    private static Rules profiles() {
        return Rules.models("a", "b", "c").profile("p", "a", "b").profile("q", "b", "c");
    }

    @Test
    void rule5ModelsOfAProfileLoadSideBySide() {
        Scene s = Scene.of(profiles());
        RequestId a = s.askIn("p", "a");
        RequestId b = s.askIn("p", "b");
        assertTrue(s.isJoined(a));
        assertTrue(s.isJoined(b));
        assertEquals("a:starting b:starting", s.running());
        s.ready("a");
        s.ready("b");
        s.assertServed(s.askIn("p", "a"), s.askIn("p", "b"));
    }

    @Test
    void rule5AModelThatIsNotInTheProfileIsRefusedBeforeAnythingIsSwapped() {
        Scene s = Scene.of(profiles()).idle("a");
        s.assertShed(
                s.askIn("p", "c"), ShedReason.NOT_IN_PROFILE, "unable to swap to model, model c part of profile p");
        s.assertShed(
                s.askIn("nope", "c"), ShedReason.NOT_IN_PROFILE, "unable to swap to model, model group not found nope");
        assertEquals("a:ready", s.running());
    }

    @Test
    void anotherProfileEndsWhoeverIsNotInIt() {
        Scene s = Scene.of(profiles());
        RequestId a = s.askIn("p", "a");
        s.ready("a");
        RequestId b = s.askIn("p", "b");
        s.ready("b");
        s.seconds(1);
        s.finish(a);
        s.finish(b);
        s.askIn("q", "c");
        assertEquals("a:stopping b:ready", s.running());
    }

    @Test
    void aPlainRequestFollowsThePlainRules() {
        Scene s = Scene.of(profiles());
        RequestId a = s.askIn("p", "a");
        s.ready("a");
        RequestId b = s.askIn("p", "b");
        s.ready("b");
        s.finish(a);
        s.finish(b);
        s.ask("a");
        assertEquals("a:ready b:stopping", s.running());
    }

    // The end

    private static Fact stopping() {
        return new Fact.ServerStopping("TERM", Optional.of(Duration.ofSeconds(40)));
    }

    @Test
    void aStopRefusesWhoWaitsBreaksOffStartsAndLetsOnlyTheServedEnd() {
        Scene s = Scene.of(Rules.models("a", "b", "c", "d")
                .group("abd", false, false, false, "a", "b", "d")
                .grace("d", Duration.ofSeconds(3)));
        RequestId a = s.busy("a");
        s.idle("d");
        RequestId b = s.ask("b");
        s.spawned("b");
        RequestId c = s.ask("c");
        s.fact(stopping());
        assertEquals(Phase.DRAINING, s.yard().phase());
        s.assertShed(b, ShedReason.SHUTTING_DOWN, "group is shutting down");
        s.assertShed(c, ShedReason.SHUTTING_DOWN, "group is shutting down");
        assertEquals(
                List.of("b", "d"),
                s.last(Decision.StopOrdered.class).stream()
                        .map(d -> d.run().model().value())
                        .toList());
        assertEquals(
                List.of(Duration.ofSeconds(5), Duration.ofSeconds(3)),
                s.last(Decision.StopOrdered.class).stream()
                        .map(Decision.StopOrdered::grace)
                        .toList());
        assertEquals(ProcessState.READY, s.state("a"), "it serves");
        s.assertShed(s.ask("a"), ShedReason.SHUTTING_DOWN, "group is shutting down");
        s.finish(a);
        assertEquals(
                Reason.SHUTDOWN, s.last(Decision.StopOrdered.class).getFirst().reason());
        assertEquals(ProcessState.STOPPING, s.state("a"));
    }

    @Test
    void whenTheDrainIsOverEveryGraceIsCutToTheTimeThatIsLeft() {
        Scene s = Scene.of(Rules.models("a", "b", "c")
                .group("abc", false, false, false, "a", "b", "c")
                .grace("a", Duration.ofSeconds(2))
                .grace("b", Duration.ofSeconds(60))
                .grace("c", Duration.ofSeconds(60)));
        RequestId a = s.busy("a");
        RequestId b = s.busy("b");
        s.idle("c");
        s.fact(stopping());
        assertEquals(
                Duration.ofSeconds(40),
                s.last(Decision.StopOrdered.class).getFirst().grace());
        s.seconds(5);
        s.fact(new Fact.ServerDrained(Duration.ofSeconds(10)));
        assertEquals("a:stopping b:stopping c:stopping", s.running());
        assertEquals(
                List.of(Duration.ofSeconds(2), Duration.ofSeconds(10), Duration.ofSeconds(10)),
                s.last(Decision.StopOrdered.class).stream()
                        .map(Decision.StopOrdered::grace)
                        .toList());
        s.finish(a);
        s.finish(b);
        s.seconds(10);
        assertEquals(3, s.all(Decision.KillOrdered.class).size());
        s.exited("a");
        s.exited("b");
        s.exited("c");
        assertEquals(ProcessState.SHUTDOWN, s.state("a"));
        s.fact(new Fact.ServerStopped());
        assertEquals(Phase.STOPPED, s.yard().phase());
        s.fact(new Fact.ServerStarted("t", 2, "b"));
        assertEquals(ProcessState.STOPPED, s.state("a"));
    }

    @Test
    void aSecondSignalKillsWhateverIsThereOnce() {
        Scene s = Scene.of(Rules.models("a", "b", "c").group("abc", false, false, false, "a", "b", "c"));
        s.busy("a");
        s.idle("b");
        s.ask("c");
        s.spawned("c");
        s.fact(stopping());
        s.fact(new Fact.ServerForced("INT"));
        assertEquals(Phase.STOPPING, s.yard().phase());
        assertEquals(3, s.last(Decision.KillOrdered.class).size());
        s.last(Decision.KillOrdered.class).forEach(kill -> assertEquals(Reason.SHUTDOWN, kill.reason()));
        s.fact(new Fact.ServerForced("INT"));
        assertEquals(List.of(), s.last());
    }

    @Test
    void theEndCancelsASwapThatWaitsForEvictions() {
        Scene s = Scene.of(Rules.models("a", "b")).idle("a");
        RequestId b = s.ask("b");
        s.fact(new Fact.ServerDrained(Duration.ofSeconds(3)));
        s.assertShed(b, ShedReason.SHUTTING_DOWN, "group is shutting down");
        s.exited("a");
        assertEquals("", s.running());
        assertEquals("a", s.starts());
    }

    @Test
    void theActiveProfileIsRememberedUntilAReload() {
        Scene s = Scene.of(Rules.models("a"));
        s.fact(new Fact.ProfileActivated(Optional.of("night"), Actor.OPERATOR));
        assertEquals(Optional.of("night"), s.yard().activeProfile());
        s.configure(Rules.models("a"));
        assertEquals(Optional.empty(), s.yard().activeProfile());
    }

    @Test
    void aFullDiskIsKnown() {
        Scene s = Scene.of(Rules.models("a"));
        s.fact(new Fact.DiskLow(1, 2));
        assertTrue(s.yard().diskLow());
        s.fact(new Fact.DiskRecovered(3, 0));
        assertEquals(false, s.yard().diskLow());
    }
}
