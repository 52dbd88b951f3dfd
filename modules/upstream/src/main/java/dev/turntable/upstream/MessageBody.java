package dev.turntable.upstream;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;

/**
 * The body of one message, read in place: {@link #ready} shows a window of bytes in the connection's own buffer, {@link #consume} moves
 * past them. Never reads beyond the body's end.
 */
public final class MessageBody {
    /** How the end of a body is known. */
    public enum Framing {
        NONE,
        LENGTH,
        CHUNKED,
        CLOSE
    }

    private static final int MAX_CHUNK_LINE = 4096;

    private final Input in;
    private final Framing framing;
    private final long length;
    private long left;
    private boolean betweenChunks;
    private boolean done;
    private Headers trailers = new Headers();

    private MessageBody(Input in, Framing framing, long length) {
        this.in = in;
        this.framing = framing;
        this.length = length;
        this.left = framing == Framing.LENGTH ? length : 0;
        this.done = framing == Framing.NONE || framing == Framing.LENGTH && length == 0;
    }

    public static MessageBody none(Input in) {
        return new MessageBody(in, Framing.NONE, 0);
    }

    /** A body that ends where its input ends, whose length may be known before; -1 for unknown. */
    public static MessageBody ofStream(Input in, long length) {
        return length < 0 ? new MessageBody(in, Framing.CLOSE, -1) : new MessageBody(in, Framing.LENGTH, length);
    }

    /** The body of an answer to a request of this method. */
    public static MessageBody ofResponse(Input in, ResponseHead head, String method) {
        if (method.equals("HEAD") || head.status() < 200 || head.status() == 204 || head.status() == 304) {
            return none(in);
        }
        List<String> codings = head.headers().all("Transfer-Encoding");
        if (!codings.isEmpty()) {
            if (codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked")) {
                return new MessageBody(in, Framing.CHUNKED, -1);
            }
            throw new WireException(502, "unsupported transfer encoding");
        }
        long length = contentLength(head.headers(), 502);
        return length < 0 ? new MessageBody(in, Framing.CLOSE, -1) : new MessageBody(in, Framing.LENGTH, length);
    }

    /** The declared length, -1 without one. */
    static long contentLength(Headers headers, int status) {
        long length = -1;
        for (String value : headers.all("Content-Length")) {
            long one = digits(value);
            if (one < 0 || length >= 0 && length != one) {
                throw new WireException(status, "bad Content-Length");
            }
            length = one;
        }
        return length;
    }

    private static long digits(String text) {
        if (text.isEmpty() || text.length() > 18) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    public Framing framing() {
        return framing;
    }

    /** True when there is a body whose length is not known before its end: it is passed on in chunks. */
    public boolean endless() {
        return framing == Framing.CHUNKED || framing == Framing.CLOSE;
    }

    /** The declared length; -1 when it is not known before the end. */
    public long length() {
        return length;
    }

    /** True when everything was consumed, trailers included. */
    public boolean done() {
        return done;
    }

    public Headers trailers() {
        return trailers;
    }

    /** Bytes that can be consumed now, blocking for the first if {@code block}; 0 at the end, or when it would have to block. */
    public int ready(boolean block) throws IOException {
        while (!done) {
            if (framing == Framing.CHUNKED && left == 0 && !nextChunk(block)) {
                return 0;
            }
            if (done) {
                return 0;
            }
            if (in.buffered() > 0) {
                return framing == Framing.CLOSE ? in.buffered() : (int) Math.min(in.buffered(), left);
            }
            if (!block) {
                return 0;
            }
            if (!in.fill()) {
                if (framing == Framing.CLOSE) {
                    done = true;
                    return 0;
                }
                throw new EOFException("the body was cut off");
            }
        }
        return 0;
    }

    /** The array that holds the window. */
    public byte[] array() {
        return in.buffer;
    }

    /** Where the window begins. */
    public int offset() {
        return in.position;
    }

    public void consume(int bytes) {
        in.position += bytes;
        if (framing != Framing.CLOSE) {
            left -= bytes;
        }
        if (framing == Framing.LENGTH && left == 0) {
            done = true;
        }
    }

    /** Reads into an array; -1 at the end. */
    public int read(byte[] into, int offset, int length) throws IOException {
        int window = ready(true);
        if (window == 0) {
            return -1;
        }
        int n = Math.min(window, length);
        System.arraycopy(in.buffer, in.position, into, offset, n);
        consume(n);
        return n;
    }

    /** Reads what comes next, up to so many bytes. */
    public byte[] beginning(int atMost) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        for (int window = ready(true); window > 0 && read.size() < atMost; window = ready(true)) {
            int some = Math.min(window, atMost - read.size());
            read.write(in.buffer, in.position, some);
            consume(some);
        }
        return read.toByteArray();
    }

    /** Moves to the data of the next chunk. False when that would block, or the last chunk has been read. */
    private boolean nextChunk(boolean block) throws IOException {
        if (betweenChunks && !skipLineBreak(block)) {
            return false;
        }
        int end = lineEnd(block);
        if (end < 0) {
            return false;
        }
        left = chunkSize(in.position, end);
        in.position = end + 1;
        if (left == 0) {
            trailers = HeadReader.trailers(in);
            done = true;
            return false;
        }
        betweenChunks = true;
        return true;
    }

    private boolean skipLineBreak(boolean block) throws IOException {
        while (true) {
            if (in.buffered() >= 1 && in.buffer[in.position] == '\n') {
                in.position++;
                break;
            }
            if (in.buffered() >= 2) {
                if (in.buffer[in.position] != '\r' || in.buffer[in.position + 1] != '\n') {
                    throw new WireException(400, "a chunk does not end where it should");
                }
                in.position += 2;
                break;
            }
            if (!block) {
                return false;
            }
            if (!in.fill()) {
                throw new EOFException("the body was cut off");
            }
        }
        betweenChunks = false;
        return true;
    }

    private int lineEnd(boolean block) throws IOException {
        while (true) {
            for (int i = in.position; i < in.limit; i++) {
                if (in.buffer[i] == '\n') {
                    return i;
                }
            }
            if (in.buffered() > MAX_CHUNK_LINE) {
                throw new WireException(400, "chunk line too long");
            }
            if (!block) {
                return -1;
            }
            if (!in.fill()) {
                throw new EOFException("the body was cut off");
            }
        }
    }

    private long chunkSize(int from, int end) {
        long size = 0;
        int digits = 0;
        for (int i = from; i < end; i++) {
            int digit = Character.digit(in.buffer[i], 16);
            if (digit < 0) {
                byte c = in.buffer[i];
                if (digits > 0 && (c == ';' || c == '\r' || c == ' ' || c == '\t')) {
                    break;
                }
                throw new WireException(400, "bad chunk size");
            }
            size = size << 4 | digit;
            if (++digits > 15) {
                throw new WireException(400, "chunk too large");
            }
        }
        if (digits == 0) {
            throw new WireException(400, "bad chunk size");
        }
        return size;
    }
}
