package dev.turntable.fsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Actor;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Reason;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.ShedReason;
import dev.turntable.event.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who waits, for what, and what becomes of him: corners that mutants showed no other test looks into. */
class WaitingTest {
    private static final Duration BOUND = Duration.ofSeconds(2);

    // Claims

    @Test
    void aRequestThatEndsWhileItWaitsGivesUpTheTurnItClaimed() {
        Scene s = Scene.of(Rules.models("a", "b").maxWait(BOUND));
        s.busy("a");
        RequestId b = s.ask("b");
        s.seconds(2);
        RequestId a = s.ask("a");
        s.assertQueued(a);
        s.finish(b);
        s.assertServed(a);
    }

    @Test
    void theFirstModelOfAllGivesUpItsClaimLikeAnyOther() {
        Scene s = Scene.of(Rules.models("a", "b").maxWait(BOUND));
        s.busy("b");
        RequestId a = s.ask("a");
        s.seconds(2);
        RequestId b = s.ask("b");
        s.assertQueued(b);
        s.leave(a);
        s.assertServed(b);
    }

    @Test
    void aClaimStandsAsLongAsAnyRequestOfItsModelWaits() {
        Scene s = Scene.of(Rules.models("a", "b").maxWait(BOUND));
        s.busy("a");
        RequestId first = s.ask("b");
        s.ask("b");
        s.seconds(2);
        s.leave(first);
        s.assertQueued(s.ask("a"));
        assertEquals(List.of(), s.all(Decision.TurnReleased.class));
    }

    @Test
    void aClaimOutlivesAReload() {
        Scene s = Scene.of(Rules.models("a", "b").maxWait(BOUND));
        RequestId a = s.busy("a");
        RequestId b = s.ask("b");
        s.seconds(2);
        s.configure(Rules.models("a", "b", "c").maxWait(BOUND));
        s.assertQueued(s.ask("a"));
        s.finish(a);
        assertTrue(s.isJoined(b));
    }

    @Test
    void theOldestRequestClaimsTheTurnWhereverItStands() {
        Scene s = Scene.of(Rules.models("a", "b").maxWait(BOUND));
        s.busy("a");
        RequestId old = s.ask("b");
        s.seconds(1);
        s.configure(Rules.models("a", "b").priority("b", 5).maxWait(BOUND));
        RequestId young = s.ask("b");
        assertEquals(Optional.of(1), s.yard().position(young));
        s.seconds(1);
        assertEquals(old, s.last(Decision.TurnClaimed.class).getFirst().request());
    }

    @Test
    void whoClaimedBeginsBeforeAHigherPriorityThatIsNotInItsWay() {
        Scene s = Scene.of(Rules.models("a", "b", "vip")
                .group("bv", false, true, false, "b", "vip")
                .priority("vip", 9)
                .maxWait(BOUND));
        RequestId a = s.busy("a");
        s.ask("b");
        s.seconds(1.5);
        s.ask("vip");
        assertEquals("vip b", s.queue());
        s.seconds(0.6);
        s.finish(a);
        assertEquals(
                Rules.ids("b"),
                s.last(Decision.SwapStarted.class).stream()
                        .map(d -> d.run().model())
                        .toList());
    }

    @Test
    void nobodyLingersWhileItServes() {
        Scene s = Scene.of(Rules.models("a", "b"));
        RequestId one = s.ask("a");
        s.ready("a", Duration.ofMillis(80));
        RequestId two = s.ask("a");
        s.ask("b");
        s.finish(one);
        assertEquals(List.of(), s.last());
        s.finish(two);
        assertEquals(1, s.last(Decision.LingerArmed.class).size());
    }

    @Test
    void aClaimEndsALinger() {
        Scene s = Scene.of(Rules.models("a", "b").maxWait(Duration.ofMillis(5)));
        RequestId a = s.ask("a");
        s.ready("a", Duration.ofMillis(80));
        RequestId b = s.ask("b");
        s.finish(a);
        s.millis(4);
        s.assertQueued(b);
        s.millis(1);
        assertTrue(s.isJoined(b));
    }

    @Test
    void nobodyLingersForOneWhoWaitsForOthers() {
        Scene s = Scene.of(Rules.models("a", "x", "y")
                .group("a", true, false, false, "a")
                .group("xy", true, false, false, "x", "y"));
        s.busy("x");
        s.ask("y");
        RequestId a = s.ask("a");
        s.ready("a", Duration.ofMillis(80));
        s.finish(a);
        assertEquals(List.of(), s.last(Decision.LingerArmed.class));
    }

