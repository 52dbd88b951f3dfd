package dev.turntable.bench;

import dev.turntable.engine.Conductor;
import dev.turntable.engine.ConductorOptions;
import dev.turntable.engine.EngineClock;
import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.RunId;
import dev.turntable.fsm.Core;
import dev.turntable.fsm.Verdict;
import dev.turntable.fsm.Yard;
import dev.turntable.journal.Journal;
import dev.turntable.journal.JournalOptions;
import dev.turntable.journal.Journals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * The journal and the Conductor by themselves, with commits as requests make them. Prints {@code name=figure} lines; one argument: a
 * folder that is not there yet. Or {@code fill}, a folder and a number: a journal of so many commits.
 */
final class JournalClient {
    private static final int PACED = 40_000;
    private static final int FAST = 400_000;
    private static final int FOLLOWERS = 16;
    private static final ModelId MODEL = Facts.model(0);

    private static final List<Fact> START = List.of(
            Facts.started(),
            Facts.configured(1),
            Facts.arrived(1, MODEL),
            Facts.spawned(run(1)),
            Facts.ready(run(1)),
            Facts.finished(1));

    private record Step(Fact fact, List<Decision> decisions) {}

    private JournalClient() {}

    public static void main(String[] args) throws IOException {
        if (args[0].equals("fill")) {
            fill(Path.of(args[1]), Integer.parseInt(args[2]));
            return;
        }
        Path folder = Path.of(args[0]);
        appends(folder.resolve("paced"));
        flood(folder.resolve("warm-up"));
        Flood flood = flood(folder.resolve("fast"));
        IO.println("journal, commits/s with 16 followers=" + flood.written());
        IO.println("journal, commits/s until all 16 have them=" + flood.seen());
        fold(folder.resolve("fast"));
        admissions(folder.resolve("engine"));
    }

    /** Decisions made beforehand: a model gets ready, then requests come and go. */
    private static List<Step> steps(int commits) {
        List<Step> steps = new ArrayList<>(commits);
        Yard yard = Yard.empty();
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        for (Fact fact : START) {
            Verdict verdict = Core.decide(yard, fact, now);
            steps.add(new Step(fact, verdict.decisions()));
            yard = verdict.next();
        }
        for (long request = 2; steps.size() < commits; request++) {
            for (Fact fact : List.of(Facts.arrived(request, MODEL), Facts.finished(request))) {
                now = now.plusNanos(10_000);
                Verdict verdict = Core.decide(yard, fact, now);
                steps.add(new Step(fact, verdict.decisions()));
                yard = verdict.next();
            }
        }
        return steps;
    }

    /** The facts of requests 2, 3 and so on, each of which comes and goes. */
    private static Fact visit(int index) {
        long request = 2 + index / 2;
        return index % 2 == 0 ? Facts.arrived(request, MODEL) : Facts.finished(request);
    }

