package dev.turntable.http2;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The body of a request between the connection's thread, which never waits, and the thread that reads it. Holds no more than its client was
 * allowed to send.
 */
final class Upload {
    /** Bytes that a stream holds at most, once somebody reads them; before, {@link Frames#WINDOW}. */
    private static final int MAX_HELD = 256 * 1024;

    private static final byte[] NONE = new byte[0];

    private final int id;
    private final long announced;
    private final Streams streams;
    private final ReceiveWindow window = new ReceiveWindow(Frames.WINDOW, MAX_HELD);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private byte[] bytes = NONE;
    private int held;
    private long received;
    private boolean whole;
    private boolean unwanted;

    /** {@code announced}: its length, if the request says so, else -1. */
    Upload(int id, long announced, boolean whole, Streams streams) {
        this.id = id;
        this.announced = announced;
        this.whole = whole;
        this.streams = streams;
    }

    /** True when the client sent all of it. */
    boolean isWhole() {
        lock.lock();
        try {
            return whole;
        } finally {
            lock.unlock();
        }
    }

    /** True when there is nothing more to read. */
    boolean isRead() {
        lock.lock();
        try {
            return whole && held == 0;
        } finally {
            lock.unlock();
        }
    }

    /** The next bytes, as soon as there are some; empty at the end. Throws when it breaks off. */
    byte[] read() throws IOException {
        byte[] taken;
        lock.lock();
        try {
            while (held == 0 && !whole && !unwanted) {
                arrived.await();
            }
            if (unwanted) {
                throw new EOFException("the client took its request back");
            }
            taken = held == bytes.length ? bytes : Arrays.copyOf(bytes, held);
            bytes = held == bytes.length ? NONE : bytes;
            held = 0;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            lock.unlock();
        }
        consumed(taken.length);
        return taken;
    }

    /** Data; {@code padding} is what came with it and is no data. */
    void received(byte[] from, int offset, int count, int padding) {
        boolean wanted = false;
        lock.lock();
        try {
            checkNotWhole();
            if (!unwanted) {
                check(count, count + padding);
                hold(from, offset, count);
                arrived.signalAll();
                wanted = true;
            }
        } finally {
            lock.unlock();
            if (!wanted) {
                streams.consumed(count + padding);
            }
        }
        if (wanted && padding > 0) {
            consumed(padding);
        }
    }

    private void checkNotWhole() {
        if (whole) {
            throw Http2Exception.stream(id, ErrorCode.STREAM_CLOSED, "more of a request behind its end");
        }
    }

    private void check(int count, int taken) {
        received += count;
        if (announced >= 0 && received > announced) {
            throw Http2Exception.stream(id, ErrorCode.PROTOCOL_ERROR, "more data than content-length");
        }
        if (!window.received(taken)) {
            throw Http2Exception.stream(id, ErrorCode.FLOW_CONTROL_ERROR, "more data than allowed");
        }
    }

    private void hold(byte[] from, int offset, int count) {
        if (bytes.length - held < count) {
            bytes = Arrays.copyOf(bytes, held == 0 ? count : Math.max(held + count, 2 * held));
        }
        System.arraycopy(from, offset, bytes, held, count);
        held += count;
    }

    /** All of it is here; {@code sound}: what ends it may do so. */
    void end(boolean sound) {
        lock.lock();
        try {
            checkNotWhole();
            if (!sound) {
                throw Http2Exception.stream(id, ErrorCode.PROTOCOL_ERROR, "no end, or a malformed one");
            }
            if (announced >= 0 && received < announced) {
                throw Http2Exception.stream(id, ErrorCode.PROTOCOL_ERROR, "less data than content-length");
            }
            whole = true;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void consumed(int count) {
        streams.consumed(count);
        int grant = window.consumed(count);
        if (grant > 0 && !isWhole()) {
            streams.writer().control(Frames.windowUpdate(id, grant));
        }
    }

    /** Nobody wants the rest of it: what is here and what still comes is forgotten. */
    void forget() {
        int unread;
        lock.lock();
        try {
            unwanted = true;
            unread = held;
            held = 0;
            bytes = NONE;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
        streams.consumed(unread);
    }
}
