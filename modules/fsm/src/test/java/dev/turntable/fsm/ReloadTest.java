package dev.turntable.fsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Decision;
import dev.turntable.event.ModelId;
import dev.turntable.event.Reason;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import dev.turntable.event.ShedReason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** A reload is a diff (docs/from-llama-swap.md): what is removed or stale drains and stops, the rest keeps its leases and its idle time. */
class ReloadTest {
    @Test
    void whatDidNotChangeKeepsServing() {
        Scene s = Scene.of(Rules.models("a", "b").together());
        RequestId a = s.busy("a");
        s.idle("b");
        RunId run = s.run("a").id();
        s.configure(Rules.models("a", "b", "new").together().fingerprint("b", "changed"));
        assertEquals("a:ready b:stopping", s.running());
        s.assertServed(a, s.ask("a"));
        assertEquals(run, s.run("a").id());
        assertEquals(Reason.RELOADED, s.run("b").stop().orElseThrow().reason());
    }

    @Test
    void aStaleModelDrainsThenStopsThenStartsAnew() {
        Scene s = Scene.of(Rules.models("a"));
        RequestId old = s.busy("a");
        RunId run = s.run("a").id();
        s.configure(Rules.models("a").fingerprint("a", "changed"));
        assertEquals("a:ready", s.running());
        s.assertServed(old);
        RequestId next = s.ask("a");
        s.assertQueued(next);
        s.finish(old);
        assertEquals("a:stopping", s.running());
        assertTrue(s.isJoined(next));
        s.exited(run);
        s.ready("a");
        s.assertServed(next);
        assertEquals("changed", s.run("a").settings().fingerprint());
    }

    @Test
    void aModelThatIsStaleNoMoreIsKept() {
        Scene s = Scene.of(Rules.models("a"));
        RequestId r = s.busy("a");
        s.configure(Rules.models("a").fingerprint("a", "changed"));
        s.configure(Rules.models("a"));
        s.assertServed(s.ask("a"));
        s.finish(r);
        assertEquals("a:ready", s.running());
    }

    @Test
    void aRemovedModelDrainsStopsAndIsForgotten() {
        Scene s = Scene.of(Rules.models("a", "b").together());
        RequestId b = s.busy("b");
        s.configure(Rules.models("a").together());
        assertEquals("b:ready", s.running());
        s.assertShed(s.ask("b"), ShedReason.UNKNOWN_MODEL, "no local server found for requested model");
        s.finish(b);
        assertEquals("b:stopping", s.running());
        s.exited("b");
        assertEquals(Optional.empty(), s.yard().berth(new ModelId("b")));
    }

    @Test
    void whoWaitsForARemovedModelIsTold() {
        Scene s = Scene.of(Rules.models("a", "b", "c"));
        s.busy("a");
        RequestId b = s.ask("b");
        s.load("b");
        RequestId c = s.ask("c");
        s.configure(Rules.models("a", "c"));
        s.assertShed(b, ShedReason.RELOADED, "group: model removed from the configuration");
        s.assertQueued(c);
        assertEquals("c", s.queue());
        s.finish(b);
        assertEquals(Optional.empty(), s.yard().berth(new ModelId("b")));
    }

    @Test
    void aStartOfARemovedModelIsCancelled() {
        Scene s = Scene.of(Rules.models("a", "b"));
        RequestId b = s.ask("b");
        s.configure(Rules.models("a"));
        s.assertShed(b, ShedReason.RELOADED, "group: model removed from the configuration");
        assertEquals("b:starting", s.running());
        assertEquals(
                Duration.ofSeconds(5),
                s.last(Decision.StopOrdered.class).getFirst().grace());
        s.finish(b);
        s.exited("b");
        assertEquals(Optional.empty(), s.yard().berth(new ModelId("b")));
    }

    @Test
    void aStartOfAStaleModelBeginsAgainAndItsRequestsWaitForThat() {
        Scene s = Scene.of(Rules.models("a"));
        RequestId r = s.ask("a");
        s.spawned("a");
        RunId old = s.run("a").id();
        s.configure(Rules.models("a").fingerprint("a", "changed"));
        assertTrue(s.isJoined(r));
        assertTrue(s.run("a").isLeaving());
        s.exited(old);
        assertFalse(s.run("a").id().equals(old));
        s.ready("a");
        s.assertServed(r);
        assertEquals(0, s.yard().berth(new ModelId("a")).orElseThrow().failures());
    }

