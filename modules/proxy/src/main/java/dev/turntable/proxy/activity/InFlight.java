package dev.turntable.proxy.activity;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The model requests under way, for the web page (llama-swap §3.8), and the way to cancel one. Bounded by the number of requests; listeners
 * are called on the request's own thread and must not block.
 */
public final class InFlight {
    /** What happened to the list. */
    public sealed interface Change {
        /** A request began, or its answer made progress. */
        record Upsert(Entry entry) implements Change {}

        record Removed(long id) implements Change {}
    }

    /** Told of every change. */
    @FunctionalInterface
    public interface Listener {
        void changed(Change change);
    }

    /**
     * One request under way.
     *
     * @param id the number it has on the record
     * @param model real id, or the name as asked
     * @param path as requested; for {@code /upstream} the remaining path
     * @param requestHeaders canonical name to first value, secrets masked; never changed afterwards
     * @param responseHeaders empty until they are sent; never changed afterwards
     */
    public record Entry(
            long id,
            Instant timestamp,
            String model,
            String path,
            String method,
            SequencedMap<String, String> requestHeaders,
            String remoteIp,
            SequencedMap<String, String> responseHeaders,
            long responseBytes,
            Duration elapsed) {
        public Entry {
            requestHeaders = Collections.unmodifiableSequencedMap(requestHeaders);
            responseHeaders = Collections.unmodifiableSequencedMap(responseHeaders);
        }
    }

    private final Map<Long, Tracked> tracked = new ConcurrentHashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    public InFlight() {}

    /** Every request under way, ordered by its beginning. */
    public List<Entry> snapshot() {
        return tracked.values().stream()
                .map(Tracked::entry)
                .sorted(Comparator.comparing(Entry::timestamp).thenComparing(Entry::id))
                .toList();
    }

    /** Ends a subscription. */
    @FunctionalInterface
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    /** Adds a listener until the answer is closed. */
    public Subscription listen(Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Cancels a request. False when there is none of that id. */
    public boolean cancel(long id) {
        Tracked request = tracked.get(id);
        if (request == null) {
            return false;
        }
        request.cancel.run();
        return true;
    }

    /** How many are under way. */
    public int size() {
        return tracked.size();
    }

    /** Puts a request on the list; {@code cancel} ends it from any thread. */
    public Tracked begin(Entry entry, Runnable cancel, long nowNanos) {
        Tracked request = new Tracked(entry, cancel, nowNanos);
        tracked.put(entry.id(), request);
        tell(new Change.Upsert(entry));
        return request;
    }

    private void tell(Change change) {
        for (Listener listener : listeners) {
            listener.changed(change);
        }
    }

    /** A request on the list; used by its own thread. */
    public final class Tracked {
        /** At most one update of the byte count in this time, per request. */
        private static final long BYTES_PERIOD = Duration.ofMillis(250).toNanos();

        private final Entry begun;
        private final Runnable cancel;
        private final long startNanos;
        private volatile SequencedMap<String, String> responseHeaders = Collections.emptySortedMap();
        private volatile long bytes;
        private volatile long lastTold;

        private Tracked(Entry begun, Runnable cancel, long startNanos) {
            this.begun = begun;
            this.cancel = cancel;
            this.startNanos = startNanos;
            this.lastTold = startNanos;
        }

        public void headers(SequencedMap<String, String> headers) {
            responseHeaders = headers;
            if (!listeners.isEmpty()) {
                tell(new Change.Upsert(entry()));
            }
        }

        public void bytes(long total, long nowNanos) {
            bytes = total;
            if (nowNanos - lastTold >= BYTES_PERIOD) {
                lastTold = nowNanos;
                if (!listeners.isEmpty()) {
                    tell(new Change.Upsert(entry()));
                }
            }
        }

        public void end() {
            if (tracked.remove(begun.id(), this)) {
                tell(new Change.Removed(begun.id()));
            }
        }

        Entry entry() {
            return new Entry(
                    begun.id(),
                    begun.timestamp(),
                    begun.model(),
                    begun.path(),
                    begun.method(),
                    begun.requestHeaders(),
                    begun.remoteIp(),
                    responseHeaders,
                    bytes,
                    Duration.ofNanos(System.nanoTime() - startNanos));
        }
    }

    /** The listing's way to name one: a decimal number; anything else names none. */
    public static Optional<Long> parseId(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }
}
