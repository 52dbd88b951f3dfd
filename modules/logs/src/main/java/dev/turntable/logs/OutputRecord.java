package dev.turntable.logs;

import dev.turntable.event.ModelId;
import dev.turntable.event.RunId;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.zip.CRC32C;

/**
 * One piece of output as it lies in a segment file (big endian):
 *
 * <pre>
 *  off size field
 *    0    4  magic "TTOR"
 *    4    4  CRC-32C of bytes 8 up to the end of the name
 *    8    4  CRC-32C of the payload
 *   12    4  payload length, 1..65536
 *   16    8  time, UTC microseconds
 *   24    8  run number
 *   32    2  length n of the model's name in bytes
 *   34    n  the model's name, UTF-8
 * 34+n    m  the bytes the process printed
 * </pre>
 */
record OutputRecord(Instant time, RunId run, byte[] payload) {
    static final int MAX_PAYLOAD = 65_536;
    private static final int MAGIC = 0x54544F52;
    private static final int FIXED = 34;

    /** What a reader knows before it reads the payload. */
    record Head(Instant time, RunId run, int length, int payloadCrc) {}

    ByteBuffer encode() {
        byte[] name = run.model().value().getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(FIXED + name.length + payload.length);
        out.putInt(MAGIC).putInt(0).putInt(crc(payload)).putInt(payload.length);
        out.putLong(Math.addExact(time.getEpochSecond() * 1_000_000, time.getNano() / 1_000))
                .putLong(run.number());
        out.putShort((short) name.length).put(name);
        CRC32C head = new CRC32C();
        head.update(out.array(), 8, FIXED + name.length - 8);
        return out.putInt(4, (int) head.getValue()).put(payload).flip();
    }

    /** Reads the head of the next record. Empty at the end of the file and where the file is torn or damaged. */
    static Optional<Head> readHead(DataInputStream in) throws IOException {
        try {
            byte[] fixed = new byte[FIXED];
            in.readFully(fixed);
            ByteBuffer head = ByteBuffer.wrap(fixed);
            int nameLength = Short.toUnsignedInt(head.getShort(32));
            int length = head.getInt(12);
            if (head.getInt(0) != MAGIC || length < 1 || length > MAX_PAYLOAD) {
                return Optional.empty();
            }
            byte[] name = in.readNBytes(nameLength);
            CRC32C crc = new CRC32C();
            crc.update(fixed, 8, FIXED - 8);
            crc.update(name);
            if (name.length != nameLength || (int) crc.getValue() != head.getInt(4)) {
                return Optional.empty();
            }
            long micros = head.getLong(16);
            Instant time =
                    Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000);
            RunId run = new RunId(new ModelId(new String(name, StandardCharsets.UTF_8)), head.getLong(24));
            return Optional.of(new Head(time, run, length, head.getInt(8)));
        } catch (EOFException end) {
            return Optional.empty();
        }
    }

    /** Reads the payload if the head is wanted, skips it otherwise. Empty if it was skipped, cut or damaged. */
    static Optional<OutputRecord> readPayload(DataInputStream in, Head head, Predicate<RunId> wanted)
            throws IOException {
        if (!wanted.test(head.run())) {
            in.skipNBytes(head.length());
            return Optional.empty();
        }
        byte[] payload = in.readNBytes(head.length());
        boolean whole = payload.length == head.length() && crc(payload) == head.payloadCrc();
        return whole ? Optional.of(new OutputRecord(head.time(), head.run(), payload)) : Optional.empty();
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
