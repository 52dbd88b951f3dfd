package dev.turntable.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.config.TurntableSettings;
import dev.turntable.event.Actor;
import dev.turntable.event.AdmissionResult;
import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Reason;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.RunId;
import dev.turntable.event.ShedReason;
import dev.turntable.event.Stage;
import dev.turntable.event.SwapId;
import dev.turntable.fsm.Core;
import dev.turntable.fsm.Yard;
import dev.turntable.journal.Journal;
import dev.turntable.journal.JournalOptions;
import dev.turntable.journal.MemoryDisk;
import dev.turntable.journal.MemoryJournal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The single writer: commits, tickets, timers, the fold at start. */
class ConductorTest {
    private static final ModelId A = new ModelId("a");
    private final MemoryDisk disk = new MemoryDisk("test");
    private final HandClock clock = new HandClock();
    private Journal journal = MemoryJournal.stepped(disk, JournalOptions.defaults());
    private Conductor conductor = open(ConductorOptions.DEFAULTS.withCheckEvery(1));

    private Conductor open(ConductorOptions options) {
        return Conductor.open(journal, clock, options);
    }

    private void begin(Duration ttl) {
        conductor.submit(Facts.started());
        conductor.submit(Facts.config(ttl, "a", "b"));
    }

    private Ticket ask(String model) {
        return conductor.admit(Facts.arrival(conductor.newRequest(), model, Route.LOCAL));
    }

    private RunId run(String model) {
        return conductor.yard().run(new ModelId(model)).orElseThrow().id();
    }

    private List<Commit> commits() {
        List<Commit> all = new ArrayList<>();
        try (Journal.Reader reader = journal.read(1)) {
            while (reader.hasNext()) {
                all.add(reader.next());
            }
        }
        return all;
    }

    @Test
    void theTestsRunInsideTheModule() {
        assertTrue(getClass().getModule().isNamed());
    }

    @Test
    void aReadyModelGrantsAtOnce() {
        begin(Duration.ZERO);
        ask("a");
        conductor.submit(Facts.ready(run("a")));
        Ticket ticket = ask("a");
        assertEquals(Optional.of(new AdmissionResult.Granted(run("a"), 0)), ticket.now());
    }

    @Test
    void aColdModelGrantsWhenItIsReady() {
        begin(Duration.ZERO);
        Ticket ticket = ask("a");
        assertEquals(Optional.empty(), ticket.now());
        conductor.submit(Facts.ready(run("a")));
        assertEquals(Optional.of(new AdmissionResult.Granted(run("a"), 0)), ticket.now());
    }

