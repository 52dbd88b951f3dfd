package dev.turntable.json;

/**
 * Cuts the long strings out of a JSON text as it passes, so that who parses the rest needs no memory for them. What is left is as valid as the
 * text was: a string is never cut within a character or an escape.
 */
public final class JsonShortener {
    /** Takes what is left, piece by piece. */
    @FunctionalInterface
    public interface Sink {
        void take(byte[] bytes, int offset, int count);
    }

    private final int longest;
    private boolean inString;
    private boolean dropping;
    private int length;
    /** Bytes that still belong to an escape. */
    private int escaped;

    /** Strings keep about so many bytes. */
    public JsonShortener(int longest) {
        this.longest = longest;
    }

    public void feed(byte[] bytes, int offset, int count, Sink sink) {
        int from = offset;
        int end = offset + count;
        for (int i = offset; i < end; i++) {
            byte b = bytes[i];
            if (!inString) {
                inString = b == '"';
                length = 0;
            } else if (escaped > 0) {
                escaped += b == 'u' && escaped == 1 ? 3 : -1;
            } else if (b == '"') {
                inString = false;
                from = dropping ? i : from;
                dropping = false;
            } else {
                if (!dropping && length++ >= longest && (b & 0xc0) != 0x80) {
                    dropping = true;
                    take(sink, bytes, from, i);
                }
                escaped = b == '\\' ? 1 : 0;
            }
        }
        if (!dropping) {
            take(sink, bytes, from, end);
        }
    }

    private static void take(Sink sink, byte[] bytes, int from, int to) {
        if (to > from) {
            sink.take(bytes, from, to - from);
        }
    }
}
