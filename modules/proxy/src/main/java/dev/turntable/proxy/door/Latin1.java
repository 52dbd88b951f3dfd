package dev.turntable.proxy.door;

import java.nio.charset.StandardCharsets;

/**
 * Header bytes beyond ASCII on their way through Helidon, which reads ASCII only: each is two digits behind a control character, which no
 * header may hold.
 */
public final class Latin1 {
    private static final char MARK = '\u0001';

    private Latin1() {}

    static byte[] escape(byte beyond) {
        return (MARK + Integer.toHexString(beyond & 0xff)).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A header's value as it was on the wire. */
    public static String restore(String value) {
        int at = value.indexOf(MARK);
        if (at < 0) {
            return value;
        }
        StringBuilder out = new StringBuilder(value.length());
        int from = 0;
        while (at >= 0) {
            out.append(value, from, at).append((char) Integer.parseInt(value, at + 1, at + 3, 16));
            from = at + 3;
            at = value.indexOf(MARK, from);
        }
        return out.append(value, from, value.length()).toString();
    }
}
