package dev.turntable.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Actor;
import dev.turntable.event.AdmissionResult;
import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.Stage;
import dev.turntable.fsm.Core;
import dev.turntable.fsm.Run;
import dev.turntable.fsm.Verdict;
import dev.turntable.fsm.Yard;
import dev.turntable.journal.Journal;
import dev.turntable.journal.MemoryJournal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many threads at the Conductor at once: the journal is the order in which their calls took effect. In that order the pure core alone must
 * conclude the same, each call must have taken effect between its beginning and its end, and each ticket must say what the journal says.
 */
class LinearizabilityTest {
    private static final int THREADS = 8;
    private static final int STEPS = 400;
    private static final String[] MODELS = {"a", "b", "c"};

    /** A call and the head of the journal around it. */
    private record Call(long before, long seq, long after) {}

    /** One thread's work: what it called, and the tickets it holds. */
    private final class Worker {
        private final Random random;
        private final List<Call> calls = new ArrayList<>();
        private final List<Ticket> tickets = new ArrayList<>();
        private final List<Ticket> open = new ArrayList<>();

        Worker(long seed) {
            random = new Random(seed);
        }

        Worker run() {
            for (int i = 0; i < STEPS; i++) {
                step();
            }
            open.forEach(ticket -> submit(Facts.finished(ticket.request())));
            return this;
        }

        private void step() {
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    String model = MODELS[random.nextInt(MODELS.length)];
                    Ticket ticket = conductor.admit(Facts.arrival(conductor.newRequest(), model, Route.LOCAL));
                    tickets.add(ticket);
                    open.add(ticket);
                }
                case 2 ->
                    pick().ifPresent(ticket -> {
                        open.remove(ticket);
                        submit(Facts.finished(ticket.request()));
                    });
                case 3 -> pick().ifPresent(ticket -> ticket.abandon(Stage.QUEUED, Actor.REQUEST));
                case 4 -> {
                    List<Run> runs = conductor.yard().runs();
                    if (!runs.isEmpty()) {
                        Run run = runs.get(random.nextInt(runs.size()));
                        submit(run.isLeaving() ? Facts.exited(run.id()) : Facts.ready(run.id()));
                    }
                }
                default ->
                    submit(new Fact.LoadAsked(new ModelId(MODELS[random.nextInt(MODELS.length)]), Actor.OPERATOR));
            }
        }

        private Optional<Ticket> pick() {
            return open.isEmpty() ? Optional.empty() : Optional.of(open.get(random.nextInt(open.size())));
        }

        private void submit(Fact fact) {
            long before = journal.head();
            long seq = conductor.submit(fact).seq();
            calls.add(new Call(before, seq, journal.head()));
        }
    }

    private final Journal journal = MemoryJournal.create();
    private final Conductor conductor =
            Conductor.open(journal, EngineClock.system(), ConductorOptions.DEFAULTS.withCheckEvery(16));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void concurrentCallsTakeEffectOneAfterTheOther(long seed) throws Exception {
        conductor.submit(Facts.started());
        conductor.submit(Facts.config(Duration.ZERO, MODELS));
        List<Worker> workers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<Worker>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Worker worker = new Worker(seed * 1_000 + i);
                running.add(threads.submit(worker::run));
            }
            for (Future<Worker> one : running) {
                workers.add(one.get());
            }
        }
        Yard now = conductor.yard();
        Map<RequestId, AdmissionResult> told = decidedAnew(now);
        for (Worker worker : workers) {
            long last = 0;
            for (Call call : worker.calls) {
                assertTrue(call.before() < call.seq() && call.seq() <= call.after(), "outside of its call: " + call);
                assertTrue(last < call.seq(), "before an earlier call of its own thread: " + call);
                last = call.seq();
            }
            for (Ticket ticket : worker.tickets) {
                assertEquals(
                        Optional.ofNullable(told.get(ticket.request())),
                        ticket.now(),
                        ticket.request().toString());
            }
        }
        conductor.close();
    }

    /** Goes through the journal with the core alone; returns the first answer to each request. */
    private Map<RequestId, AdmissionResult> decidedAnew(Yard end) {
        Map<RequestId, AdmissionResult> told = new HashMap<>();
        Yard yard = Yard.empty();
        long seq = 0;
        try (Journal.Reader reader = journal.read(1)) {
            while (reader.hasNext()) {
                Commit commit = reader.next();
                assertEquals(++seq, commit.seq());
                Verdict verdict = Core.decide(yard, commit.fact(), commit.time());
                assertEquals(verdict.decisions(), commit.decisions(), "commit " + seq);
                yard = verdict.next();
                answers(commit, told);
            }
        }
        assertEquals(end.stateHash(), yard.stateHash());
        return told;
    }

    private static void answers(Commit commit, Map<RequestId, AdmissionResult> told) {
        for (Decision decision : commit.decisions()) {
            switch (decision) {
                case Decision.RequestAdmitted d ->
                    told.putIfAbsent(d.request(), new AdmissionResult.Granted(d.run(), d.priority()));
                case Decision.RequestShed d ->
                    told.putIfAbsent(d.request(), new AdmissionResult.Refused(d.reason(), d.detail(), d.retryAfter()));
                default -> {
                    // answers nobody
                }
            }
        }
        switch (commit.fact()) {
            case Fact.RequestAbandoned f -> told.putIfAbsent(f.request(), new AdmissionResult.Gone());
            case Fact.RequestFinished f -> told.putIfAbsent(f.request(), new AdmissionResult.Gone());
            default -> {
                // ends no request
            }
        }
    }
}
