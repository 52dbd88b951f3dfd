package dev.turntable.http2;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What may still be sent to a client (RFC 9113 §5.2): on the connection and on each stream. Whoever has more to send waits here, and so does
 * not read from its upstream: a client that does not read holds up what it asked for, and nothing else. Room on the connection goes round
 * among those who wait for it, and wakes one of them at a time: else a client could have all of them woken for every byte it allows.
 */
final class SendWindows {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Set<SendWindow> streams = new HashSet<>();
    private long connection = Frames.WINDOW;
    private long initial = Frames.WINDOW;

    SendWindow open() {
        lock.lock();
        try {
            SendWindow window = new SendWindow(initial);
            streams.add(window);
            return window;
        } finally {
            lock.unlock();
        }
    }

    /** The client takes more on the connection. False beyond what can be. */
    boolean add(int increment) {
        lock.lock();
        try {
            connection += increment;
            room.signal();
            return connection <= Frames.MAX_WINDOW;
        } finally {
            lock.unlock();
        }
    }

    /** Another size for streams to come, and the difference for those that are there; a window may fall below zero. */
    boolean initial(int size) {
        lock.lock();
        try {
            long more = size - initial;
            initial = size;
            boolean sound = true;
            for (SendWindow window : streams) {
                window.left += more;
                window.widened.signal();
                sound &= window.left <= Frames.MAX_WINDOW;
            }
            return sound;
        } finally {
            lock.unlock();
        }
    }

    /** The window of one stream. */
    final class SendWindow {
        private final Condition widened = lock.newCondition();
        private long left;
        private boolean closed;

        private SendWindow(long left) {
            this.left = left;
        }

        /** The client takes more on this stream. False beyond what can be. */
        boolean add(int increment) {
            lock.lock();
            try {
                left += increment;
                widened.signal();
                return left <= Frames.MAX_WINDOW;
            } finally {
                lock.unlock();
            }
        }

        /** Waits until something may be sent; how much of it. Throws when the stream is over. */
        int take(int wanted) throws IOException {
            lock.lock();
            try {
                while (!closed && (left <= 0 || connection <= 0)) {
                    if (connection <= 0) {
                        room.await();
                    } else {
                        // Whoever is woken for room and has no use for it passes it on.
                        room.signal();
                        widened.await();
                    }
                }
                if (closed) {
                    throw new EOFException("the stream is over");
                }
                int taken = (int) Math.min(wanted, Math.min(left, connection));
                left -= taken;
                connection -= taken;
                return taken;
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            } finally {
                if (connection > 0) {
                    room.signal();
                }
                lock.unlock();
            }
        }

        /** The stream is over: nobody waits here any more. */
        void close() {
            lock.lock();
            try {
                closed = true;
                streams.remove(this);
                widened.signal();
                room.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
