package dev.turntable.http2;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The streams of a connection that are being served, and what they share. A stream stays until its thread is done, even if its client gave
 * it up long before: a client cannot have any amount of work done at once, whatever it resets.
 */
final class Streams {
    /** The bytes of all uploads of one connection that nobody has read yet. */
    private static final int MAX_UNREAD = 1 << 20;

    /** Requests under way at once on a connection; as many as the reference allows. Further ones are refused, to be tried again. */
    static final int MAX = 250;

    /** Streams that we cut off and remember, because their client may send more for them before it knows. */
    private static final int MAX_CUT = 1000;

    private final Handler handler;
    private final FrameWriter writer;
    private final Runnable emptied;
    private final SendWindows sendWindows = new SendWindows();
    private final ReceiveWindow receiveWindow = new ReceiveWindow(MAX_UNREAD, MAX_UNREAD);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Integer, Http2Stream> served = new HashMap<>();
    private final Map<Integer, Thread> threads = new HashMap<>();
    private final SequencedSet<Integer> cut = new LinkedHashSet<>();
    private int newest;
    private boolean closed;
    private long since = System.nanoTime();

    /** {@code emptied} is called when the last stream of a closed connection has been served. */
    Streams(Handler handler, FrameWriter writer, Runnable emptied) {
        this.handler = handler;
        this.writer = writer;
        this.emptied = emptied;
    }

    FrameWriter writer() {
        return writer;
    }

    SendWindows sendWindows() {
        return sendWindows;
    }

    /** What a connection begins with beyond what every client expects. */
    byte[] firstGrant() {
        return Frames.windowUpdate(0, MAX_UNREAD - Frames.WINDOW);
    }

    /** Counts data of the whole connection as it comes. */
    void received(int bytes) {
        if (!receiveWindow.received(bytes)) {
            throw Http2Exception.connection(ErrorCode.FLOW_CONTROL_ERROR, "more data than allowed");
        }
    }

    /** Counts data that nobody holds any more. */
    void consumed(int bytes) {
        int grant = receiveWindow.consumed(bytes);
        if (grant > 0) {
            writer.control(Frames.windowUpdate(0, grant));
        }
    }

    /** The stream, while it is served. */
    Optional<Http2Stream> find(int id) {
        lock.lock();
        try {
            return Optional.ofNullable(served.get(id));
        } finally {
            lock.unlock();
        }
    }

    /** Ends a stream before its client did. */
    void cutOff(int id, ErrorCode code) {
        lock.lock();
        try {
            cut.add(id);
            if (cut.size() > MAX_CUT) {
                cut.removeFirst();
            }
        } finally {
            lock.unlock();
        }
        writer.control(Frames.reset(id, code));
    }

    /** True when what comes for a stream may have been sent before its client knew that it was cut off. */
    boolean isCut(int id) {
        lock.lock();
        try {
            return cut.contains(id);
        } finally {
            lock.unlock();
        }
    }

    /** True for a stream that has never been opened. */
    boolean isIdle(int id) {
        lock.lock();
        try {
            return id > newest;
        } finally {
            lock.unlock();
        }
    }

    /** Notes that the client opened a stream, whatever comes of it. False when it comes too late: after we said which was the last. */
    boolean open(int id) {
        lock.lock();
        try {
            newest = id;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Has a request served. {@link Http2Exception} of its stream when there is no room. */
    void serve(int id, Optional<Request> request, boolean whole) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (isFull() || !handler.admit()) {
                throw Http2Exception.stream(id, ErrorCode.REFUSED_STREAM, "no room for another request");
            }
            Request known = request.orElseGet(() -> new Request("GET", "", "/", -1, List.of()));
            Http2Stream stream = new Http2Stream(id, known, whole, this);
            served.put(id, stream);
            threads.put(id, Thread.ofVirtual().name("http2-stream-", id).start(() -> run(stream, request.isEmpty())));
        } finally {
            lock.unlock();
        }
    }

    /** Those that are over for the client do not count for it, and yet are bounded: else it could have any number of them, by resets. */
    private boolean isFull() {
        return served.size() >= 2 * MAX
                || served.size() >= MAX
                        && served.values().stream().filter(Http2Stream::isOpen).count() >= MAX;
    }

    private void run(Http2Stream stream, boolean tooLarge) {
        try {
            if (tooLarge) {
                handler.tooLarge(stream);
            } else {
                handler.serve(stream);
            }
        } finally {
            stream.served();
            if (remove(stream)) {
                emptied.run();
            }
        }
    }

    /** True when it was the last. */
    private boolean remove(Http2Stream stream) {
        lock.lock();
        try {
            served.remove(stream.id());
            threads.remove(stream.id());
            since = System.nanoTime();
            changed.signalAll();
            return closed && served.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Lets no further stream in; the newest that was. */
    int close() {
        lock.lock();
        try {
            closed = true;
            return newest;
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return served.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Nanoseconds since the last stream was served; 0 while there are some. */
    long idleNanos() {
        lock.lock();
        try {
            return served.isEmpty() ? System.nanoTime() - since : 0;
        } finally {
            lock.unlock();
        }
    }

    private List<Http2Stream> all() {
        lock.lock();
        try {
            return List.copyOf(served.values());
        } finally {
            lock.unlock();
        }
    }

    /** The client is gone, for every one of them. */
    void leave() {
        all().forEach(Http2Stream::leave);
    }

    /** Interrupts those who serve. */
    void interrupt() {
        lock.lock();
        try {
            threads.values().forEach(Thread::interrupt);
        } finally {
            lock.unlock();
        }
    }

    /** Returns when all have been served. */
    void awaitEmpty() throws InterruptedException {
        lock.lock();
        try {
            while (!served.isEmpty()) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }
}
