package dev.turntable.api;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/**
 * Every answer that has no end of its own: event, log and history streams. Counts them, so that a limit holds, and ends them when the
 * server reloads or stops (llama-swap §3.8, §7.3).
 */
final class LiveStreams implements AutoCloseable {
    private final IntSupplier limit;
    private final Map<Open, Boolean> open = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** {@code limit} is asked for every new stream: {@code turntable.limits.subscribers}. */
    LiveStreams(IntSupplier limit) {
        this.limit = limit;
    }

    /** One open stream; closed by its handler when the client left or all is said. */
    final class Open implements AutoCloseable {
        private final long openedAt;
        private final Runnable end;

        private Open(long openedAt, Runnable end) {
            this.openedAt = openedAt;
            this.end = end;
        }

        @Override
        public void close() {
            open.remove(this);
        }
    }

    /**
     * Lets a stream in. Throws 503 when there are as many as the limit allows or the server stops.
     *
     * @param seq head of the journal now; a reload that is older does not end the stream
     * @param end makes the stream's handler finish; called from another thread, may be called twice
     */
    Open enter(Call call, long seq, Runnable end) {
        if (closed) {
            throw ApiException.unavailable("server is shutting down", 1);
        }
        if (open.size() >= limit.getAsInt()) {
            throw ApiException.unavailable("too many open streams", 5);
        }
        Open stream = new Open(seq, end);
        open.put(stream, true);
        call.exchange().onGone(end);
        if (closed) {
            end.run();
        }
        return stream;
    }

    int size() {
        return open.size();
    }

    /** Ends every stream that was opened before commit {@code seq}. */
    void endOlderThan(long seq) {
        open.keySet().stream().filter(s -> s.openedAt < seq).forEach(s -> s.end.run());
    }

    /** Ends all of them and lets no new one in. */
    @Override
    public void close() {
        closed = true;
        open.keySet().forEach(s -> s.end.run());
    }
}
