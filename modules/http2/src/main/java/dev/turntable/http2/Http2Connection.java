package dev.turntable.http2;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A client's connection: many requests at once, each served by a virtual thread of its own. {@link #run} reads on the caller's thread until
 * the client is gone; {@link #drain} and {@link #abort} end it from another.
 *
 * <pre>{@code
 * var connection = new Http2Connection(socket.getInputStream(), socket.getOutputStream(), () -> close(socket), handler, 1 << 20);
 * connection.run();
 * }</pre>
 */
public final class Http2Connection {
    private static final System.Logger LOG = System.getLogger(Http2Connection.class.getName());

    /** A client that was told good-bye gets this long to close, so that nothing it has yet to read is lost. */
    private static final long FAREWELL_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What is read away from a client that broke the rules, so that it gets to read why. */
    private static final int MAX_AWAY = 2 << 20;

    private final Runnable close;
    private final FrameWriter writer;
    private final Streams streams;
    private final Incoming incoming;
    private final int headerLimit;
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicBoolean bye = new AtomicBoolean();
    private volatile boolean aborted;

    /**
     * Both directions of a connection on which HTTP/2 was agreed.
     *
     * @param close ends both directions at once and from any thread, so that whoever reads or writes gets an exception
     * @param headerLimit most bytes of a request's header
     */
    public Http2Connection(InputStream in, OutputStream out, Runnable close, Handler handler, int headerLimit) {
        this.close = close;
        this.headerLimit = headerLimit;
        this.writer = new FrameWriter(out, close);
        this.streams = new Streams(handler, writer, this::farewell);
        this.incoming = new Incoming(in, streams, headerLimit);
        writer.first(settings());
    }

    private byte[] settings() {
        return Frames.settings(Frames.SETTING_STREAMS, Streams.MAX, Frames.SETTING_HEADERS, headerLimit);
    }

    /** Reads and has requests served; returns when the connection has ended and the last of them is done. */
    public void run() {
        try {
            writer.control(streams.firstGrant());
            incoming.run();
        } catch (Http2Exception violation) {
            LOG.log(System.Logger.Level.DEBUG, "the client broke a rule: {0}", violation.getMessage());
            bye(violation.code());
        } catch (IOException lost) {
            LOG.log(System.Logger.Level.TRACE, "connection lost", lost);
        } finally {
            end();
        }
    }

    private void bye(ErrorCode code) {
        writer.control(Frames.goAway(streams.close(), code));
        streams.leave();
        farewell();
        try {
            incoming.away(MAX_AWAY);
        } catch (IOException gone) {
            LOG.log(System.Logger.Level.TRACE, "connection lost", gone);
        }
    }

    private void end() {
        over.countDown();
        streams.close();
        if (aborted || Thread.interrupted()) {
            streams.interrupt();
        } else {
            streams.leave();
        }
        close.run();
        try {
            streams.awaitEmpty();
        } catch (InterruptedException stopping) {
            streams.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it in order: no further requests, those under way are answered. Returns at once. */
    public void drain() {
        if (bye.compareAndSet(false, true)) {
            boolean quiet = quiet();
            writer.control(Frames.goAway(streams.close(), ErrorCode.NO_ERROR));
            if (quiet) {
                close.run();
            } else if (streams.isEmpty()) {
                farewell();
            }
        }
    }

    /** Ends it at once: interrupts who serves its requests. */
    public void abort() {
        aborted = true;
        streams.interrupt();
        close.run();
    }

    /** True when it can be ended at once and nothing is lost: no request is under way, and the last answer has been read. */
    public boolean quiet() {
        return streams.idleNanos() > FAREWELL_NANOS;
    }

    /** For how long no request has been under way; 0 while one is. */
    public long idleNanos() {
        return streams.idleNanos();
    }

    /** Closes when the client does not do so in time. */
    private void farewell() {
        if (over.getCount() == 0) {
            return;
        }
        Thread.ofVirtual().name("http2-farewell").start(() -> {
            try {
                if (!over.await(FAREWELL_NANOS, TimeUnit.NANOSECONDS)) {
                    close.run();
                }
            } catch (InterruptedException stopping) {
                close.run();
            }
        });
    }
}
