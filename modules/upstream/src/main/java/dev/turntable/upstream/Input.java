package dev.turntable.upstream;

import java.io.IOException;
import java.util.Arrays;

/** Bytes from one end of a connection, with those already read but not yet used. Used by one thread at a time. */
public abstract class Input {
    private static final byte[] NONE = new byte[0];

    byte[] buffer = NONE;
    int position;
    int limit;

    protected Input() {}

    /** Blocks until there is more than before. False at the end of the stream. */
    public abstract boolean fill() throws IOException;

    /** Bytes that can be had without reading. */
    public final int buffered() {
        return limit - position;
    }

    /** Takes the array as what comes next; it becomes ours. */
    protected final void append(byte[] more) {
        if (position == limit) {
            buffer = more;
            position = 0;
            limit = more.length;
        } else {
            byte[] joined = Arrays.copyOfRange(buffer, position, limit + more.length);
            System.arraycopy(more, 0, joined, limit - position, more.length);
            buffer = joined;
            limit = joined.length;
            position = 0;
        }
    }

    /** Makes room behind the limit, for a subclass that reads into our buffer of that size or more. Answers the free bytes. */
    protected final int room(int atLeast) {
        if (position == limit) {
            position = 0;
            limit = 0;
            if (buffer.length < atLeast) {
                buffer = new byte[atLeast];
            }
        }
        if (buffer.length - limit < 1) {
            byte[] bigger = buffer.length == 0 ? new byte[atLeast] : new byte[Math.max(atLeast, buffered() * 2)];
            System.arraycopy(buffer, position, bigger, 0, buffered());
            limit -= position;
            position = 0;
            buffer = bigger;
        }
        return buffer.length - limit;
    }

    protected final byte[] buffer() {
        return buffer;
    }

    protected final int limit() {
        return limit;
    }

    protected final void grown(int by) {
        limit += by;
    }

    /** Gives the buffer back while nobody needs it: an idle connection should cost little. */
    public final void release() {
        shrink(0);
    }

    /** Gives a buffer of more than so many bytes back. */
    final void shrink(int most) {
        if (position == limit) {
            if (buffer.length > most) {
                buffer = NONE;
            }
            position = 0;
            limit = 0;
        }
    }

    /** Takes what is buffered, for whoever speaks another protocol from here on. */
    public final byte[] drain() {
        byte[] rest = Arrays.copyOfRange(buffer, position, limit);
        position = limit;
        return rest;
    }
}
