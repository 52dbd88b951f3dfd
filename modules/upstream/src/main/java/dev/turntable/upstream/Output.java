package dev.turntable.upstream;

import java.io.IOException;
import java.util.Arrays;

/** Bytes to one end of a connection, collected so that a small answer is one write. Used by one thread at a time. */
public final class Output {
    /** Where the bytes go; blocks while the other end does not read: that is our back-pressure. */
    @FunctionalInterface
    public interface Sink {
        void write(byte[] bytes, int offset, int length) throws IOException;
    }

    private static final int FIRST = 2048;
    private static final int MAX = 32 * 1024;
    private static final byte[] HEX = "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

    private final Sink sink;
    private byte[] buffer = new byte[0];
    private int length;
    private long written;

    public Output(Sink sink) {
        this.sink = sink;
    }

    /** Every byte ever given to us. */
    public long written() {
        return written;
    }

    public int pending() {
        return length;
    }

    public void write(byte[] bytes, int offset, int count) throws IOException {
        written += count;
        if (length + count > MAX) {
            flush();
            if (count >= MAX) {
                sink.write(bytes, offset, count);
                return;
            }
        }
        room(count);
        System.arraycopy(bytes, offset, buffer, length, count);
        length += count;
    }

    /** Writes text as Latin-1. */
    @SuppressWarnings("deprecation") // getBytes(int, int, byte[], int) is exactly Latin-1 without an array in between
    public Output text(String latin1) throws IOException {
        int count = latin1.length();
        if (count > MAX - length) {
            byte[] bytes = latin1.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
            write(bytes, 0, count);
            return this;
        }
        room(count);
        latin1.getBytes(0, count, buffer, length);
        length += count;
        written += count;
        return this;
    }

    /** One chunk of a chunked body. */
    public void chunk(byte[] bytes, int offset, int count) throws IOException {
        room(20);
        int digits = Math.max(1, (35 - Integer.numberOfLeadingZeros(count)) / 4);
        if (length + digits + 2 > MAX) {
            flush();
        }
        for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
            buffer[length++] = HEX[count >> shift & 15];
        }
        buffer[length++] = '\r';
        buffer[length++] = '\n';
        written += digits + 2;
        write(bytes, offset, count);
        text("\r\n");
    }

    public void flush() throws IOException {
        if (length > 0) {
            int count = length;
            length = 0;
            sink.write(buffer, 0, count);
        }
    }

    /** Forgets what was collected and not sent. */
    public void discard() {
        length = 0;
    }

    /** Gives a buffer of more than so many bytes back, and forgets what was not sent. */
    void shrink(int most) {
        length = 0;
        if (buffer.length > most) {
            buffer = new byte[0];
        }
    }

    private void room(int count) {
        if (buffer.length - length < count) {
            int wanted = Math.max(FIRST, Integer.highestOneBit(length + count - 1) << 1);
            buffer = Arrays.copyOf(buffer, wanted);
        }
    }
}
