package dev.turntable.journal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The layout of one commit on disk; every number is big endian.
 *
 * <pre>
 *  off size field
 *    0    2  magic "TT"
 *    2    1  frame version
 *    3    1  flags: 1 = written again when the disk had healed
 *    4    4  payload length, at most {@link #MAX_PAYLOAD}
 *    8    8  seq: dense, from 1, goes on across epochs
 *   16    8  time: wall clock, UTC microseconds, never less than the one before
 *   24    8  monotonic nanoseconds since the server run began
 *   32    4  epoch: number of the journal directory
 *   36    4  run: number of the server start
 *   40   16  chain: first 16 bytes of SHA-256(chain before, bytes 0..39, payload)
 *   56    4  reserved, zero
 *   60    4  CRC-32C of bytes 0..59 and payload
 *   64    n  payload: {"fact":{…},"decisions":[…]}
 * </pre>
 *
 * The CRC says <em>torn</em>; the chain says <em>missing, reordered or edited</em>; the dense seq says <em>how many</em>.
 */
final class Frame {
    static final int HEADER = 64;
    static final int CHAIN_LENGTH = 16;

    /** A quarter of the queue's 4 MiB block, less room for headers: a longer entry would be left half written. */
    static final int MAX_PAYLOAD = 960 * 1024;

    static final byte VERSION = 1;
    static final byte REWRITTEN = 1;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int CHAINED = 40;
    private static final int CHAIN_AT = 40;
    private static final int CRC_AT = 60;

    private Frame() {}

    /** What stands in a header besides the sums. */
    record Header(long seq, long timeMicros, long monotonicNanos, int epoch, int run, byte flags) {}

    static Header header(byte[] frame) {
        return new Header(
                seq(frame),
                timeMicros(frame),
                (long) LONG.get(frame, 24),
                epoch(frame),
                (int) INT.get(frame, 36),
                frame[3]);
    }

    static long seq(byte[] frame) {
        return (long) LONG.get(frame, 8);
    }

    static long timeMicros(byte[] frame) {
        return (long) LONG.get(frame, 16);
    }

    static int epoch(byte[] frame) {
        return (int) INT.get(frame, 32);
    }

    static int payloadLength(byte[] frame) {
        return (int) INT.get(frame, 4);
    }

    static byte[] chain(byte[] frame) {
        return Arrays.copyOfRange(frame, CHAIN_AT, CHAIN_AT + CHAIN_LENGTH);
    }

    /** Whether the bytes are a whole, untorn frame of exactly this length. */
    static boolean isWhole(byte[] bytes, int length, CRC32C crc) {
        return looksLikeFrame(bytes, length)
                && payloadLength(bytes) == length - HEADER
                && (int) INT.get(bytes, CRC_AT) == crc(bytes, length - HEADER, crc);
    }

    /** Whether a header may begin here, before anything is summed. */
    static boolean looksLikeFrame(byte[] bytes, int length) {
        return length >= HEADER
                && bytes[0] == 'T'
                && bytes[1] == 'T'
                && bytes[2] == VERSION
                && payloadLength(bytes) >= 0
                && payloadLength(bytes) <= MAX_PAYLOAD;
    }

    private static int crc(byte[] frame, int payloadLength, CRC32C crc) {
        crc.reset();
        crc.update(frame, 0, CRC_AT);
        crc.update(frame, HEADER, payloadLength);
        return (int) crc.getValue();
    }

    /** Sums frames; belongs to one thread at a time. */
    static final class Sums {
        private final MessageDigest sha = sha256();
        private final CRC32C crc = new CRC32C();

        /** Writes the header in front of a payload that stands at {@link #HEADER}, and puts the new chain into {@code chain}. */
        void seal(byte[] frame, int payloadLength, Header header, byte[] chain) {
            Arrays.fill(frame, 0, HEADER, (byte) 0);
            frame[0] = 'T';
            frame[1] = 'T';
            frame[2] = VERSION;
            frame[3] = header.flags();
            INT.set(frame, 4, payloadLength);
            LONG.set(frame, 8, header.seq());
            LONG.set(frame, 16, header.timeMicros());
            LONG.set(frame, 24, header.monotonicNanos());
            INT.set(frame, 32, header.epoch());
            INT.set(frame, 36, header.run());
            byte[] next = chainAfter(chain, frame, payloadLength);
            System.arraycopy(next, 0, chain, 0, CHAIN_LENGTH);
            System.arraycopy(next, 0, frame, CHAIN_AT, CHAIN_LENGTH);
            INT.set(frame, CRC_AT, crc(frame, payloadLength, crc));
        }

        boolean isWhole(byte[] bytes, int length) {
            return Frame.isWhole(bytes, length, crc);
        }

        /** Whether the frame follows one with that chain. */
        boolean follows(byte[] chain, byte[] frame) {
            byte[] expected = chainAfter(chain, frame, payloadLength(frame));
            return Arrays.equals(expected, 0, CHAIN_LENGTH, frame, CHAIN_AT, CHAIN_AT + CHAIN_LENGTH);
        }

        private byte[] chainAfter(byte[] chain, byte[] frame, int payloadLength) {
            sha.update(chain, 0, CHAIN_LENGTH);
            sha.update(frame, 0, CHAINED);
            sha.update(frame, HEADER, payloadLength);
            return sha.digest();
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }
    }
}
