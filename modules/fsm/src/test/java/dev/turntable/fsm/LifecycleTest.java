package dev.turntable.fsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Actor;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.ProcessState;
import dev.turntable.event.Reason;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.RunId;
import dev.turntable.event.ShedReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Starts, stops, deadlines, TTL, failures: the life of one process (docs/state-machine.md, llama-swap §4). */
class LifecycleTest {
    private static final ModelId A = new ModelId("a");

    private static List<String> states(Scene s) {
        return s.all(Decision.StateChanged.class).stream()
                .map(d ->
                        d.from().wire() + ">" + d.to().wire() + " " + d.reason().wire())
                .toList();
    }

    // the rules by name

    @Test
    void rule1ASwapWaitsForInFlightRequestsAndIdleIsNeverSeenBetweenLoadedAndFirstByte() {
        Scene s = Scene.of(Rules.models("a", "b"));
        RequestId a = s.ask("a");
        RequestId b = s.ask("b");
        s.ready("a");
        s.assertServed(a);
        assertEquals(1, s.run("a").leases());
        s.assertQueued(b);
        s.seconds(20);
        assertEquals("a:ready", s.running());
    }

    @Test
    void rule2StopIsTermThenKillAfterTheGrace() {
        Scene s = Scene.of(Rules.models("a")).idle("a");
        s.unload("a");
        RunId run = s.run("a").id();
        assertEquals(
                List.of(
                        new Decision.StopOrdered(run, Reason.UNLOADED, Duration.ofSeconds(5)),
                        new Decision.StateChanged(run, ProcessState.READY, ProcessState.STOPPING, Reason.UNLOADED)),
                s.last());
        s.forget();
        s.seconds(4.999);
        assertEquals(List.of(), s.all(Decision.KillOrdered.class));
        s.seconds(0.001);
        assertEquals(List.of(new Decision.KillOrdered(run, Reason.UNLOADED)), s.all(Decision.KillOrdered.class));
        assertEquals(
                List.of(new Decision.DeadlineMissed(run, ProcessState.STOPPING)), s.all(Decision.DeadlineMissed.class));
        assertEquals("a:stopping", s.running());
        s.exited("a");
        assertEquals("", s.running());
    }

    @Test
    void aProcessThatSurvivesTheKillIsKilledAgain() {
        Scene s = Scene.of(Rules.models("a")).idle("a");
        s.unload("a");
        s.seconds(5 + 30 + 30);
        assertEquals(3, s.all(Decision.KillOrdered.class).size());
    }

    @Test
    void rule3ShutdownInterruptsAStart() {
        Scene s = Scene.of(Rules.models("a").budget("a", Duration.ofMinutes(10)));
        RequestId r = s.ask("a");
        s.spawned("a");
        s.fact(new Fact.ServerStopping("TERM", Optional.of(Duration.ofSeconds(20))));
        s.assertShed(r, ShedReason.SHUTTING_DOWN, "group is shutting down");
        assertEquals(
                Duration.ofSeconds(5),
                s.last(Decision.StopOrdered.class).getFirst().grace());
        s.fact(new Fact.ServerDrained(Duration.ofSeconds(20)));
        s.exited("a");
        assertEquals(ProcessState.SHUTDOWN, s.state("a"));
        assertEquals("starting>shutdown shutdown", states(s).getLast());
    }

    @Test
    void rule4TtlCountsFromTheEndOfTheLastRequest() {
        Scene s = Scene.of(Rules.models("a").ttl("a", Duration.ofSeconds(10)));
        RequestId r = s.busy("a");
        s.seconds(60);
        assertEquals("a:ready", s.running(), "a request longer than the TTL never gets its model unloaded");
        s.finish(r);
        assertEquals(List.of(new Decision.TtlArmed(s.run("a").id(), s.now().plusSeconds(10))), s.last());
        s.seconds(9.9);
        RequestId next = s.ask("a");
        assertEquals(new Decision.TtlCancelled(s.run("a").id()), s.last().getFirst());
        s.assertServed(next);
        s.seconds(60);
        s.finish(next);
        s.seconds(10);
        assertEquals("a:stopping", s.running());
        assertEquals(Reason.TTL, s.run("a").stop().orElseThrow().reason());
    }

    @Test
    void rule4TtlZeroIsNever() {
        Scene s = Scene.of(Rules.models("a")).idle("a");
        s.seconds(1_000_000);
        assertEquals("a:ready", s.running());
        assertEquals(Optional.empty(), s.yard().nextWake());
    }

