package dev.turntable.fsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Decision;
import dev.turntable.event.ModelId;
import dev.turntable.event.RequestId;
import dev.turntable.event.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How long a run keeps its place while others wait (docs/decisions/0010-bounded-wait.md). */
class TurnsTest {
    private static final Duration LOAD = Duration.ofMillis(80); // so that a run may linger for 40 ms after ready

    private static Scene loaded(Rules rules) {
        Scene s = Scene.of(rules);
        s.ask("a");
        s.spawned("a");
        s.ready("a", LOAD);
        return s;
    }

    private static final RequestId FIRST = new RequestId(1);

    @Test
    void requestsOfTheRunningModelOvertakeWaitingOnes() {
        Scene s = Scene.of(Rules.models("a", "b"));
        RequestId a1 = s.busy("a");
        s.millis(400);
        RequestId b = s.ask("b");
        s.millis(400);
        RequestId a2 = s.ask("a");
        s.millis(400);
        RequestId a3 = s.ask("a");
        s.assertServed(a1, a2, a3);
        s.assertQueued(b);
    }

    @Test
    void noRequestIsOvertakenAfterMaxWait() {
        Scene s = Scene.of(Rules.models("a", "b").maxWait(Duration.ofSeconds(2)));
        RequestId a1 = s.busy("a");
        RequestId b = s.ask("b");
        s.millis(1999);
        RequestId a2 = s.ask("a");
        s.assertServed(a2);
        s.millis(1);
        assertEquals(
                List.of(new Decision.TurnClaimed(
                        new ModelId("b"), b, List.of(s.run("a").id()))),
                s.all(Decision.TurnClaimed.class));
        RequestId a3 = s.ask("a");
        s.assertQueued(a3);
        s.finish(a1);
        s.finish(a2);
        assertTrue(s.isJoined(b), "what was running has ended, so the swap begins");
        s.exited("a");
        s.ready("b");
        s.assertServed(b);
        s.assertQueued(a3);
    }

    @Test
    void aTurnIsClaimedOnce() {
        Scene s = Scene.of(Rules.models("a", "b").maxWait(Duration.ofSeconds(2)));
        s.busy("a");
        s.ask("b");
        s.seconds(10);
        s.ask("b");
        s.seconds(10);
        assertEquals(1, s.all(Decision.TurnClaimed.class).size());
        assertEquals(Optional.empty(), s.yard().nextWake());
    }

    @Test
    void aClaimThatNobodyWaitsForAnyMoreIsReleased() {
        Scene s = Scene.of(Rules.models("a", "b").maxWait(Duration.ofSeconds(2)));
        s.busy("a");
        RequestId b = s.ask("b");
        s.seconds(2);
        RequestId a2 = s.ask("a");
        s.assertQueued(a2);
        s.leave(b);
        assertEquals(
                List.of(new Decision.TurnReleased(
                        new ModelId("b"), List.of(s.run("a").id()))),
                s.last(Decision.TurnReleased.class));
        s.assertServed(a2);
    }

    @Test
    void whoClaimedGoesBeforeHigherPriorities() {
        Scene s = Scene.of(Rules.models("a", "b", "vip").priority("vip", 9).maxWait(Duration.ofSeconds(2)));
        RequestId a = s.busy("a");
        RequestId b = s.ask("b");
        s.seconds(1.5);
        RequestId vip = s.ask("vip");
        assertEquals("vip b", s.queue());
        s.seconds(0.6);
        s.finish(a);
        assertTrue(s.isJoined(b));
        s.assertQueued(vip);
    }

    @Test
    void olderClaimsGoFirst() {
        Scene s = Scene.of(Rules.models("a", "b", "c").priority("c", 5).maxWait(Duration.ofSeconds(2)));
        RequestId a = s.busy("a");
        RequestId b = s.ask("b");
        s.seconds(0.5);
        RequestId c = s.ask("c");
        s.seconds(3);
        assertEquals(2, s.all(Decision.TurnClaimed.class).size());
        s.finish(a);
        assertTrue(s.isJoined(b));
        s.exited("a");
        s.ready("b");
        s.assertServed(b);
        s.assertQueued(s.ask("b")); // c's turn is overdue: b serves those who joined, and nobody else
        s.finish(b);
        assertTrue(s.isJoined(c));
    }

    @Test
    void nothingBeginsThatAClaimantWouldHaveToEnd() {
        Scene s = Scene.of(Rules.models("a", "b", "c")
                .group("ac", false, false, false, "a", "c")
                .group("b", true, true, false, "b")
                .maxWait(Duration.ofSeconds(2)));
        RequestId a = s.busy("a");
        RequestId b = s.ask("b");
        s.seconds(2);
        RequestId c = s.ask("c");
        s.assertQueued(c);
        s.finish(a);
        assertTrue(s.isJoined(b));
    }

    @Test
    void beforeTheClaimACompatibleModelStartsAtOnce() {
        Scene s = Scene.of(Rules.models("a", "b", "c")
                .group("ac", false, false, false, "a", "c")
                .group("b", true, true, false, "b")
                .maxWait(Duration.ofSeconds(2)));
        s.busy("a");
        s.ask("b");
        assertTrue(s.isJoined(s.ask("c")));
    }

