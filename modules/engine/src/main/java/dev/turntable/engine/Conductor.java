package dev.turntable.engine;

import dev.turntable.event.AdmissionResult;
import dev.turntable.event.Commit;
import dev.turntable.event.Fact;
import dev.turntable.event.Outcome;
import dev.turntable.event.RequestId;
import dev.turntable.event.ShedReason;
import dev.turntable.fsm.Core;
import dev.turntable.fsm.Due;
import dev.turntable.fsm.OpenRequest;
import dev.turntable.fsm.Verdict;
import dev.turntable.fsm.Yard;
import dev.turntable.journal.Journal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The single writer: takes a fact, lets the core decide, appends the commit, moves the state on, and wakes whoever it answers.
 *
 * <p>Owns the one lock of the house and the thread that fires timers. Under the lock nothing blocks but the append, which is memory
 * mapped; forcing to disk is the business of the effects that follow the journal. Safe from any thread.
 */
public final class Conductor implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Conductor.class.getName());
    private static final long STEP_CHECK_NANOS =
            100_000_000L; // a stepped clock is noticed within this, at the next commit

    private static final AdmissionResult STOPPED = new AdmissionResult.Refused(
            ShedReason.SHUTTING_DOWN, "the server stops after an error of its own", Optional.empty());

    private final ReentrantLock lock = new ReentrantLock();
    private final Journal journal;
    private final EngineClock engineClock;
    private final CommitClock clock;
    private final ConductorOptions options;
    private final Snapshooter snapshooter;
    private final SpotCheck spotCheck;
    private final EngineClock.Alarm alarm;
    private final AtomicLong requests;
    private final long origin;
    private final Tickets tickets = new Tickets(); // guarded by lock
    private long nextStepCheck; // guarded by lock
    private EngineException broken; // guarded by lock
    private volatile Yard yard;

    private Conductor(Journal journal, EngineClock engineClock, ConductorOptions options, Folded start) {
        this.journal = journal;
        this.engineClock = engineClock;
        this.options = options;
        this.yard = start.yard();
        this.clock = new CommitClock(engineClock, start.time());
        this.origin = engineClock.monotonicNanos();
        this.nextStepCheck = origin + STEP_CHECK_NANOS;
        this.requests = new AtomicLong(start.yard().counters().requests());
        this.snapshooter = new Snapshooter(journal, options.snapshotEvery(), start.snapshot());
        this.spotCheck = new SpotCheck(options.checkEvery());
        this.alarm = engineClock.newAlarm("turntable-timers", this::ring);
        arm(yard);
    }

    /** Folds the journal, from the newest snapshot on, and is ready for the first fact. Throws {@link EngineException} UNFOLDABLE. */
    public static Conductor open(Journal journal, EngineClock clock, ConductorOptions options) {
        return new Conductor(journal, clock, options, Folded.of(journal));
    }

    /** The state now. Immutable; read without a lock. Never decide a change by what was read here: say a fact, and let the core decide. */
    public Yard yard() {
        return yard;
    }

    /** A fresh id, unique in the journal's life. */
    public RequestId newRequest() {
        return new RequestId(requests.incrementAndGet());
    }

    /** Puts a fact on the record, with what the core concludes from it. Throws {@link EngineException}, or what the journal throws. */
    public Commit submit(Fact fact) {
        List<OpenRequest> leftovers = fact instanceof Fact.ServerStarted ? yard.requests() : List.of();
        Commit commit = commit(fact, Optional.empty());
        for (OpenRequest left : leftovers) {
            commit(endOf(left), Optional.empty());
        }
        return commit;
    }

    /** The server ended before this request did; its outcome is recorded by the next run, so that every request has one. */
    private static Fact endOf(OpenRequest left) {
        return new Fact.RequestFinished(
                left.id(),
                Outcome.CANCELLED,
                0,
                0,
                Optional.empty(),
                Duration.ZERO,
                Optional.empty(),
                Optional.empty(),
                Optional.of("the server ended before the answer did"));
    }

    /** Puts an arrival on the record and asks for a lease. Never waits; when the model is ready the answer is there at once. */
    public Ticket admit(Fact.RequestArrived arrival) {
        Ticket ticket = new Ticket(this, arrival.request());
        commit(arrival, Optional.of(ticket));
        return ticket;
    }

    private Commit commit(Fact fact, Optional<Ticket> asking) {
        List<Runnable> told = new ArrayList<>(2);
        lock.lock();
        try {
            requireWhole();
            noticeStep(told);
            return commit(fact, asking, told);
        } finally {
            lock.unlock();
            tell(told);
        }
    }

    private Commit commit(Fact fact, Optional<Ticket> asking, List<Runnable> told) {
        Yard before = yard;
        Instant now = clock.now();
        Verdict verdict = Core.decide(before, fact, now);
        Commit commit = journal.append(now, engineClock.monotonicNanos() - origin, fact, verdict.decisions());
        yard = verdict.next();
        asking.ifPresent(tickets::add);
        tickets.committed(commit, yard, told);
        spotCheck.committed(before, commit, verdict.next()).ifPresent(s -> stopIf(s.violations(), commit, told));
        arm(verdict.next());
        if (fact instanceof Fact.DiskRecovered recovered && recovered.lostCommits() > 0) {
            snapshooter.demand(); // what the lost commits did to the state stands nowhere else
        }
        if (snapshooter.isDue(commit.seq()) || spotCheck.isDue()) {
            alarm.set(engineClock.monotonicNanos());
        }
        return commit;
    }

    /** Tells the answers, outside the lock; in strict durability not before they are on disk. */
    private void tell(List<Runnable> told) {
        try {
            journal.awaitAcknowledged(journal.head());
        } finally {
            told.forEach(Runnable::run);
        }
    }

    // Time

    private void noticeStep(List<Runnable> told) {
        long nanos = engineClock.monotonicNanos();
        if (nanos - nextStepCheck < 0) {
            return;
        }
        nextStepCheck = nanos + STEP_CHECK_NANOS;
        Optional<Duration> step = clock.step();
        if (step.isPresent()) {
            commit(new Fact.ClockStepped(step.get()), Optional.empty(), told);
        }
    }

    private void arm(Yard state) {
        state.nextWake().ifPresent(at -> alarm.set(clock.nanosAt(at)));
    }

    /** Fires what is due, checks a sample, and keeps a snapshot when one is due; called by the alarm. */
    private void ring() {
        try {
            fireDue();
            checkSample();
            if (snapshooter.isDue(journal.head())) {
                snapshot();
            }
        } catch (EngineException e) {
            LOG.log(System.Logger.Level.DEBUG, "the timers stop", e); // whoever broke or closed it has said so
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a timer could not be recorded; it is tried again", e);
            alarm.set(engineClock.monotonicNanos() + STEP_CHECK_NANOS);
        }
    }

    private void fireDue() {
        List<Runnable> told = new ArrayList<>();
        lock.lock();
        try {
            requireWhole();
            noticeStep(told);
            // each fired timer may move the others, so they are asked for again; every one that fires is disarmed by
            // that
            for (List<Due> due = due(); !due.isEmpty(); due = due()) {
                Due first = due.getFirst();
                commit(new Fact.TimerFired(first.timer(), first.at()), Optional.empty(), told);
            }
            arm(yard);
        } finally {
            lock.unlock();
            tell(told);
        }
    }

    private List<Due> due() {
        return yard.due(clock.now());
    }

    private void snapshot() {
        Yard state;
        Commit commit;
        List<Runnable> told = new ArrayList<>();
        lock.lock();
        try {
            requireWhole();
            commit = commit(new Fact.SnapshotDue(), Optional.empty(), told);
            state = yard;
        } finally {
            lock.unlock();
            told.forEach(Runnable::run);
        }
        snapshooter.save(commit, state);
    }

    // Health

    private void requireWhole() {
        if (broken != null) {
            throw new EngineException(broken.code(), broken.getMessage(), broken);
        }
    }

    private void checkSample() {
        Optional<SpotCheck.Sample> sample;
        lock.lock();
        try {
            sample = spotCheck.take();
        } finally {
            lock.unlock();
        }
        sample.ifPresent(s -> {
            List<String> violations = s.violations();
            List<Runnable> told = new ArrayList<>();
            lock.lock();
            try {
                stopIf(violations, s.commit(), told);
            } finally {
                lock.unlock();
                told.forEach(Runnable::run);
            }
        });
    }

    private void stopIf(List<String> violations, Commit commit, List<Runnable> told) {
        if (!violations.isEmpty() && broken == null) {
            broken = new EngineException(
                    EngineException.Code.BROKEN, "commit " + commit.seq() + ": " + String.join("; ", violations));
            LOG.log(System.Logger.Level.ERROR, "the Conductor stops: " + broken.getMessage());
            tickets.answerAll(STOPPED, told);
            Thread.ofVirtual().start(() -> options.onBroken().accept(broken));
        }
    }

    /** Keeps a last snapshot and takes no more facts. */
    @Override
    public void close() {
        try {
            if (isWhole()) {
                snapshot();
            }
        } finally {
            retire();
            alarm.close();
        }
    }

    private boolean isWhole() {
        lock.lock();
        try {
            return broken == null;
        } finally {
            lock.unlock();
        }
    }

    private void retire() {
        lock.lock();
        try {
            if (broken == null) {
                broken = new EngineException(EngineException.Code.CLOSED, "the Conductor is closed");
            }
        } finally {
            lock.unlock();
        }
    }
}
