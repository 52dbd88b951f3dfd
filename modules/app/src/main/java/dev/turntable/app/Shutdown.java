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
import java.util.function.Consumer;

/**
 * The end of a server run on the record (docs/decisions/0070-stopping.md).
 *
 * <pre>
 *  from                       who waits   starts       served             idle, or served to the end   after its unloadTimeout
 *  the signal                 told        broken off   may end            told to stop                 killed
 *  30 s later                 -           -            cut, told to stop  -                            killed, 10 s later at the latest
 *  a second signal            -           -            cut, killed        killed                       -
 * </pre>
 *
 * <p>The process ends 45 s after the first signal, and 5 s after the second, whatever is left.
 */
final class Shutdown {
    /** What a process gets at least, if it wants so much, however long its requests took. */
    private static final Duration LAST_GRACE = Duration.ofSeconds(10);

    /** For what was killed to be gone, and for the last words on the record. */
    private static final Duration REST = Duration.ofSeconds(5);

    /** A client that takes nothing for so long is not waited for. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private static final Duration LEAST = Duration.ofMillis(1);

    private final Conductor conductor;
    private final Journal journal;
    private final AtomicBoolean drained = new AtomicBoolean();
    private final CountDownLatch told = new CountDownLatch(1);
    private String signal = "";
    private Optional<String> forced = Optional.empty();
    private Optional<Thread> listening = Optional.empty();
    private long began;
    private boolean begun;

    Shutdown(Conductor conductor, Journal journal) {
        this.conductor = conductor;
        this.journal = journal;
    }

    /** The first one is what {@link #await} waits for, the next ends all patience. Any thread; returns at once. */
    synchronized void signalled(String name) {
        if (signal.isEmpty()) {
            signal = name;
            told.countDown();
        } else if (forced.isEmpty()) {
            forced = Optional.of(name);
            if (begun) {
                force();
            }
        }
    }

    /** Waits for the signal to stop. */
    void await() throws InterruptedException {
        told.await();
    }

    /** Nobody new is let in, and whoever need not be waited for goes. */
    synchronized void begin() {
        begun = true;
        began = System.nanoTime();
        after("backstop", Listening.DRAIN.plus(LAST_GRACE).plus(REST), () -> Runtime.getRuntime()
                .halt(1));
        after("drain", Listening.DRAIN, this::drained);
        conductor.submit(new Fact.ServerStopping(signal.isEmpty() ? "stop" : signal, Optional.of(left())));
        forced.ifPresent(name -> force());
    }

    private void force() {
        after("forced", REST, () -> Runtime.getRuntime().halt(1));
        drained.set(true);
        conductor.submit(new Fact.ServerForced(forced.orElseThrow()));
        listening.ifPresent(Thread::interrupt);
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

    /**
     * Stops the listener, which waits for the requests being served; a second signal, or the end of their time, cuts them.
     *
     * @param hangUp ends the connections of clients that have not read for so long: nobody waits for those
     */
    void stopListening(Runnable stop, Consumer<Duration> hangUp) throws InterruptedException {
        Thread stopping = Thread.ofPlatform().name("stop-listening").unstarted(stop);
        synchronized (this) {
            listening = Optional.of(stopping);
            stopping.start();
            if (forced.isPresent()) {
                stopping.interrupt();
            }
        }
        while (!stopping.join(LOOK_EVERY)) {
            hangUp.accept(PATIENCE);
        }
    }

    /** Every process that is still there is ordered to stop: once, when all requests have ended or their time is over. */
    private void drained() {
        if (drained.compareAndSet(false, true)) {
            conductor.submit(new Fact.ServerDrained(left()));
        }
    }

    /** Has every process stopped and returns when all are gone, or the time for it is. */
    void stopProcesses() throws InterruptedException {
        drained();
        var empty = new CountDownLatch(1);
        try (Journal.Follower _ = journal.follow("shutdown", journal.head(), commit -> look(commit, empty))) {
            // A follower may see the last exit a moment before the Conductor shows the state after it, so the state is
            // asked again.
            while (!conductor.yard().runs().isEmpty() && left().compareTo(LEAST) > 0) {
                boolean _ = empty.await(20, TimeUnit.MILLISECONDS);
            }
        }
    }

    private void look(Commit commit, CountDownLatch empty) {
        if (commit.seq() >= journal.earliest() && conductor.yard().runs().isEmpty()) {
            empty.countDown();
        }
    }

    /** Until the last process must have been killed. */
    private Duration left() {
        Duration left = Listening.DRAIN.plus(LAST_GRACE).minusNanos(System.nanoTime() - began);
        return left.compareTo(LEAST) < 0 ? LEAST : left;
    }
}