    private static RunId run(long number) {
        return new RunId(MODEL, number);
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    /** Commits as they come from a busy server: some 2,000 a second. */
    private static void appends(Path folder) {
        List<Step> steps = steps(PACED);
        var times = new Quantiles();
        try (Journal journal = Journals.open(folder, JournalOptions.defaults())) {
            for (int i = 0; i < FOLLOWERS; i++) {
                journal.follow("bench-" + i, 1, _ -> {});
            }
            Instant time = now();
            for (int i = 0; i < steps.size(); i++) {
                Step step = steps.get(i);
                Instant now = now();
                time = now.isBefore(time) ? time : now;
                long began = System.nanoTime();
                journal.append(time, began, step.fact, step.decisions);
                if (i >= PACED / 2) {
                    times.add(System.nanoTime() - began);
                }
                if (i % 4 == 0) {
                    LockSupport.parkNanos(1_000_000);
                }
            }
        }
        IO.println("journal append, p50, µs=" + times.at(0.5) / 1e3);
        IO.println("journal append, p99, µs=" + times.at(0.99) / 1e3);
    }

    private static void fill(Path folder, int commits) {
        Yard yard = Yard.empty();
        try (Journal journal = Journals.open(folder, JournalOptions.defaults())) {
            for (int i = 0; i < commits; i++) {
                Instant now = now();
                Fact fact = i < START.size() ? START.get(i) : visit(i - START.size());
                Verdict verdict = Core.decide(yard, fact, now);
                journal.append(now, System.nanoTime(), fact, verdict.decisions());
                yard = verdict.next();
            }
        }
    }

    /** Commits a second: put on record, and seen by every follower. */
    private record Flood(double written, double seen) {}

    private static Flood flood(Path folder) {
        List<Step> steps = steps(FAST);
        var handed = new LongAdder();
        try (Journal journal = Journals.open(folder, JournalOptions.defaults())) {
            for (int i = 0; i < FOLLOWERS; i++) {
                journal.follow("bench-" + i, 1, _ -> handed.increment());
            }
            Instant time = now();
            long began = System.nanoTime();
            for (Step step : steps) {
                Instant now = now();
                time = now.isBefore(time) ? time : now;
                journal.append(time, 0, step.fact, step.decisions);
            }
            double written = steps.size() / ((System.nanoTime() - began) / 1e9);
            while (handed.sum() < (long) FOLLOWERS * FAST) {
                LockSupport.parkNanos(1_000_000);
            }
            return new Flood(written, steps.size() / ((System.nanoTime() - began) / 1e9));
        }
    }

    private static void fold(Path folder) throws IOException {
        try (Journal journal = Journals.open(folder, JournalOptions.defaults())) {
            for (int pass = 0; pass < 3; pass++) {
                long began = System.nanoTime();
                Yard yard = Yard.empty();
                long commits = 0;
                try (Journal.Reader reader = journal.read(1)) {
                    while (reader.hasNext()) {
                        Commit commit = reader.next();
                        yard = Core.apply(yard, commit);
                        commits++;
                    }
                }
                if (pass == 2) {
                    IO.println("journal, commits folded a second=" + commits / ((System.nanoTime() - began) / 1e9));
                }
            }
            IO.println("journal, bytes a commit=" + payload(folder) / (double) journal.head());
        }
    }

    /** Bytes that are not zero-filled room for later: blocks in use. */
    private static long payload(Path folder) throws IOException {
        long bytes = 0;
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += file.toString().endsWith(".cq4") ? written(file) : 0;
            }
        }
        return bytes;
    }

    private static long written(Path file) throws IOException {
        byte[] block = new byte[1 << 16];
        long end = 0;
        long at = 0;
        try (var in = Files.newInputStream(file)) {
            for (int n = in.read(block); n > 0; n = in.read(block)) {
                for (int i = n - 1; i >= 0; i--) {
                    if (block[i] != 0) {
                        end = at + i + 1;
                        break;
                    }
                }
                at += n;
            }
        }
        return end;
    }

    /** What a proxied request pays: arrival decided and on the record, later its end. */
    private static void admissions(Path folder) {
        var times = new Quantiles();
        try (Journal journal = Journals.open(folder, JournalOptions.defaults());
                Conductor conductor = Conductor.open(journal, EngineClock.system(), ConductorOptions.DEFAULTS)) {
            for (int i = 0; i < FOLLOWERS; i++) {
                journal.follow("bench-" + i, 1, _ -> {});
            }
            conductor.submit(Facts.started());
            conductor.submit(Facts.configured(1));
            conductor.submit(Facts.arrived(conductor.newRequest().number(), MODEL));
            conductor.submit(Facts.spawned(run(1)));
            conductor.submit(Facts.ready(run(1)));
            for (int i = 0; i < PACED; i++) {
                long request = conductor.newRequest().number();
                Fact.RequestArrived arrived = Facts.arrived(request, MODEL);
                Fact.RequestFinished finished = Facts.finished(request);
                long began = System.nanoTime();
                conductor.admit(arrived);
                conductor.submit(finished);
                if (i >= PACED / 2) {
                    times.add(System.nanoTime() - began);
                }
                if (i % 2 == 0) {
                    LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
                }
            }
        }
        IO.println("admit and finish, p50, µs=" + times.at(0.5) / 1e3);
        IO.println("admit and finish, p99, µs=" + times.at(0.99) / 1e3);
    }
}