    @Test
    void aWaitingThreadIsWokenByTheCommitThatAnswers() throws Exception {
        begin(Duration.ZERO);
        Ticket ticket = ask("a");
        CompletableFuture<AdmissionResult> answer = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                answer.complete(ticket.await());
            } catch (InterruptedException e) {
                answer.completeExceptionally(e);
            }
        });
        conductor.submit(Facts.ready(run("a")));
        assertInstanceOf(AdmissionResult.Granted.class, answer.get(10, TimeUnit.SECONDS));
    }

    @Test
    void anAnswerMayTakeLongerThanTheTimeGiven() throws Exception {
        begin(Duration.ZERO);
        Ticket ticket = ask("a");
        assertEquals(Optional.empty(), ticket.await(Duration.ofNanos(1)));
        conductor.submit(Facts.ready(run("a")));
        assertTrue(ticket.await(Duration.ofNanos(1)).isPresent());
    }

    @Test
    void aRefusalIsAnAnswer() {
        begin(Duration.ZERO);
        Ticket ticket = ask("a");
        conductor.submit(new Fact.SpawnFailed(run("a"), "no such file"));
        assertEquals(
                Optional.of(new AdmissionResult.Refused(ShedReason.START_FAILED, "no such file", Optional.empty())),
                ticket.now());
    }

    @Test
    void whoeverIsRefusedForAFailedStartIsToldWhatItPrintedAlsoWhileItIsLeftAlone() {
        begin(Duration.ZERO);
        for (int failures = 1; failures <= 3; failures++) {
            Ticket ticket = ask("a");
            conductor.submit(new Fact.ProcessExited(
                    run("a"), OptionalInt.of(3), OptionalInt.empty(), 9, List.of("no memory " + failures)));
            assertRefused(ticket, ShedReason.START_FAILED, List.of("no memory " + failures));
        }
        assertRefused(ask("a"), ShedReason.BACKED_OFF, List.of("no memory 3"));
        assertRefused(ask("nobody"), ShedReason.UNKNOWN_MODEL, List.of());
    }

    @Test
    void everybodyWhoMayWaitCanBeRefusedInOneCommitWhateverIsSaid() {
        conductor = open(ConductorOptions.DEFAULTS.withCheckEvery(0));
        conductor.submit(Facts.started());
        conductor.submit(Facts.config(Duration.ZERO, 10_000, TurntableSettings.Limits.MOST_WAITING, "a", "b"));
        ask("a");
        conductor.submit(Facts.ready(run("a")));
        List<Ticket> waiting = new ArrayList<>();
        for (int i = 0; i < TurntableSettings.Limits.MOST_WAITING; i++) {
            waiting.add(ask("b"));
        }
        assertRefused(ask("b"), ShedReason.QUEUE_FULL, List.of());
        conductor.submit(new Fact.HoldPlaced(Actor.OPERATOR, "ü".repeat(2_000)));
        waiting.forEach(ticket -> assertRefused(ticket, ShedReason.HELD, List.of()));
    }

    @Test
    void anErrorOfAnyLengthGoesOnRecordShortened() {
        begin(Duration.ZERO);
        Ticket ticket = ask("a");
        conductor.submit(new Fact.SpawnFailed(run("a"), "\u0001".repeat(2_000_000)));
        assertRefused(ticket, ShedReason.START_FAILED, List.of());
    }

    private static void assertRefused(Ticket ticket, ShedReason reason, List<String> lastLines) {
        var refused =
                assertInstanceOf(AdmissionResult.Refused.class, ticket.now().orElseThrow());
        assertEquals(reason, refused.reason());
        assertEquals(lastLines, refused.lastLines());
    }

    @Test
    void aPeersRequestIsOnTheRecordOnlyAndNobodysIsRefused() {
        begin(Duration.ZERO);
        Ticket peer = conductor.admit(Facts.arrival(conductor.newRequest(), "theirs", Route.PEER));
        assertEquals(Optional.of(new AdmissionResult.Unscheduled()), peer.now());
        Ticket nobody = conductor.admit(Facts.arrival(conductor.newRequest(), "nobody", Route.NOWHERE));
        assertRefused(nobody, ShedReason.UNKNOWN_MODEL, List.of());
    }

    @Test
    void anAbandonedWaitIsGone() {
        begin(Duration.ZERO);
        ask("a");
        Ticket b = ask("b");
        assertEquals(Optional.of(1), b.queuePosition());
        b.abandon(Stage.QUEUED, Actor.REQUEST);
        assertEquals(Optional.of(new AdmissionResult.Gone()), b.now());
        assertEquals(Optional.empty(), b.queuePosition());
        assertEquals(List.of(), conductor.yard().queue());
    }

    @Test
    void theAnswerThatCameFirstStands() {
        begin(Duration.ZERO);
        Ticket a = ask("a");
        conductor.submit(Facts.ready(run("a")));
        long head = journal.head();
        a.abandon(Stage.LOADING, Actor.REQUEST);
        assertInstanceOf(AdmissionResult.Granted.class, a.now().orElseThrow());
        assertEquals(head, journal.head());
    }

    @Test
    void aRequestThatEndsWhileItWaitsIsGone() {
        begin(Duration.ZERO);
        Ticket a = ask("a");
        conductor.submit(Facts.finished(a.request()));
        assertEquals(Optional.of(new AdmissionResult.Gone()), a.now());
    }

    @Test
    void timersFireAtTheirTime() {
        begin(Duration.ofSeconds(10));
        Ticket a = ask("a");
        conductor.submit(Facts.ready(run("a")));
        conductor.submit(Facts.finished(a.request()));
        clock.pass(Duration.ofMillis(9_999));
        assertEquals("READY", conductor.yard().state(A).name());
        clock.pass(Duration.ofMillis(1));
        assertEquals("STOPPING", conductor.yard().state(A).name());
        clock.pass(Duration.ofSeconds(5));
        assertEquals(
                1,
                commits().stream()
                        .flatMap(c -> c.decisions().stream())
                        .filter(Decision.KillOrdered.class::isInstance)
                        .count());
    }

    @Test
    void timersFireByTheMachinesClockToo() throws Exception {
        journal = MemoryJournal.create();
        CompletableFuture<Reason> stopped = new CompletableFuture<>();
        try (Conductor real = Conductor.open(journal, EngineClock.system(), ConductorOptions.DEFAULTS);
                Journal.Follower _ =
                        journal.follow("test", 1, c -> c.decisions().forEach(d -> {
                            if (d instanceof Decision.StopOrdered stop) {
                                stopped.complete(stop.reason());
                            }
                        }))) {
            real.submit(Facts.started());
            real.submit(Facts.config(Duration.ofMillis(20), "a"));
            Ticket a = real.admit(Facts.arrival(real.newRequest(), "a", Route.LOCAL));
            real.submit(Facts.ready(real.yard().run(A).orElseThrow().id()));
            real.submit(Facts.finished(a.request()));
            assertEquals(Reason.TTL, stopped.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void aClockSetForwardUnloadsNothingAndIsOnTheRecord() {
        begin(Duration.ofMinutes(10));
        Ticket a = ask("a");
        conductor.submit(Facts.ready(run("a")));
        conductor.submit(Facts.finished(a.request()));
        clock.step(Duration.ofHours(3));
        clock.pass(Duration.ofMinutes(9));
        assertEquals("READY", conductor.yard().state(A).name());
        clock.pass(Duration.ofMinutes(2));
        assertEquals("STOPPING", conductor.yard().state(A).name());
        assertTrue(commits().stream()
                .anyMatch(c -> c.fact() instanceof Fact.ClockStepped s && s.by().equals(Duration.ofHours(3))));
    }

    /** Seed 21020: back by some seconds, then forward by half a second more; everything idle was unloaded half a second early. */
    @Test
    void aClockThatIsAheadByLessThanASecondUnloadsNothingEarlyAndNothingLate() {
        begin(Duration.ofMinutes(10));
        Ticket a = ask("a");
        conductor.submit(Facts.ready(run("a")));
        conductor.submit(Facts.finished(a.request()));
        clock.step(Duration.ofMillis(900));
        clock.pass(Duration.ofMinutes(9));
        conductor.submit(new Fact.SnapshotDue());
        clock.pass(Duration.ofMillis(59_999));
        assertEquals("READY", conductor.yard().state(A).name());
        clock.pass(Duration.ofMillis(1));
        assertEquals("STOPPING", conductor.yard().state(A).name());
    }

    @Test
    void theTimeOfCommitsIsTheWallClocksAlsoAfterSmallSteps() {
        begin(Duration.ofMinutes(10));
        for (int i = 0; i < 3; i++) {
            clock.step(Duration.ofMillis(400));
            clock.pass(Duration.ofSeconds(1));
            assertEquals(clock.wall(), conductor.submit(new Fact.SnapshotDue()).time());
        }
        clock.step(Duration.ofMillis(9));
        clock.pass(Duration.ofSeconds(1));
        conductor.submit(new Fact.SnapshotDue());
        Duration step = Duration.ofMillis(400);
        assertEquals(
                List.of(step, step, step),
                commits().stream()
                        .filter(c -> c.fact() instanceof Fact.ClockStepped)
                        .map(c -> ((Fact.ClockStepped) c.fact()).by())
                        .toList());
    }

    /** The wall clock is read between two looks at the monotonic one; a pause there is no step. */
    @Test
    void aPauseBetweenTheClocksIsNoStep() {
        begin(Duration.ofMinutes(10));
        clock.pass(Duration.ofSeconds(1));
        clock.pauseBeforeWall(Duration.ofMillis(300));
        conductor.submit(new Fact.SnapshotDue());
        clock.pass(Duration.ofSeconds(1));
        clock.pauseAfterWall(Duration.ofMillis(300));
        conductor.submit(new Fact.SnapshotDue());
        clock.pass(Duration.ofSeconds(1));
        conductor.submit(new Fact.SnapshotDue());
        assertTrue(commits().stream().noneMatch(c -> c.fact() instanceof Fact.ClockStepped));
    }

    @Test
    void aClockSetBackKeepsTimersAndTimesGoOn() {
        begin(Duration.ofMinutes(10));
        Ticket a = ask("a");
        conductor.submit(Facts.ready(run("a")));
        conductor.submit(Facts.finished(a.request()));
        clock.step(Duration.ofHours(-3));
        clock.pass(Duration.ofMinutes(11));
        assertEquals("STOPPING", conductor.yard().state(A).name());
        List<Commit> all = commits();
        for (int i = 1; i < all.size(); i++) {
            assertFalse(all.get(i).time().isBefore(all.get(i - 1).time()));
        }
        assertEquals(
                1,
                all.stream()
                        .filter(c -> c.fact() instanceof Fact.ClockStepped s && s.by().equals(Duration.ofHours(-3)))
                        .count());
    }

    @Test
    void everyCommitIsDecidedAnewAsItWasWritten() {
        begin(Duration.ofSeconds(1));
        Ticket a = ask("a");
        ask("b");
        conductor.submit(Facts.ready(run("a")));
        conductor.submit(Facts.finished(a.request()));
        clock.pass(Duration.ofSeconds(3));
        Yard yard = Yard.empty();
        for (Commit commit : commits()) {
            assertEquals(
                    commit.decisions(),
                    Core.decide(yard, commit.fact(), commit.time()).decisions());
            yard = Core.apply(yard, commit);
        }
        assertEquals(conductor.yard().stateHash(), yard.stateHash());
    }

    @Test
    void aStartFoldsTheJournalToTheStateThatWasLeft() {
        begin(Duration.ofSeconds(1));
        ask("a");
        conductor.submit(Facts.ready(run("a")));
        ask("b");
        Yard left = conductor.yard();
        RequestId last = conductor.newRequest();
        conductor = open(ConductorOptions.DEFAULTS);
        assertEquals(left, conductor.yard());
        assertEquals(last, conductor.newRequest(), "an id that never arrived was never used");
    }

    @Test
    void aStartFromASnapshotGivesTheSameState() {
        begin(Duration.ofSeconds(1));
        ask("a");
        conductor.submit(Facts.ready(run("a")));
        ask("b");
        conductor.close();
        Yard left = conductor.yard();
        assertTrue(journal.snapshots().newest(journal.head()).isPresent());
        Conductor again = open(ConductorOptions.DEFAULTS);
        assertEquals(left.stateHash(), again.yard().stateHash());
        again.submit(new Fact.UnloadAsked(List.of(), Actor.OPERATOR));
        Conductor third = open(ConductorOptions.DEFAULTS);
        assertEquals(again.yard(), third.yard());
    }

    @Test
    void aSnapshotThatIsNotWhatItSaysIsLeftOut() {
        begin(Duration.ZERO);
        ask("a");
        Yard left = conductor.yard();
        journal.snapshots()
                .save(journal.head(), "0000", Folded.IMAGE.encode(Yard.empty().image()));
        assertEquals(left, open(ConductorOptions.DEFAULTS).yard());
        journal.snapshots().save(journal.head(), left.stateHash(), new byte[] {1, 2, 3});
        assertEquals(left, open(ConductorOptions.DEFAULTS).yard());
    }

    @Test
    void snapshotsAreKeptEverySoManyCommits() {
        conductor = open(ConductorOptions.DEFAULTS.withSnapshotEvery(10));
        begin(Duration.ZERO);
        for (int i = 0; i < 20; i++) {
            conductor.submit(Facts.finished(ask("nobody").request()));
            clock.pass(Duration.ofMillis(1));
        }
        long taken = commits().stream()
                .filter(c -> c.fact() instanceof Fact.SnapshotDue)
                .count();
        assertTrue(taken >= 3 && taken <= 5, taken + " snapshots");
    }

    @Test
    void theRequestsOfACrashedServerRunGetTheirEnd() {
        begin(Duration.ZERO);
        ask("a");
        conductor.submit(Facts.ready(run("a")));
        ask("b");
        conductor = open(ConductorOptions.DEFAULTS.withCheckEvery(1));
        conductor.submit(Facts.started());
        assertEquals(List.of(), conductor.yard().requests());
        assertEquals(
                2,
                commits().stream()
                        .filter(c -> c.fact() instanceof Fact.RequestFinished f
                                && f.error().orElse("").contains("the server ended"))
                        .count());
    }

    @Test
    void timesNeverDecreaseOverARestartWithTheClockSetBack() {
        begin(Duration.ZERO);
        Instant last = commits().getLast().time();
        clock.setWall(last.minusSeconds(3600));
        conductor = open(ConductorOptions.DEFAULTS);
        conductor.submit(Facts.started());
        assertFalse(commits().getLast().time().isBefore(last));
    }

    @Test
    void aClosedConductorTakesNoMoreFacts() {
        begin(Duration.ZERO);
        conductor.close();
        EngineException e = assertThrows(EngineException.class, () -> conductor.submit(Facts.started()));
        assertEquals(EngineException.Code.CLOSED, e.code());
        conductor.close();
    }

    /** The journal, but for what it gives back of an append. */
    private static Journal answering(Journal journal, UnaryOperator<Commit> changed) {
        return (Journal) Proxy.newProxyInstance(
                Journal.class.getClassLoader(), new Class<?>[] {Journal.class}, (_, method, args) -> {
                    try {
                        Object answer = method.invoke(journal, args);
                        return answer instanceof Commit commit ? changed.apply(commit) : answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void aBrokenInvariantStopsTheConductorLoudly() throws Exception {
        CompletableFuture<EngineException> told = new CompletableFuture<>();
        Ticket a = breakAnInvariant(1, told);
        assertEquals(EngineException.Code.BROKEN, told.get(10, TimeUnit.SECONDS).code());
        assertInstanceOf(AdmissionResult.Refused.class, a.now().orElseThrow());
        assertThrows(EngineException.class, () -> ask("a"));
    }

    @Test
    void aBrokenInvariantInASampleStopsItWhenTheAlarmRings() throws Exception {
        CompletableFuture<EngineException> told = new CompletableFuture<>();
        Ticket a = breakAnInvariant(2, told);
        conductor.submit(new Fact.ServerListening("x", false, false));
        assertFalse(told.isDone());
        clock.pass(Duration.ZERO); // the alarm rings
        assertEquals(EngineException.Code.BROKEN, told.get(10, TimeUnit.SECONDS).code());
        assertInstanceOf(AdmissionResult.Refused.class, a.now().orElseThrow());
        assertThrows(EngineException.class, () -> ask("a"));
    }

    /** Has commits with a decision that cannot be, from the second one on; returns a request that waits. */
    private Ticket breakAnInvariant(int checkEvery, CompletableFuture<EngineException> told) {
        AtomicReference<Boolean> lie = new AtomicReference<>(false);
        journal = answering(journal, c -> {
            List<Decision> decisions = new ArrayList<>(c.decisions());
            if (lie.get()) {
                decisions.add(new Decision.SwapCancelled(new SwapId(99), new RunId(A, 99), Reason.EXITED));
            }
            return new Commit(c.seq(), c.time(), c.monotonicNanos(), c.epoch(), c.serverRun(), c.fact(), decisions);
        });
        conductor = open(ConductorOptions.DEFAULTS.withCheckEvery(checkEvery).withOnBroken(told::complete));
        begin(Duration.ZERO);
        Ticket a = ask("a");
        lie.set(true);
        conductor.submit(new Fact.ServerListening("x", false, false));
        return a;
    }

    @Test
    void whatTheJournalCannotTakeDoesNotHappen() {
        AtomicReference<Boolean> full = new AtomicReference<>(false);
        journal = answering(journal, c -> {
            if (full.get()) {
                throw new IllegalStateException("cannot");
            }
            return c;
        });
        conductor = open(ConductorOptions.DEFAULTS);
        begin(Duration.ZERO);
        Yard before = conductor.yard();
        full.set(true);
        assertThrows(RuntimeException.class, () -> ask("a"));
        assertEquals(before, conductor.yard());
    }

    @Test
    void manyThreadsAskAndEverybodyIsAnswered() {
        journal = MemoryJournal.create();
        conductor = Conductor.open(journal, EngineClock.system(), ConductorOptions.DEFAULTS.withCheckEvery(1));
        begin(Duration.ZERO);
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            Ticket first = ask("a");
            conductor.submit(Facts.ready(run("a")));
            List<Thread> threads = new ArrayList<>();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            for (int t = 0; t < 8; t++) {
                threads.add(Thread.ofVirtual().start(() -> {
                    try {
                        for (int i = 0; i < 200; i++) {
                            Ticket ticket = ask("a");
                            assertInstanceOf(AdmissionResult.Granted.class, ticket.await());
                            conductor.submit(Facts.finished(ticket.request()));
                        }
                    } catch (Throwable e) {
                        failure.set(e);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(null, failure.get());
            conductor.submit(Facts.finished(first.request()));
        });
        assertEquals(List.of(), conductor.yard().requests());
        assertNotEquals(0, journal.head());
        conductor.close();
        journal.close();
    }
}
