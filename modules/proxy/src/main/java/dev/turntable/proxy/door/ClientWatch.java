package dev.turntable.proxy.door;

import io.helidon.common.socket.HelidonSocket;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Notices at once that a client left while its request waits or its answer comes: a thread of its own reads ahead on the connection, and the
 * end of the stream is the news. What it reads instead is the client's next request and is handed on when its turn comes. Starts only when
 * somebody wants to know, and owns no timer. A client that shuts only its own direction down counts as gone, as with the reference.
 */
public final class ClientWatch {
    /** A client may send requests ahead up to here; beyond, it is not listened to until its turn comes. */
    private static final int MAX_AHEAD = 64 * 1024;

    private final HelidonSocket socket;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<byte[]> ahead = new ArrayDeque<>();
    private int aheadBytes;
    private int waiters;
    private boolean reading;
    private boolean ended;
    private boolean closing;
    private Runnable listener = () -> {};

    ClientWatch(HelidonSocket socket) {
        this.socket = socket;
    }

    /** Calls back once when the client leaves, from another thread; at once when it has left already. Replaces the one before. */
    public void onGone(Runnable callback) {
        boolean now;
        lock.lock();
        try {
            if (closing) {
                return;
            }
            listener = callback;
            now = ended;
            if (!ended && !reading && aheadBytes < MAX_AHEAD) {
                reading = true;
                Thread.ofVirtual().name("client-watch").start(this::readAhead);
            }
        } finally {
            lock.unlock();
        }
        if (now) {
            callback.run();
        }
    }

    /** Nobody wants to know any more. */
    public void quiet() {
        lock.lock();
        try {
            listener = () -> {};
        } finally {
            lock.unlock();
        }
    }

    /** From here on the connection ends because we close it, and not because the client left. */
    void closing() {
        lock.lock();
        try {
            closing = true;
            listener = () -> {};
        } finally {
            lock.unlock();
        }
    }

    private void readAhead() {
        boolean more = true;
        while (more) {
            byte[] bytes = read();
            Runnable tell = () -> {};
            lock.lock();
            try {
                if (bytes == null) {
                    ended = true;
                    tell = listener;
                } else {
                    ahead.add(bytes);
                    aheadBytes += bytes.length;
                }
                more = !ended && aheadBytes < MAX_AHEAD && waiters == 0;
                reading = more;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            tell.run();
        }
    }

    /** The next bytes of the client; null when it has left. The only way to read from the connection. */
    byte[] next() {
        lock.lock();
        try {
            waiters++;
            while (ahead.isEmpty() && !ended && reading) {
                changed.awaitUninterruptibly();
            }
            if (!ahead.isEmpty()) {
                byte[] bytes = ahead.poll();
                aheadBytes -= bytes.length;
                return bytes;
            }
            if (ended) {
                return null;
            }
        } finally {
            waiters--;
            lock.unlock();
        }
        return read();
    }

    /** Reads away what the client still sends, for so long at most: an answer is lost if its connection is closed over unread bytes. */
    void drain(Duration atMost) {
        Thread reader = Thread.ofVirtual().name("client-drain").start(() -> {
            byte[] bytes = next();
            while (bytes != null) {
                bytes = next();
            }
        });
        try {
            reader.join(atMost);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private byte[] read() {
        try {
            return socket.get();
        } catch (UncheckedIOException | IllegalStateException lost) {
            return null;
        }
    }
}