    @Test
    void ttlWaitsForTheLastOfSeveralRequests() {
        Scene s = Scene.of(Rules.models("a").ttl("a", Duration.ofSeconds(1)));
        RequestId x = s.busy("a");
        RequestId y = s.ask("a");
        s.finish(x);
        s.seconds(5);
        assertEquals("a:ready", s.running());
        s.finish(y);
        s.seconds(1);
        assertEquals("a:stopping", s.running());
    }

    @Test
    void ttlOfAModelThatNeverServedCountsFromReady() {
        Scene s = Scene.of(Rules.models("a").ttl("a", Duration.ofSeconds(10)));
        RequestId r = s.ask("a");
        s.leave(r);
        s.seconds(3);
        s.ready("a");
        assertEquals(s.now().plusSeconds(10), s.run("a").ttlDue().orElseThrow());
        s.seconds(10);
        assertEquals("a:stopping", s.running());
    }

    @Test
    void aRequestThatArrivesWhileATtlStopIsUnderWayGetsAFreshProcess() {
        Scene s = Scene.of(Rules.models("a").ttl("a", Duration.ofSeconds(1))).idle("a");
        s.seconds(1);
        RunId old = s.run("a").id();
        RequestId r = s.ask("a");
        assertTrue(s.isJoined(r));
        s.exited(old);
        s.ready("a");
        s.assertServed(r);
        assertFalse(s.run("a").id().equals(old));
    }

    @Test
    void aRequestInTheSameMomentAsTheTtlKeepsTheModel() {
        Scene s = Scene.of(Rules.models("a").ttl("a", Duration.ofSeconds(1))).idle("a");
        Run idle = s.run("a");
        s.millis(999);
        RequestId r = s.ask("a");
        s.millis(1);
        s.fire(new dev.turntable.event.Timer.Ttl(idle.id()), idle.ttlDue().orElseThrow());
        assertEquals(1, s.last(Decision.TransitionRefused.class).size());
        s.assertServed(r);
        assertEquals("a:ready", s.running());
    }

    @Test
    void anIdleTimerNeverFiresWhileTheReadyModelWaitsForAnEviction() {
        Scene s = Scene.of(Rules.models("a", "b")
                .group("ex", true, true, false, "a")
                .group("no", true, false, false, "b")
                .ttl("a", Duration.ofSeconds(1)));
        s.idle("a");
        s.idle("b");
        RequestId r = s.ask("a"); // ready, but b must leave first
        assertTrue(s.isJoined(r));
        s.seconds(4);
        assertEquals("a:ready b:stopping", s.running());
        s.exited("b");
        s.assertServed(r);
    }

    // Starts

    @Test
    void aStartIsBoundedByItsBudgetAndTheErrorComesWhenTheProcessIsGone() {
        Scene s = Scene.of(Rules.models("a").budget("a", Duration.ofSeconds(90)));
        RequestId r = s.ask("a");
        s.spawned("a");
        s.seconds(90);
        assertTrue(s.isJoined(r));
        assertEquals("a:starting", s.running());
        assertEquals(
                List.of(new Decision.StopOrdered(s.run("a").id(), Reason.START_TIMED_OUT, Duration.ofSeconds(5))),
                s.all(Decision.StopOrdered.class));
        RequestId late = s.ask("a");
        assertTrue(s.isJoined(late));
        s.seconds(5);
        assertEquals(1, s.all(Decision.KillOrdered.class).size());
        s.exited("a");
        s.assertShed(r, ShedReason.START_FAILED, "health check timed out after 1m30s");
        s.assertShed(late, ShedReason.START_FAILED, "health check timed out after 1m30s");
        assertEquals(List.of("stopped>starting requested", "starting>stopped start_timed_out"), states(s));
    }

    @Test
    void aProbeThatAnswersAfterTheBudgetChangesNothing() {
        Scene s = Scene.of(Rules.models("a"));
        s.ask("a");
        s.spawned("a");
        s.seconds(15);
        s.ready("a");
        assertEquals(List.of(), s.last());
        assertEquals("a:starting", s.running());
    }

    @Test
    void aCommandThatCannotBeLaunchedSaysWhy() {
        Scene s = Scene.of(Rules.models("a"));
        RequestId r = s.ask("a");
        s.fact(new Fact.SpawnFailed(s.run("a").id(), "failed to start command 'x': no such file or directory"));
        s.assertShed(r, ShedReason.START_FAILED, "failed to start command 'x': no such file or directory");
        assertEquals("starting>stopped spawn_failed", states(s).getLast());
    }

    @Test
    void aFailedStartIsTriedAgainByTheNextRequest() {
        Scene s = Scene.of(Rules.models("a"));
        s.ask("a");
        s.exited("a");
        RequestId r = s.ask("a");
        s.ready("a");
        s.assertServed(r);
        assertEquals(0, s.yard().berth(A).orElseThrow().failures());
    }

