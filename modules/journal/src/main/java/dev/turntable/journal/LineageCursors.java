package dev.turntable.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Cursors as 40 letters and digits that sort like the events they name.
 *
 * <pre>
 *  off size field (before base 32 with its digits in ASCII order)
 *    0    5  CRC-32C of the lineage, and 0
 *    5    4  epoch
 *    9    8  seq
 *   17    4  n
 *   21    4  CRC-32C of bytes 0..20
 * </pre>
 *
 * The epoch is there because a power failure may take commits that a client has seen: their seqs are given out again in the next epoch,
 * and a cursor that named the old ones must not be taken for one of the new.
 */
final class LineageCursors implements Cursors {
    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuv";
    private static final int BYTES = 25;
    private static final int BITS = 5;

    private final int lineage;
    private final Chapters chapters;

    LineageCursors(String lineage, Chapters chapters) {
        CRC32C crc = new CRC32C();
        crc.update(lineage.getBytes(StandardCharsets.UTF_8));
        this.lineage = (int) crc.getValue();
        this.chapters = chapters;
    }

    @Override
    public String of(long seq, int n) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.putInt(lineage)
                .put((byte) 0)
                .putInt(chapters.epochOf(seq))
                .putLong(seq)
                .putInt(n);
        bytes.putInt(crc(bytes.array()));
        return print(bytes.array());
    }

    @Override
    public Position parse(String cursor) {
        byte[] raw = read(cursor);
        ByteBuffer bytes = ByteBuffer.wrap(raw);
        int itsLineage = bytes.getInt();
        bytes.get();
        int epoch = bytes.getInt();
        Position position = new Position(bytes.getLong(), bytes.getInt());
        if (bytes.getInt() != crc(raw)) {
            throw nonsense();
        }
        if (itsLineage != lineage) {
            throw new BadCursorException("this cursor belongs to another journal", true);
        }
        int now = chapters.epochOf(position.seq());
        if (now != epoch && now != 0) {
            throw new BadCursorException("the event this cursor names was lost in a power failure", true);
        }
        return position;
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, BYTES - Integer.BYTES);
        return (int) crc.getValue();
    }

    private static String print(byte[] bytes) {
        StringBuilder text = new StringBuilder(BYTES * 8 / BITS);
        long bits = 0;
        int held = 0;
        for (byte b : bytes) {
            bits = bits << 8 | b & 0xff;
            held += 8;
            while (held >= BITS) {
                held -= BITS;
                text.append(DIGITS.charAt((int) (bits >>> held) & 31));
            }
        }
        return text.toString();
    }

    private static byte[] read(String text) {
        if (text.length() != BYTES * 8 / BITS) {
            throw nonsense();
        }
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        long bits = 0;
        int held = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = DIGITS.indexOf(text.charAt(i));
            if (digit < 0) {
                throw nonsense();
            }
            bits = bits << BITS | digit;
            held += BITS;
            if (held >= 8) {
                held -= 8;
                bytes.put((byte) (bits >>> held));
            }
        }
        return bytes.array();
    }

    private static BadCursorException nonsense() {
        return new BadCursorException("not a cursor", false);
    }
}
