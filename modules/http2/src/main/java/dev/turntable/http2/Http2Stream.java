package dev.turntable.http2;

import java.io.EOFException;
import java.io.IOException;
import java.util.List;

/**
 * One request and its answer. Read and answered by the thread that serves it (or one at a time that it lends it to); what the client sends
 * comes in from the connection's own thread.
 */
public final class Http2Stream implements Answer {
    /** Data in one frame: with its head it fits into one record of TLS. */
    private static final int MAX_DATA = Frames.MAX_PAYLOAD - Frames.HEAD;

    private static final byte[] NONE = new byte[0];

    private final int id;
    private final Request request;
    private final Streams streams;
    private final Upload upload;
    private final SendWindows.SendWindow window;

    /** A header section that waits for data; known to the thread that writes. */
    private byte[] head = NONE;

    private volatile boolean ended;
    private volatile boolean takenBack;

    private boolean gone;
    private Runnable listener = () -> {};

    Http2Stream(int id, Request request, boolean whole, Streams streams) {
        this.id = id;
        this.request = request;
        this.streams = streams;
        this.upload = new Upload(id, request.length(), whole, streams);
        this.window = streams.sendWindows().open();
    }

    int id() {
        return id;
    }

    // For the thread that serves it

    public Request request() {
        return request;
    }

    /** True when there is nothing (more) to {@link #read}. */
    public boolean complete() {
        return upload.isRead();
    }

    /** The next bytes of the body, as soon as there are some; empty at its end. Throws when the client left before. */
    public byte[] read() throws IOException {
        return upload.read();
    }

    /** Calls back once, from another thread, when the client takes its request back or leaves; at once when it has. Replaces the one before. */
    public void onGone(Runnable callback) {
        synchronized (this) {
            listener = callback;
            if (!gone) {
                return;
            }
        }
        callback.run();
    }

    @Override
    public void head(int status, List<Field> fields) throws IOException {
        flush();
        head = HpackEncoder.response(status, fields);
        if (status < 200) {
            flush();
        }
    }

    @Override
    public void data(byte[] bytes, int offset, int count, boolean end) throws IOException {
        int sent = 0;
        do {
            int now = count == sent ? 0 : window.take(Math.min(count - sent, MAX_DATA));
            send(bytes, offset + sent, now, end && sent + now == count);
            sent += now;
        } while (sent < count);
    }

    @Override
    public void end(List<Field> trailers) throws IOException {
        if (!trailers.isEmpty()) {
            flush();
            head = HpackEncoder.trailers(trailers);
        }
        send(NONE, 0, 0, true);
    }

    @Override
    public void flush() throws IOException {
        if (head.length > 0) {
            send(NONE, 0, 0, false);
        }
    }

    private void send(byte[] bytes, int offset, int count, boolean end) throws IOException {
        if (ended || isGone()) {
            throw new EOFException(ended ? "the answer has ended" : "the client took its request back");
        }
        byte[] block = head;
        head = NONE;
        ended = end;
        streams.writer().answer(new FrameWriter.Piece(id, block, bytes, offset, count, end));
    }

    /** Nobody serves it any more. How it ends, when the client does not know yet: as broken off, or not to be read any further. */
    void served() {
        boolean open = isOpen();
        leave(false);
        if (open) {
            streams.cutOff(id, ended ? ErrorCode.NO_ERROR : ErrorCode.INTERNAL_ERROR);
        }
    }

    // For the connection's thread

    /** Data; {@code padding} is what came with it and is no data. */
    void received(byte[] bytes, int offset, int count, int padding) {
        if (takenBack) {
            streams.consumed(count + padding);
        }
        checkNotTakenBack();
        upload.received(bytes, offset, count, padding);
    }

    /** The request is whole; {@code sound}: what ends it may do so. */
    void end(boolean sound) {
        checkNotTakenBack();
        upload.end(sound);
    }

    private void checkNotTakenBack() {
        if (takenBack) {
            throw Http2Exception.stream(id, ErrorCode.STREAM_CLOSED, "more of a request that was taken back");
        }
    }

    /** The client takes more. */
    void widen(int increment) {
        if (!window.add(increment)) {
            throw Http2Exception.stream(id, ErrorCode.FLOW_CONTROL_ERROR, "a window too large");
        }
    }

    /** The client took its request back. */
    void takeBack() {
        takenBack = true;
        leave();
    }

    /** The client is not there any more, or does not count. */
    void leave() {
        leave(true);
    }

    private void leave(boolean tell) {
        Runnable told;
        synchronized (this) {
            told = gone || !tell ? () -> {} : listener;
            gone = true;
        }
        upload.forget();
        window.close();
        told.run();
    }

    private synchronized boolean isGone() {
        return gone;
    }

    /** True while the client counts it as under way. */
    boolean isOpen() {
        return !isGone() && !(upload.isWhole() && ended);
    }
}