    @Test
    void aRunThatJustBecameIdleLingersForItsClients() {
        Scene s = loaded(Rules.models("a", "b"));
        RequestId b = s.ask("b");
        s.millis(3);
        s.finish(FIRST);
        assertEquals(
                List.of(new Decision.LingerArmed(s.run("a").id(), s.now().plusMillis(10))),
                s.last(Decision.LingerArmed.class));
        s.assertQueued(b);
        s.millis(2);
        RequestId back = s.ask("a");
        s.assertServed(back);
        s.millis(20);
        s.assertQueued(b);
        s.finish(back);
        s.millis(9);
        s.assertQueued(b);
        s.millis(1);
        assertTrue(s.isJoined(b));
    }

    @Test
    void aRunThatHasEarnedHalfItsLoadDoesNotLinger() {
        Scene s = loaded(Rules.models("a", "b"));
        RequestId b = s.ask("b");
        s.millis(40);
        s.finish(FIRST);
        assertTrue(s.isJoined(b));
    }

    @Test
    void lingeringEndsWhenHalfTheLoadIsEarned() {
        Scene s = loaded(Rules.models("a", "b"));
        RequestId b = s.ask("b");
        s.millis(35);
        s.finish(FIRST);
        assertEquals(
                s.now().plusMillis(5),
                s.last(Decision.LingerArmed.class).getFirst().until());
        s.millis(5);
        assertTrue(s.isJoined(b));
    }

    @Test
    void howeverLongALoadIsNobodyLingersLongerThanFiftyMilliseconds() {
        Scene s = Scene.of(Rules.models("a", "b"));
        RequestId a = s.ask("a");
        s.ready("a", Duration.ofSeconds(40));
        RequestId b = s.ask("b");
        s.millis(50);
        s.finish(a);
        assertTrue(s.isJoined(b));
    }

    @Test
    void aRequestThatFindsTheOtherModelIdleSwapsAtOnce() {
        Scene s = loaded(Rules.models("a", "b"));
        s.finish(FIRST);
        RequestId b = s.ask("b");
        assertTrue(s.isJoined(b));
        assertEquals(List.of(), s.all(Decision.LingerArmed.class));
    }

    @Test
    void nobodyLingersWhenNobodyWaitsForItsPlace() {
        Scene s = Scene.of(Rules.models("a", "b", "c")
                .group("ac", false, false, true, "a", "c")
                .group("b", true, false, false, "b"));
        RequestId a = s.ask("a");
        s.ready("a", LOAD);
        s.finish(a);
        assertEquals(List.of(), s.all(Decision.LingerArmed.class));
    }

    @Test
    void aLingerIsOverWhenItsTimerFires() {
        Scene s = loaded(Rules.models("a", "b"));
        s.ask("b");
        s.finish(FIRST);
        Run run = s.run("a");
        s.millis(10);
        assertEquals(Optional.empty(), s.run("a").idle().lingerUntil());
        s.fire(new Timer.Linger(run.id()), run.idle().lingerUntil().orElseThrow());
        assertEquals(1, s.last(Decision.TransitionRefused.class).size());
    }

    @Test
    void aStreamOfOvertakersEndsWhenTheTurnWasAsLongAsTheOthersLoad() {
        Scene s = fastPair();
        RequestId b = s.ask("b");
        List<RequestId> overtakers = new ArrayList<>();
        for (int i = 0; i < Timings.OVERTAKERS; i++) {
            overtakers.add(s.ask("a"));
        }
        overtakers.forEach(s::assertServed);
        s.assertServed(s.ask("a")); // many have overtaken, but the turn is short yet
        s.millis(100);
        s.assertQueued(s.ask("a"));
        assertEquals(b, s.last(Decision.TurnClaimed.class).getFirst().request());
    }

    @Test
    void fewOvertakersDoNotEndATurnHoweverLongItIs() {
        Scene s = fastPair();
        s.ask("b");
        s.seconds(20);
        for (int i = 0; i < Timings.OVERTAKERS; i++) {
            s.assertServed(s.ask("a"));
        }
        s.assertQueued(s.ask("a"));
    }

    @Test
    void overtakersCountFromTheLastMomentNobodyWaited() {
        Scene s = fastPair();
        RequestId b = s.ask("b");
        for (int i = 0; i < Timings.OVERTAKERS; i++) {
            s.ask("a");
        }
        s.leave(b);
        s.assertServed(s.ask("a"));
        s.ask("b");
        s.seconds(1);
        s.assertServed(s.ask("a"));
    }

    @Test
    void aModelWhoseLoadNobodyKnowsWaitsForMaxWait() {
        Scene s = Scene.of(Rules.models("a", "b").limit("a", 100));
        s.busy("a");
        s.ask("b");
        s.seconds(20);
        for (int i = 0; i < Timings.OVERTAKERS + 5; i++) {
            s.assertServed(s.ask("a"));
        }
    }

    /** Both models have been loaded, in 100 ms; a is ready and serves one. */
    private static Scene fastPair() {
        Scene s = Scene.of(Rules.models("a", "b").limit("a", 100));
        s.idle("b");
        s.seconds(1);
        s.ask("a");
        s.exited("b");
        s.spawned("a");
        s.ready("a");
        return s;
    }
}
