package dev.turntable.fsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ProcessState;
import dev.turntable.event.Reason;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of the processes of a server run that crashed (docs/from-llama-swap.md, docs/operating.md). */
class RecoveryTest {
    private static Scene crashed(Scene s) {
        s.fact(new Fact.ServerStarted("test", 2, "boot"));
        return s;
    }

    private static List<Decision> found(Scene s, String model, boolean adoptable) {
        return s.fact(new Fact.OrphanFound(s.run(model).id(), 1001, adoptable, "detail"));
    }

    @Test
    void aHealthyOrphanServesAgainWithoutLeases() {
        Scene s = Scene.of(Rules.models("a").ttl("a", Duration.ofSeconds(9)));
        RequestId lost = s.busy("a");
        crashed(s);
        assertEquals(0, s.run("a").leases());
        RequestId early = s.ask("a");
        s.assertQueued(early);
        s.leave(early);
        RunId run = s.run("a").id();
        found(s, "a", true);
        assertEquals(new Decision.OrphanAdopted(run, 1001), s.last().getFirst());
        assertEquals(s.now().plusSeconds(9), s.run("a").ttlDue().orElseThrow());
        s.assertServed(s.ask("a"));
        s.finish(lost);
        assertEquals(1, s.run("a").leases());
    }

    @Test
    void whoAskedBeforeTheOrphanWasFoundIsServedByIt() {
        Scene s = crashed(Scene.of(Rules.models("a")).idle("a"));
        RequestId r = s.ask("a");
        found(s, "a", true);
        s.assertServed(r);
    }

    @Test
    void anOrphanThatWasStillStartingIsReadyWhenItIsHealthy() {
        Scene s = Scene.of(Rules.models("a"));
        s.ask("a");
        s.spawned("a");
        crashed(s);
        assertEquals(
                Reason.REAPED, s.last(Decision.SwapCancelled.class).getFirst().reason());
        s.seconds(100);
        assertEquals("a:starting", s.running(), "its deadline is nobody's business before it was looked for");
        found(s, "a", true);
        assertEquals("a:ready", s.running());
        assertEquals(
                Reason.ADOPTED, s.last(Decision.StateChanged.class).getFirst().reason());
        assertEquals(
                List.of(),
                s.yard()
                        .berth(new dev.turntable.event.ModelId("a"))
                        .orElseThrow()
                        .loads());
    }

    @Test
    void anOrphanThatCannotBeUsedIsReaped() {
        Scene s = crashed(Scene.of(Rules.models("a")).idle("a"));
        RunId run = s.run("a").id();
        RequestId r = s.ask("a");
        found(s, "a", false);
        assertEquals(
                List.of(
                        new Decision.OrphanReaped(run, 1001, "detail"),
                        new Decision.KillOrdered(run, Reason.REAPED),
                        new Decision.StateChanged(run, ProcessState.READY, ProcessState.STOPPING, Reason.REAPED)),
                s.last());
        s.exited(run);
        assertEquals("a:starting", s.running());
        s.ready("a");
        s.assertServed(r);
    }

    @Test
    void anOrphanOfAnotherConfigurationIsReaped() {
        Scene s = crashed(Scene.of(Rules.models("a")).idle("a"));
        s.configure(Rules.models("a").fingerprint("a", "changed"));
        found(s, "a", true);
        assertEquals(1, s.last(Decision.OrphanReaped.class).size());
    }

    @Test
    void anOrphanOfARemovedModelIsReaped() {
        Scene s = crashed(Scene.of(Rules.models("a", "b")).idle("a"));
        s.configure(Rules.models("b"));
        found(s, "a", true);
        assertEquals(1, s.last(Decision.OrphanReaped.class).size());
    }

    @Test
    void anOrphanThatWasToldToLeaveIsReaped() {
        Scene s = Scene.of(Rules.models("a")).idle("a");
        s.unload("a");
        crashed(s);
        found(s, "a", true);
        assertEquals(1, s.last(Decision.KillOrdered.class).size());
        s.seconds(30);
        assertEquals(2, s.all(Decision.KillOrdered.class).size());
    }

    @Test
    void anOrphanUnderAHoldIsReaped() {
        Scene s = Scene.of(Rules.models("a")).idle("a");
        crashed(s);
        s.fact(new Fact.HoldPlaced(dev.turntable.event.Actor.OPERATOR, ""));
        assertEquals("a:ready", s.running());
        found(s, "a", true);
        assertEquals("a:stopping", s.running());
    }

    @Test
    void aLostProcessIsStopped() {
        Scene s = crashed(Scene.of(Rules.models("a")).idle("a"));
        RequestId r = s.ask("a");
        s.assertQueued(r);
        s.fact(new Fact.ProcessLost(s.run("a").id()));
        assertEquals("a:starting", s.running());
        s.ready("a");
        s.assertServed(r);
    }

    @Test
    void aProcessThatNoRecordKnowsIsReaped() {
        Scene s = Scene.of(Rules.models("a"));
        RunId stranger = new RunId(new dev.turntable.event.ModelId("a"), 99);
        s.fact(new Fact.OrphanFound(stranger, 1001, true, "detail"));
        assertEquals(new Decision.KillOrdered(stranger, Reason.REAPED), s.last().getLast());
    }

    @Test
    void anOrphanIsInTheWayUntilSomebodyHasLooked() {
        Scene s = crashed(Scene.of(Rules.models("a", "b")).idle("a"));
        RequestId b = s.ask("b");
        s.assertQueued(b);
        found(s, "a", true);
        assertTrue(s.isJoined(b));
        assertEquals("a:stopping", s.running());
    }

    @Test
    void theQueueTheLeasesAndTheWishesOfTheCrashedRunAreOver() {
        Scene s = Scene.of(Rules.models("a", "b"));
        RequestId a = s.busy("a");
        RequestId b = s.ask("b");
        s.load("b");
        crashed(s);
        assertEquals(List.of(), s.yard().queue());
        assertEquals(2, s.yard().requests().size(), "their end is yet to be reported");
        s.finish(a);
        s.finish(b);
        assertEquals(List.of(), s.yard().requests());
        assertEquals(0, s.run("a").leases());
        assertEquals(Optional.empty(), s.yard().nextWake());
    }

    @Test
    void anUnloadReachesAnOrphan() {
        Scene s = crashed(Scene.of(Rules.models("a")).idle("a"));
        s.unload("a");
        assertEquals("a:stopping", s.running());
        assertEquals(1, s.last(Decision.KillOrdered.class).size());
    }
}
