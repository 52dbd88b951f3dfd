package dev.turntable.http2;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes header blocks without a dynamic table, so that blocks of many streams can be made at once and in any order. The header of an answer
 * is small beside its body.
 */
final class HpackEncoder {
    /** Says that we use no dynamic table; stands before the first block of a connection, whatever a client allows. */
    static final byte NO_TABLE = 0x20;

    private HpackEncoder() {}

    /** The block of an answer's header section. */
    static byte[] response(int status, List<Field> fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(128);
        write(out, ":status", Integer.toString(status));
        return rest(out, fields);
    }

    /** The block of a trailer section. */
    static byte[] trailers(List<Field> fields) {
        return rest(new ByteArrayOutputStream(64), fields);
    }

    private static byte[] rest(ByteArrayOutputStream out, List<Field> fields) {
        for (Field field : fields) {
            write(out, field.name(), field.value());
        }
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, String name, String value) {
        int index = HeaderTable.find(name, value);
        if (index > 0) {
            integer(out, 0x80, 7, index);
            return;
        }
        integer(out, 0, 4, -index);
        if (index == 0) {
            string(out, name);
        }
        string(out, value);
    }

    private static void string(ByteArrayOutputStream out, String text) {
        integer(out, 0, 7, text.length());
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void integer(ByteArrayOutputStream out, int pattern, int prefix, int value) {
        int most = (1 << prefix) - 1;
        if (value < most) {
            out.write(pattern | value);
            return;
        }
        out.write(pattern | most);
        int left = value - most;
        while (left >= 0x80) {
            out.write(left & 0x7f | 0x80);
            left >>>= 7;
        }
        out.write(left);
    }
}
