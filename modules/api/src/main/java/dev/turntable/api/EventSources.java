package dev.turntable.api;

import dev.turntable.logs.LogListener;
import dev.turntable.logs.LogSource;
import dev.turntable.logs.LogStreams;
import dev.turntable.proxy.activity.InFlight;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/**
 * Carries what is not in the journal to the listeners of {@code /api/events}: log text and the list of requests under way.
 *
 * <p>Owns three virtual threads, one a source; a request that changes the list only leaves a note here.
 */
final class EventSources implements AutoCloseable {
    /** Notes that wait; when there are more, they are dropped and everybody gets the whole list instead (llama-swap §3.8). */
    private static final int OUTBOX = 128;

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final EventHub hub;
    private final LogStreams logs;
    private final InFlight inFlight;
    private final InFlight.Subscription subscription;
    private final ArrayDeque<InFlight.Change> outbox = new ArrayDeque<>();
    private final List<LogListener> taps;
    private boolean overflowed;
    private boolean closed;

    EventSources(EventHub hub, LogStreams logs, InFlight inFlight) {
        this.hub = hub;
        this.logs = logs;
        this.inFlight = inFlight;
        this.taps = List.of(tap("proxy", new LogSource.Proxy()), tap("upstream", new LogSource.Upstream()));
        this.subscription = inFlight.listen(this::note);
        Thread.ofVirtual().name("events-inflight").start(this::carry);
    }

    private LogListener tap(String name, LogSource source) {
        LogListener listener = logs.listen(source, false);
        Thread.ofVirtual().name("events-log-" + name).start(() -> {
            try {
                while (!listener.over()) {
                    listener.next(PATIENCE)
                            .filter(chunk -> hub.anybody())
                            .ifPresent(chunk -> hub.publish(hub.messages().log(name, chunk)));
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        return listener;
    }

    /** Called on a request's own thread: never waits for more than the lock. */
    private void note(InFlight.Change change) {
        if (!hub.anybody()) {
            return;
        }
        synchronized (outbox) {
            if (outbox.size() >= OUTBOX) {
                outbox.clear();
                overflowed = true;
            }
            if (!overflowed) {
                outbox.add(change);
            }
            outbox.notifyAll();
        }
    }

    private void carry() {
        try {
            while (true) {
                Optional<InFlight.Change> change;
                synchronized (outbox) {
                    while (outbox.isEmpty() && !overflowed && !closed) {
                        outbox.wait();
                    }
                    if (closed) {
                        return;
                    }
                    change = overflowed ? Optional.empty() : Optional.of(outbox.remove());
                    overflowed = false;
                }
                hub.publish(change.map(hub.messages()::inFlight)
                        .orElseGet(() -> hub.messages().inFlight(inFlight.snapshot())));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        subscription.close();
        taps.forEach(LogListener::close);
        synchronized (outbox) {
            closed = true;
            outbox.notifyAll();
        }
    }
}
