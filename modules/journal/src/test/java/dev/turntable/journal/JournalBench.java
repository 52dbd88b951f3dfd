package dev.turntable.journal;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Outcome;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.RunId;
import dev.turntable.event.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Measures the journal with the two commits of a typical request; prints figures, asserts nothing. */
final class JournalBench {
    private static final int WARM_UP = 300_000;
    private static final int MEASURED = 1_000_000;
    private static final RunId RUN = new RunId(new ModelId("qwen3-8b-instruct"), 14);

    private final Journal journal;
    private Instant time = Commits.START;
    private long request;

    private JournalBench(Journal journal) {
        this.journal = journal;
    }

    public static void main(String[] args) throws IOException {
        Path data = Files.createTempDirectory("journal-bench");
        try {
            run(data);
        } finally {
            try (var files = Files.walk(data)) {
                files.sorted(java.util.Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    private static void run(Path data) throws IOException {
        long opening = System.nanoTime();
        Journal journal = Journals.open(data, JournalOptions.defaults());
        System.out.printf("open, cold JVM, empty          %8.0f ms%n", (System.nanoTime() - opening) / 1e6);
        JournalBench bench = new JournalBench(journal);
        bench.appends("warm-up", WARM_UP);
        bench.appends("append, nobody follows", MEASURED);
        long bytes = journal.status().bytes();
        System.out.printf("bytes a commit                 %8.0f%n", (double) bytes / journal.head());
        bench.paced("append, 1,000/s, 6 followers");
        bench.throughput(16);
        journal.close();
        bench.openings(data);
    }

    private Commit next() {
        time = time.plusNanos(1000);
        request++;
        RequestId id = new RequestId((request + 1) / 2);
        if (request % 2 == 1) {
            Fact arrived = new Fact.RequestArrived(
                    id,
                    RUN.model(),
                    Route.LOCAL,
                    "qwen3-8b",
                    "POST",
                    "/v1/chat/completions",
                    Optional.of("/v1/chat/completions"),
                    "HTTP/1.1",
                    "192.168.1.24",
                    Optional.of("openai-python/1.99.1"),
                    true,
                    Optional.empty(),
                    Optional.empty());
            return journal.append(time, request * 1000, arrived, List.of(new Decision.RequestAdmitted(id, RUN, 0)));
        }
        Fact finished = new Fact.RequestFinished(
                id,
                Outcome.OK,
                200,
                18_231,
                Optional.of(Duration.ofMillis(120)),
                Duration.ofMillis(3500),
                Optional.of("text/event-stream"),
                Optional.of(new Tokens(512, 240, 0, 0, 0, 1200.5, 68.25)),
                Optional.empty());
        return journal.append(
                time, request * 1000, finished, List.of(new Decision.TtlArmed(RUN, time.plusSeconds(300))));
    }

    private void appends(String what, int count) {
        long[] nanos = new long[count];
        long started = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long before = System.nanoTime();
            next();
            nanos[i] = System.nanoTime() - before;
        }
        print(what, nanos, System.nanoTime() - started);
    }

    /** As in a server: one commit a millisecond, followers asleep in between. */
    private void paced(String what) {
        List<Journal.Follower> followers = follow(6);
        long[] nanos = new long[5000];
        long started = System.nanoTime();
        for (int i = 0; i < nanos.length; i++) {
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
            long before = System.nanoTime();
            next();
            nanos[i] = System.nanoTime() - before;
        }
        print(what, nanos, System.nanoTime() - started);
        followers.forEach(Journal.Follower::close);
    }

    private List<Journal.Follower> follow(int count) {
        List<Journal.Follower> followers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            followers.add(journal.follow("follower-" + i, journal.head() + 1, _ -> {}));
        }
        return followers;
    }

    private void throughput(int count) {
        List<Journal.Follower> followers = follow(count);
        long started = System.nanoTime();
        for (int i = 0; i < 300_000; i++) {
            next();
        }
        double appended = (System.nanoTime() - started) / 1e9;
        while (followers.stream().anyMatch(f -> f.position() < journal.head())) {
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
        double seen = (System.nanoTime() - started) / 1e9;
        System.out.printf(
                "%d followers                   %8.0f appends/s, %8.0f commits/s seen by all%n",
                count, 300_000 / appended, 300_000 / seen);
        followers.forEach(Journal.Follower::close);
    }

    private void openings(Path data) throws IOException {
        for (int round = 0; round < 3; round++) {
            long started = System.nanoTime();
            Journal again = Journals.open(data, JournalOptions.defaults());
            System.out.printf(
                    "open after an orderly stop, %d commits  %8.0f ms%n",
                    again.head(), (System.nanoTime() - started) / 1e6);
            started = System.nanoTime();
            long read = 0;
            try (Journal.Reader reader = again.read(1)) {
                while (reader.hasNext()) {
                    reader.next();
                    read++;
                }
            }
            System.out.printf(
                    "read and decode                %8.0f commits/s%n", read / ((System.nanoTime() - started) / 1e9));
            again.close();
        }
        Files.delete(data.resolve("journal/epoch-000001/marks"));
        for (int round = 0; round < 2; round++) {
            long started = System.nanoTime();
            FramedJournal again =
                    Journals.open(FileVolume.forWriting(data, "other-boot-" + round), JournalOptions.defaults());
            System.out.printf(
                    "open in another boot (scans epoch %d)  %8.0f ms%n",
                    round + 1, (System.nanoTime() - started) / 1e6);
            again.close();
        }
    }

    private static void print(String what, long[] nanos, long total) {
        Arrays.sort(nanos);
        System.out.printf(
                "%-30s p50 %6.1f µs, p99 %6.1f µs, p99.9 %7.1f µs, %8.0f/s%n",
                what,
                nanos[nanos.length / 2] / 1e3,
                nanos[(int) (nanos.length * 0.99)] / 1e3,
                nanos[(int) (nanos.length * 0.999)] / 1e3,
                nanos.length / (total / 1e9));
    }
}