    @Test
    void aStartThatDidNotChangeGoesOn() {
        Scene s = Scene.of(Rules.models("a"));
        RequestId r = s.ask("a");
        s.configure(Rules.models("a", "b"));
        assertEquals(List.of(), s.last());
        s.ready("a");
        s.assertServed(r);
    }

    @Test
    void aSwapThatHasNotStartedItsModelIsDecidedAnewUnderNewRoutes() {
        Scene s = Scene.of(Rules.models("a", "b")).idle("a");
        RequestId b = s.ask("b");
        s.configure(Rules.models("a", "b").together());
        assertTrue(s.isJoined(b));
        assertEquals("a:stopping b:starting", s.running());
    }

    @Test
    void aSwapThatHasNotStartedItsModelGoesOnUnderTheSameRoutes() {
        Scene s = Scene.of(Rules.models("a", "b")).idle("a");
        s.ask("b");
        s.configure(Rules.models("a", "b"));
        assertEquals(List.of(), s.last());
    }

    @Test
    void anOperatorsLoadSurvivesAReload() {
        Scene s = Scene.of(Rules.models("a", "b")).idle("a");
        s.load("b");
        s.configure(Rules.models("a", "b").together());
        assertEquals("a:stopping b:starting", s.running());
    }

    @Test
    void aNewTtlHoldsAtOnce() {
        Scene s = Scene.of(Rules.models("a").ttl("a", Duration.ofMinutes(10))).idle("a");
        var idle = s.now();
        s.seconds(5);
        s.configure(Rules.models("a").ttl("a", Duration.ofSeconds(20)));
        assertEquals(idle.plusSeconds(20), s.run("a").ttlDue().orElseThrow());
        s.configure(Rules.models("a").ttl("a", Duration.ofSeconds(2)));
        s.millis(0);
        assertEquals("a:stopping", s.running());
    }

    @Test
    void aTtlThatIsTakenAwayIsCancelled() {
        Scene s = Scene.of(Rules.models("a").ttl("a", Duration.ofSeconds(2))).idle("a");
        s.configure(Rules.models("a"));
        assertEquals(List.of(new Decision.TtlCancelled(s.run("a").id())), s.last());
        s.seconds(10);
        assertEquals("a:ready", s.running());
    }

    @Test
    void aNewTtlDoesNotCountDuringARequest() {
        Scene s = Scene.of(Rules.models("a"));
        RequestId r = s.busy("a");
        s.configure(Rules.models("a").ttl("a", Duration.ofSeconds(2)));
        assertEquals(List.of(), s.last());
        s.seconds(10);
        s.finish(r);
        assertEquals(s.now().plusSeconds(2), s.run("a").ttlDue().orElseThrow());
    }

    @Test
    void aNewGraceHoldsForTheNextStopButThePortStaysThatOfTheProcess() {
        Scene s = Scene.of(Rules.models("a").port("a", 9000)).idle("a");
        s.configure(Rules.models("a").port("a", 9001).grace("a", Duration.ofSeconds(33)));
        assertEquals(OptionalInt.of(9000), s.run("a").settings().port());
        s.unload("a");
        assertEquals(
                Duration.ofSeconds(33),
                s.last(Decision.StopOrdered.class).getFirst().grace());
    }

    @Test
    void aRemovedModelThatStillServesIsInTheWayOfAnExclusiveOne() {
        Scene s = Scene.of(Rules.models("a", "b"));
        RequestId a = s.busy("a");
        s.configure(Rules.models("b"));
        RequestId b = s.ask("b");
        s.assertQueued(b);
        s.finish(a);
        assertTrue(s.isJoined(b));
        s.exited("a");
        s.ready("b");
        s.assertServed(b);
    }

    @Test
    void aRemovedModelThatStillServesIsNotInTheWayOfAModelThatExcludesNobody() {
        Scene s = Scene.of(Rules.models("a", "b"));
        s.busy("a");
        s.configure(Rules.models("b").together());
        assertTrue(s.isJoined(s.ask("b")));
    }

    @Test
    void newRoutesMayLetTheQueueGoOn() {
        Scene s = Scene.of(Rules.models("a", "b"));
        s.busy("a");
        RequestId b = s.ask("b");
        s.configure(Rules.models("a", "b").together());
        assertTrue(s.isJoined(b));
    }
}