    @Test
    void aClaimForAProfileSparesItsMembers() {
        Scene s = Scene.of(Rules.models("k", "m", "x")
                .group("km", false, true, false, "k", "m")
                .profile("p", "m", "x")
                .maxWait(BOUND));
        s.busy("k");
        s.busy("m");
        RequestId x = s.askIn("p", "x");
        s.seconds(2);
        assertEquals(
                List.of(new Decision.TurnClaimed(
                        new ModelId("x"), x, List.of(s.run("k").id()))),
                s.last(Decision.TurnClaimed.class));
        s.assertServed(s.ask("m"));
        s.assertQueued(s.ask("k"));
    }

    @Test
    void whatAClaimantWouldNotEndBeginsInSpiteOfTheClaim() {
        Scene s = Scene.of(Rules.models("a", "b", "c")
                .group("ab", true, false, false, "a", "b")
                .group("c", true, false, false, "c")
                .maxWait(BOUND));
        s.busy("a");
        s.ask("b");
        s.seconds(2);
        assertTrue(s.isJoined(s.ask("c")));
    }

    @Test
    void nothingBeginsForAClaimantToEndWhereverItStandsAmongTheModels() {
        Scene s = Scene.of(Rules.models("a", "b", "c", "z")
                .group("abc", false, true, false, "a", "b", "c")
                .maxWait(BOUND));
        s.busy("b");
        s.busy("c");
        s.ask("z");
        s.seconds(2);
        s.assertQueued(s.ask("a"));
    }

    // Ends that come in between

    @Test
    void aModelThatWasLoadedForNobodyGivesWayAtOnce() {
        Scene s = Scene.of(Rules.models("b", "c"));
        s.load("b");
        RequestId c = s.ask("c");
        s.assertQueued(c);
        s.ready("b");
        assertTrue(s.isJoined(c));
        assertEquals("b:stopping", s.running());
    }

    @Test
    void aTargetThatCrashesWhileItWaitsForOthersToLeaveTakesANewRun() {
        Scene s = Scene.of(
                Rules.models("a", "b").group("ex", true, true, false, "a").group("no", true, false, false, "b"));
        s.idle("a").idle("b");
        s.seconds(1);
        RequestId a = s.ask("a");
        assertEquals("a:ready b:stopping", s.running());
        var old = s.run("a").id();
        s.exited("a");
        assertTrue(s.isJoined(a));
        s.exited("b");
        assertEquals("a:starting", s.running());
        assertNotEquals(old, s.run("a").id());
        s.ready("a");
        s.assertServed(a);
    }

    @Test
    void theEndOfATimedOutStartIsNoFailureOfTheSwapThatReplacedIt() {
        Scene s = Scene.of(Rules.models("a"));
        RequestId a = s.ask("a");
        s.seconds(15);
        assertEquals(
                Reason.START_TIMED_OUT,
                s.last(Decision.StopOrdered.class).getFirst().reason());
        s.configure(Rules.models("a").fingerprint("a", "new"));
        s.exited("a");
        assertTrue(s.isJoined(a));
        s.ready("a");
        s.assertServed(a);
    }

    @Test
    void whatIsDueFirstIsToldFirst() {
        Scene s = Scene.of(Rules.models("a", "b")
                .together()
                .ttl("a", Duration.ofSeconds(5))
                .ttl("b", Duration.ofSeconds(3)));
        s.idle("a").idle("b");
        assertEquals(
                Rules.ids("b", "a"),
                s.yard().due(s.now().plusSeconds(9)).stream()
                        .map(due -> ((Timer.Ttl) due.timer()).run().model())
                        .toList());
    }

    // Wishes

    @Test
    void aWishThatTheSwapOfARequestFulfilsIsNotDroppedOnceMore() {
        Scene s = Scene.of(Rules.models("a", "b"));
        RequestId a = s.busy("a");
        s.seconds(1);
        s.ask("b");
        s.load("b");
        assertEquals("b b", s.queue());
        s.finish(a);
        assertEquals("", s.queue());
        assertEquals(List.of(), s.all(Decision.LoadDropped.class));
    }

    @Test
    void aModelThatIsThereWhenAHoldIsLiftedNeedsNoLoadAnyMore() {
        Scene s = Scene.of(Rules.models("a"));
        s.busy("a");
        s.fact(new Fact.HoldPlaced(Actor.OPERATOR, ""));
        s.load("a");
        assertEquals("a", s.queue());
        s.fact(new Fact.HoldLifted(Actor.OPERATOR));
        assertEquals(List.of(new Decision.LoadDropped(new ModelId("a"), Reason.PROBE_ANSWERED)), s.last());
        assertEquals("", s.queue());
        assertEquals("a:ready", s.running());
    }

