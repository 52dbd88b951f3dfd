package dev.turntable.app;

import dev.turntable.engine.Conductor;
import dev.turntable.event.Commit;
import dev.turntable.event.Fact;
import dev.turntable.journal.Journal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The end of a server run on the record: drain, stop every process, and never longer than the backstop (llama-swap §1.3). */
final class Shutdown {
    /** The process ends by then, no matter what. */
    private static final Duration BACKSTOP = Listening.DRAIN.plusSeconds(5);

    /** Kept back from the grace, so that those who ignore the stop signal are killed and seen to be gone. */
    private static final Duration KILL = Duration.ofSeconds(2);

    /** What processes get at least, however long the drain took. */
    private static final Duration LEAST = Duration.ofMillis(1);

    private final Conductor conductor;
    private final Journal journal;
    private final long began = System.nanoTime();
    private final AtomicBoolean drained = new AtomicBoolean();

    Shutdown(Conductor conductor, Journal journal) {
        this.conductor = conductor;
        this.journal = journal;
    }

    void begin() {
        after("backstop", BACKSTOP, () -> Runtime.getRuntime().halt(1));
        after("drain", Listening.DRAIN, this::drained);
        conductor.submit(new Fact.ServerStopping("SIGTERM", Optional.of(remaining())));
    }

    private static void after(String name, Duration time, Runnable action) {
        Thread.ofPlatform().daemon().name(name).start(() -> {
            try {
                Thread.sleep(time);
                action.run();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Who still waits is refused, and every process ordered to stop: once, when all requests have ended or their time is over. */
    private void drained() {
        if (drained.compareAndSet(false, true)) {
            Duration grace = remaining().minus(KILL);
            conductor.submit(new Fact.ServerDrained(grace.compareTo(LEAST) < 0 ? LEAST : grace));
        }
    }

    /** Has every process stopped and returns when all are gone, or the rest of the budget is. */
    void stopProcesses() {
        drained();
        var empty = new CountDownLatch(1);
        try (Journal.Follower _ = journal.follow("shutdown", journal.head(), commit -> look(commit, empty))) {
            // A follower may see the last exit a moment before the Conductor shows the state after it, so the state is
            // asked again.
            while (!conductor.yard().runs().isEmpty() && remaining().compareTo(LEAST) > 0) {
                boolean _ = empty.await(20, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(Commit commit, CountDownLatch empty) {
        if (commit.seq() >= journal.earliest() && conductor.yard().runs().isEmpty()) {
            empty.countDown();
        }
    }

    /** What is left of the 30 seconds. */
    Duration remaining() {
        Duration left = Listening.DRAIN.minusNanos(System.nanoTime() - began);
        return left.compareTo(LEAST) < 0 ? LEAST : left;
    }
}
