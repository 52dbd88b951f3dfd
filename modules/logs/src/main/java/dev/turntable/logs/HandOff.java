package dev.turntable.logs;

import dev.turntable.event.ModelId;
import dev.turntable.event.RunId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Takes output from whoever read it, never making him wait, and gives it to the one thread that stores it. */
final class HandOff {
    /** Writes of one model that may wait (llama-swap §7.3). */
    static final int LIMIT_WRITES = 1_024;

    /** Bytes of one model that may wait; a full hand-off of the largest reads. */
    static final int LIMIT_BYTES = 8 * 1024 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<ModelId, Waiting> waiting = new HashMap<>();
    private List<Chunk> chunks = new ArrayList<>();
    private long accepted;
    private long droppedInAll;
    private boolean closed;

    /** Output of one run; {@code droppedBefore} bytes of the same model are missing in front of it. */
    record Chunk(RunId run, byte[] bytes, long droppedBefore) {}

    /** What of one model waits, and what was dropped since the last chunk that was taken in. */
    private static final class Waiting {
        int writes;
        int bytes;
        long dropped;
    }

    void offer(RunId run, byte[] bytes, int length) {
        lock.lock();
        try {
            Waiting of = waiting.computeIfAbsent(run.model(), _ -> new Waiting());
            if (closed || of.writes >= LIMIT_WRITES || of.bytes + length > LIMIT_BYTES) {
                of.dropped += length;
                droppedInAll += length;
                return;
            }
            of.writes++;
            of.bytes += length;
            accepted++;
            chunks.add(new Chunk(run, Arrays.copyOf(bytes, length), of.dropped));
            of.dropped = 0;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Everything that waits, in the order it came; blocks until there is something. Empty when closed and drained. */
    List<Chunk> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (chunks.isEmpty() && !closed) {
                changed.await();
            }
            List<Chunk> taken = chunks;
            chunks = new ArrayList<>();
            waiting.values().removeIf(of -> of.dropped == 0);
            waiting.values().forEach(of -> of.writes = of.bytes = 0);
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Chunks taken in so far. */
    long accepted() {
        lock.lock();
        try {
            return accepted;
        } finally {
            lock.unlock();
        }
    }

    long dropped() {
        lock.lock();
        try {
            return droppedInAll;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }
}