    // Refusals

    @Test
    void aRequestThatWaitsForAModelThatIsLeftAloneHearsItsError() {
        Scene s = Scene.of(Rules.models("m", "x")
                .profile("p", "m", "x")
                .backoff(1, Duration.ofSeconds(1), Duration.ofSeconds(60)));
        s.busy("m");
        RequestId waiting = s.ask("x");
        RequestId starting = s.askIn("p", "x");
        s.assertQueued(waiting);
        assertTrue(s.isJoined(starting));
        s.fact(new Fact.SpawnFailed(s.run("x").id(), "no such program"));
        s.assertShed(starting, ShedReason.START_FAILED, "no such program");
        s.assertShed(waiting, ShedReason.BACKED_OFF, "no such program");
        assertEquals(Optional.of(Duration.ofSeconds(1)), s.shed(waiting).retryAfter());
    }

    @Test
    void aProcessThatEndsItsWorkDuringAHoldIsStoppedForIt() {
        Scene s = Scene.of(Rules.models("a"));
        RequestId a = s.busy("a");
        s.fact(new Fact.HoldPlaced(Actor.OPERATOR, ""));
        assertEquals("a:ready", s.running());
        s.finish(a);
        assertEquals(
                Reason.OPERATOR, s.last(Decision.StopOrdered.class).getFirst().reason());
    }

    @Test
    void aProcessOfOldSettingsThatEndsItsWorkIsStoppedForTheReload() {
        Scene s = Scene.of(Rules.models("a"));
        RequestId a = s.busy("a");
        s.configure(Rules.models("a").fingerprint("a", "new"));
        s.finish(a);
        assertEquals(
                Reason.RELOADED, s.last(Decision.StopOrdered.class).getFirst().reason());
    }

    // Order and room

    @Test
    void requestsMayArriveInAnotherOrderThanTheirNumbers() {
        Scene s = Scene.of(Rules.models("a"));
        s.arrive(new RequestId(7), "a", Optional.empty(), Route.LOCAL);
        s.arrive(new RequestId(9), "a", Optional.empty(), Route.LOCAL);
        s.arrive(new RequestId(3), "a", Optional.empty(), Route.LOCAL);
        assertEquals(
                List.of(new RequestId(3), new RequestId(7), new RequestId(9)),
                s.yard().requests().stream().map(OpenRequest::id).toList());
    }

    @Test
    void aModelThatIsLeavingMakesRoomAnewWhenItIsAskedForAgain() {
        Scene s = Scene.of(Rules.models("a", "b").set("pair", Rules.all("a", "b")));
        s.idle("a").idle("b");
        s.unload("a");
        s.configure(Rules.models("a", "b").set("x", Rules.expr("a")).set("y", Rules.expr("b")));
        s.ask("a");
        assertEquals("a:stopping b:stopping", s.running());
    }

    @Test
    void aModelWaitsForTheSwapThatAwaitsItsOwnEnd() {
        Scene s = Scene.of(
                Rules.models("a", "b").group("no", true, false, false, "a").group("ex", true, true, false, "b"));
        s.idle("a");
        s.seconds(1);
        s.ask("b");
        assertEquals("a:stopping", s.running());
        RequestId a = s.ask("a");
        s.assertQueued(a);
        s.exited("a");
        assertTrue(s.isJoined(a));
        assertEquals("a:starting b:starting", s.running());
    }

    @Test
    void whoeverListensOnTheTargetsPortLeavesWithThoseItExcludes() {
        Scene s = Scene.of(Rules.models("a", "b", "c", "t")
                .group("keep", false, false, true, "b")
                .group("t", true, true, false, "t")
                .port("b", 9)
                .port("t", 9));
        s.idle("b").idle("c");
        s.seconds(1);
        s.ask("t");
        assertEquals("b:stopping c:stopping", s.running());
        assertEquals(
                Rules.ids("b", "c"),
                s.last(Decision.SwapStarted.class).getFirst().evict().stream()
                        .map(r -> r.model())
                        .toList());
    }

    @Test
    void aModelWaitsForASwapThatWillTakeItsPort() {
        Scene s = Scene.of(Rules.models("t", "v", "x", "y")
                .group("xy", true, false, false, "x", "y")
                .group("tv", false, false, false, "t", "v")
                .port("x", 9)
                .port("t", 9)
                .port("v", 10));
        s.idle("y");
        s.seconds(1);
        s.ask("x");
        assertEquals("y:stopping", s.running());
        s.assertQueued(s.ask("t"));
        assertTrue(s.isJoined(s.ask("v")), "another port is free");
    }
}
