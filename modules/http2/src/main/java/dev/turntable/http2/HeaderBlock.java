package dev.turntable.http2;

import java.util.Arrays;
import java.util.function.Consumer;

/** A header block on its way: frames of one stream that nothing may interrupt (RFC 9113 §4.3). */
final class HeaderBlock {
    private static final byte[] NONE = new byte[0];

    private final int limit;
    private final HpackDecoder hpack = new HpackDecoder();
    private int stream;
    private boolean ends;
    private byte[] bytes = NONE;
    private int length;

    /** {@code limit}: most bytes of a block; a larger one ends the connection, because it would have to be read to its end. */
    HeaderBlock(int limit) {
        this.limit = limit;
    }

    /** {@code itsEnd}: the stream has nothing but this. */
    void begin(int itsStream, boolean itsEnd) {
        stream = itsStream;
        ends = itsEnd;
        length = 0;
    }

    /** The stream whose block is not whole yet; 0 for none. */
    int stream() {
        return stream;
    }

    boolean ends() {
        return ends;
    }

    void add(byte[] from, int offset, int to) {
        int wanted = length + to - offset;
        if (wanted > limit) {
            throw Http2Exception.connection(ErrorCode.ENHANCE_YOUR_CALM, "a header block too large");
        }
        if (bytes.length < wanted) {
            bytes = Arrays.copyOf(bytes, Math.max(wanted, Math.min(limit, 2 * length)));
        }
        System.arraycopy(from, offset, bytes, length, to - offset);
        length = wanted;
    }

    /** It is whole. */
    void read(Consumer<Field> fields) {
        byte[] block = bytes;
        stream = 0;
        bytes = NONE;
        hpack.decode(block, length, fields);
    }
}
