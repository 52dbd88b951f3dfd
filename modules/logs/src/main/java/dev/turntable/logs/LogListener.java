package dev.turntable.logs;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One reader of a stream: the history first, if it was asked for, then what is written from then on, without a gap or a repetition.
 *
 * <p>A reader that is too slow loses chunks, never the writer its time; the next chunk it gets is preceded by a line that says how many
 * bytes are missing. Close it when the reader leaves.
 */
public final class LogListener implements AutoCloseable {
    /** Live bytes that wait for one reader; several seconds of a chatty upstream. */
    static final int LIMIT_BYTES = 256 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<byte[]> chunks = new ArrayDeque<>();
    private final Runnable onClose;
    private byte[] history;
    private long waiting;
    private long dropped;
    private boolean over;

    LogListener(byte[] history, Runnable onClose) {
        this.onClose = onClose;
        this.history = history;
    }

    /** The marker that stands where bytes are missing (llama-swap §7.3). */
    static byte[] marker(long dropped) {
        return ("\n— " + dropped + " bytes dropped —\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Hands a chunk over; the array is never changed afterwards. Never waits for the reader. */
    void offer(byte[] chunk) {
        lock.lock();
        try {
            if (over) {
                return;
            }
            if (waiting + chunk.length > LIMIT_BYTES) {
                dropped += chunk.length;
                return;
            }
            if (dropped > 0) {
                add(marker(dropped));
                dropped = 0;
            }
            add(chunk);
        } finally {
            lock.unlock();
        }
    }

    private void add(byte[] chunk) {
        chunks.add(chunk);
        waiting += chunk.length;
        changed.signalAll();
    }

    /** The next chunk, waiting for it at most this long. Empty when none came in time or none will ever come; {@link #over} tells which. */
    public Optional<byte[]> next(Duration atMost) throws InterruptedException {
        long nanos = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            if (history.length > 0) {
                byte[] first = history;
                history = new byte[0];
                return Optional.of(first);
            }
            while (chunks.isEmpty() && !over && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            byte[] chunk = chunks.poll();
            if (chunk == null) {
                return Optional.empty();
            }
            waiting -= chunk.length;
            return Optional.of(chunk);
        } finally {
            lock.unlock();
        }
    }

    /** True when the stream has ended and everything was taken. */
    public boolean over() {
        lock.lock();
        try {
            return over && chunks.isEmpty() && history.length == 0;
        } finally {
            lock.unlock();
        }
    }

    /** No more chunks will come. */
    void end() {
        lock.lock();
        try {
            over = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        end();
        onClose.run();
    }
}