    private static RequestId failStart(Scene s) {
        RequestId r = s.ask("a");
        s.exited("a");
        return r;
    }

    @Test
    void fromTheThirdFailureInARowOnRequestsGetTheSameErrorAtOnce() {
        Scene s = Scene.of(Rules.models("a"));
        failStart(s);
        failStart(s);
        assertEquals(List.of(), s.all(Decision.BackoffArmed.class));
        RequestId third = failStart(s);
        assertEquals(
                List.of(new Decision.BackoffArmed(
                        A, 3, s.now().plusSeconds(1), "upstream command exited prematurely: exit code 0")),
                s.all(Decision.BackoffArmed.class));
        assertEquals(Optional.of(Duration.ofSeconds(1)), s.shed(third).retryAfter());
        s.millis(400);
        RequestId r = s.ask("a");
        s.assertShed(r, ShedReason.BACKED_OFF, "upstream command exited prematurely: exit code 0");
        assertEquals(Optional.of(Duration.ofMillis(600)), s.shed(r).retryAfter());
        assertEquals("", s.running());
        s.millis(600);
        s.ask("a");
        assertEquals("a:starting", s.running());
    }

    @Test
    void backoffDoublesUpToItsLimit() {
        Scene s = Scene.of(Rules.models("a"));
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            failStart(s);
            s.last(Decision.BackoffArmed.class)
                    .forEach(
                            d -> pauses.add(Duration.between(s.now(), d.until()).toSeconds()));
            s.seconds(60);
        }
        assertEquals(List.of(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L, 60L), pauses);
    }

    @Test
    void aSuccessAnOperatorsLoadOrAReloadClearsTheBackoff() {
        Scene s = Scene.of(Rules.models("a"));
        for (int i = 0; i < 3; i++) {
            failStart(s);
        }
        s.load("a");
        assertEquals(new Decision.BackoffCleared(A, Actor.OPERATOR), s.last().getFirst());
        assertEquals("a:starting", s.running());
        s.exited("a");
        assertEquals(1, s.yard().berth(A).orElseThrow().failures());
        failStart(s);
        failStart(s);
        s.configure(Rules.models("a"));
        assertEquals(new Decision.BackoffCleared(A, Actor.CONFIG), s.last().getFirst());
        RequestId r = s.ask("a");
        s.ready("a");
        s.assertServed(r);
    }

    @Test
    void aQueuedRequestOfABackedOffModelGetsTheErrorInsteadOfWaiting() {
        Scene s = Scene.of(Rules.models("a", "b"));
        failStart(s);
        failStart(s);
        RequestId a = s.ask("a");
        RequestId b = s.ask("b");
        s.assertQueued(b);
        s.exited("a");
        s.assertShed(a, ShedReason.START_FAILED, "upstream command exited prematurely: exit code 0");
        assertTrue(s.isJoined(b));
    }

    @Test
    void anUnloadDuringAStartIsNoFailure() {
        Scene s = Scene.of(Rules.models("a"));
        for (int i = 0; i < 4; i++) {
            s.ask("a");
            s.unload("a");
            s.exited("a");
        }
        assertEquals(0, s.yard().berth(A).orElseThrow().failures());
    }

    @Test
    void aCancelledStartShowsAsStartingUntilItIsGone() {
        Scene s = Scene.of(Rules.models("a").grace("a", Duration.ofSeconds(20)));
        RequestId r = s.ask("a");
        s.spawned("a");
        s.unload("a");
        s.assertShed(r, ShedReason.UNLOADED, "group: model unloaded");
        assertEquals(
                Duration.ofSeconds(20),
                s.last(Decision.StopOrdered.class).getFirst().grace());
        s.seconds(19.9);
        assertEquals("a:starting", s.running());
        assertEquals(List.of(), s.all(Decision.KillOrdered.class));
        s.seconds(0.1);
        assertEquals(1, s.all(Decision.KillOrdered.class).size());
        s.exited("a");
        assertEquals(List.of("stopped>starting requested", "starting>stopped unloaded"), states(s));
    }

    @Test
    void aRequestDuringACancelledStartWaitsForTheProcessToBeGone() {
        Scene s = Scene.of(Rules.models("a"));
        s.ask("a");
        s.spawned("a");
        s.unload("a");
        RequestId r = s.ask("a");
        assertTrue(s.isJoined(r));
        RunId old = s.run("a").id();
        s.exited(old);
        assertFalse(s.run("a").id().equals(old));
        s.ready("a");
        s.assertServed(r);
    }

    // Crashes

    @Test
    void aCrashWhileReadyStopsItAndTheNextRequestStartsItAgain() {
        Scene s = Scene.of(Rules.models("a"));
        RequestId r = s.busy("a");
        s.exited("a");
        assertEquals("", s.running());
        assertEquals("ready>stopped exited", states(s).getLast());
        RequestId next = s.ask("a");
        s.finish(r);
        s.ready("a");
        s.assertServed(next);
        assertEquals(1, s.run("a").leases());
        assertEquals(1, s.yard().berth(A).orElseThrow().reserved());
    }

    @Test
    void anUpstreamThatExitsRightAfterItBecameHealthyIsRecoveredByTheNextRequest() {
        Scene s = Scene.of(Rules.models("a"));
        RequestId r = s.ask("a");
        s.ready("a");
        s.assertServed(r);
        s.exited("a");
        s.finish(r);
        RequestId next = s.ask("a");
        s.ready("a");
        s.assertServed(next);
    }

    @Test
    void aCrashOfTheBusyModelLetsTheQueueGoOn() {
        Scene s = Scene.of(Rules.models("a", "b"));
        s.busy("a");
        RequestId b = s.ask("b");
        s.exited("a");
        assertTrue(s.isJoined(b));
        assertEquals("b:starting", s.running());
    }

    @Test
    void aReadyTargetThatCrashesWhileItWaitsForAnEvictionIsStartedAgain() {
        Scene s = Scene.of(
                Rules.models("a", "b").group("ex", true, true, false, "a").group("no", true, false, false, "b"));
        s.idle("a").idle("b");
        RequestId r = s.ask("a");
        s.exited("a");
        assertTrue(s.isJoined(r));
        assertEquals("b:stopping", s.running());
        s.exited("b");
        assertEquals("a:starting", s.running());
        s.ready("a");
        s.assertServed(r);
    }

    @Test
    void anEvictedProcessThatCrashesFirstIsGoneAllTheSame() {
        Scene s = Scene.of(Rules.models("a", "b")).idle("a");
        RequestId b = s.ask("b");
        s.fact(new Fact.ProcessExited(s.run("a").id(), 139, OptionalInt.of(11), 5));
        s.ready("b");
        s.assertServed(b);
    }

    // Every way of loading

    @Test
    void everyWayOfLoadingUsesTheSameSettingsAndTimers() {
        Rules rules = Rules.models("a").ttl("a", Duration.ofSeconds(7)).budget("a", Duration.ofSeconds(11));
        Scene byRequest = Scene.of(rules);
        byRequest.leave(byRequest.ask("a"));
        Scene byPreload = Scene.of(rules);
        byPreload.leave(byPreload.ask("a", Optional.empty(), Route.PRELOAD));
        Scene byOperator = Scene.of(rules);
        byOperator.load("a");
        for (Scene s : List.of(byRequest, byPreload, byOperator)) {
            assertEquals(s.now().plusSeconds(11), s.run("a").start().deadline());
            s.spawned("a");
            s.ready("a");
            assertEquals(s.now().plusSeconds(7), s.run("a").ttlDue().orElseThrow());
        }
        assertEquals(Reason.REQUESTED, byRequest.run("a").start().reason());
        assertEquals(Reason.PRELOADED, byPreload.run("a").start().reason());
        assertEquals(Reason.OPERATOR, byOperator.run("a").start().reason());
    }

    @Test
    void loadTimesAreRemembered() {
        Scene s = Scene.of(Rules.models("a"));
        assertEquals(Optional.empty(), s.yard().usualLoad(A));
        for (int i = 1; i <= 12; i++) {
            RequestId r = s.ask("a");
            s.ready("a", Duration.ofSeconds(i == 12 ? 500 : i));
            s.exited("a");
            s.finish(r);
        }
        assertEquals(Berth.LOADS, s.yard().berth(A).orElseThrow().loads().size());
        assertEquals(
                Duration.ofSeconds(500), s.yard().berth(A).orElseThrow().loads().getFirst());
        assertEquals(Optional.of(Duration.ofSeconds(8)), s.yard().usualLoad(A));
    }

    @Test
    void aClockThatIsSetForwardUnloadsNothing() {
        Scene s =
                Scene.of(Rules.models("a", "b").ttl("a", Duration.ofMinutes(5))).idle("a");
        Run before = s.run("a");
        s.fact(new Fact.ClockStepped(Duration.ofHours(1)));
        assertEquals(
                before.ttlDue().orElseThrow().plusSeconds(3600),
                s.run("a").ttlDue().orElseThrow());
        s.fact(new Fact.ClockStepped(Duration.ofHours(-1)));
        assertEquals(
                before.ttlDue().orElseThrow().plusSeconds(3600),
                s.run("a").ttlDue().orElseThrow());
    }
}
