package dev.turntable.http2;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Reads header blocks (RFC 7541 §3). Every block of a connection must be read, in order and to its end: the table depends on it. */
final class HpackDecoder {
    private final HeaderTable table = new HeaderTable();
    private byte[] bytes = new byte[0];
    private int at;
    private int end;

    /** Reads a whole block and hands out its fields; what they mean is checked there. */
    void decode(byte[] block, int length, Consumer<Field> fields) {
        bytes = block;
        at = 0;
        end = length;
        boolean begun = false;
        while (at < end) {
            int first = bytes[at] & 0xff;
            if (first >= 0x80) {
                fields.accept(table.get(integer(7)));
                begun = true;
            } else if (first >= 0x40) {
                Field field = literal(6);
                table.add(field);
                fields.accept(field);
                begun = true;
            } else if (first >= 0x20) {
                if (begun) {
                    throw broken("a new size of the table behind a field");
                }
                table.limit(integer(5));
            } else {
                fields.accept(literal(4));
                begun = true;
            }
        }
        bytes = new byte[0];
    }

    private Field literal(int prefix) {
        int index = integer(prefix);
        String name = index == 0 ? string() : table.get(index).name();
        return new Field(name, string());
    }

    private String string() {
        if (at == end) {
            throw broken("cut off before a string");
        }
        boolean huffman = (bytes[at] & 0x80) != 0;
        int length = integer(7);
        if (length > end - at) {
            throw broken("cut off in a string");
        }
        int from = at;
        at += length;
        return huffman ? Huffman.decode(bytes, from, at) : new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }

    private int integer(int prefix) {
        int most = (1 << prefix) - 1;
        int value = bytes[at++] & most;
        if (value < most) {
            return value;
        }
        for (int shift = 0; shift <= 21; shift += 7) {
            if (at == end) {
                throw broken("cut off in a number");
            }
            int next = bytes[at++];
            value += (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw broken("a number too large");
    }

    private static Http2Exception broken(String why) {
        return Http2Exception.connection(ErrorCode.COMPRESSION_ERROR, why);
    }
}
