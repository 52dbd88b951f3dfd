package dev.turntable.journal;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The sparse map of one epoch: for every few hundredth commit, where it lies, when it was, and the chain before it. Written under the
 * journal's write lock, read by anyone.
 */
final class Marks {
    /** Commits between two marks: one mark costs 40 bytes, finding a commit reads at most this many. */
    static final int EVERY = 256;

    /** Bytes between two marks, so that a run of large commits stays cheap to read backwards. */
    static final int EVERY_BYTES = 1 << 20;

    private static final int LONGS = 5;

    /** One mark. {@code chain} is that of the commit before. */
    record Mark(long seq, long address, long timeMicros, byte[] chain) {}

    private long[] data = new long[LONGS * 64];
    private int size;
    private long bytesSince;

    /** Takes note of a commit; {@code first} forces a mark because the commit begins a file. */
    synchronized void add(Mark mark, int length, boolean first) {
        bytesSince += length;
        if (size > 0 && !first && mark.seq() - seq(size - 1) < EVERY && bytesSince < EVERY_BYTES) {
            return;
        }
        bytesSince = 0;
        put(mark);
    }

    private void put(Mark mark) {
        if ((size + 1) * LONGS > data.length) {
            data = Arrays.copyOf(data, data.length * 2);
        }
        ByteBuffer chain = ByteBuffer.wrap(mark.chain());
        int at = size * LONGS;
        data[at] = mark.seq();
        data[at + 1] = mark.address();
        data[at + 2] = mark.timeMicros();
        data[at + 3] = chain.getLong();
        data[at + 4] = chain.getLong();
        size++;
    }

    synchronized int size() {
        return size;
    }

    synchronized Mark get(int index) {
        int at = index * LONGS;
        byte[] chain = ByteBuffer.allocate(Frame.CHAIN_LENGTH)
                .putLong(data[at + 3])
                .putLong(data[at + 4])
                .array();
        return new Mark(data[at], data[at + 1], data[at + 2], chain);
    }

    /** Index of the last mark at or before the seq; 0 if all are behind it, -1 if there is none. */
    synchronized int floorBySeq(long seq) {
        return floor(0, seq);
    }

    /** Index of the last mark strictly before the time; 0 if all are at or behind it, -1 if there is none. */
    synchronized int floorByTime(long timeMicros) {
        return floor(2, timeMicros - 1);
    }

    private int floor(int field, long value) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (data[middle * LONGS + field] <= value) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return size == 0 ? -1 : Math.max(high, 0);
    }

    /** Forgets the marks before the seq. */
    synchronized void trim(long seq) {
        int from = 0;
        while (from < size && seq(from) < seq) {
            from++;
        }
        data = Arrays.copyOfRange(data, from * LONGS, data.length + from * LONGS);
        size -= from;
    }

    private long seq(int index) {
        return data[index * LONGS];
    }

    synchronized byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(size * LONGS * Long.BYTES);
        out.asLongBuffer().put(data, 0, size * LONGS);
        return out.array();
    }

    /** Reads what {@link #toBytes} wrote. */
    static Marks of(byte[] bytes) {
        Marks marks = new Marks();
        marks.size = bytes.length / (LONGS * Long.BYTES);
        marks.data = new long[Math.max(marks.size, 64) * LONGS];
        ByteBuffer.wrap(bytes).asLongBuffer().get(marks.data, 0, marks.size * LONGS);
        return marks;
    }
}
