package dev.turntable.history;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Smallest and largest number named in each block of commits. Guarded by the index. */
final class NumberRanges {
    private long[] lowest = new long[0];
    private long[] highest = new long[0];
    private int size;

    void add(int at, long number) {
        if (at >= size) {
            grow(at + 1);
        }
        lowest[at] = Math.min(lowest[at], number);
        highest[at] = Math.max(highest[at], number);
    }

    private void grow(int wanted) {
        if (wanted > lowest.length) {
            int capacity = Math.max(wanted, lowest.length * 2);
            lowest = Arrays.copyOf(lowest, capacity);
            highest = Arrays.copyOf(highest, capacity);
        }
        Arrays.fill(lowest, size, wanted, Long.MAX_VALUE);
        Arrays.fill(highest, size, wanted, Long.MIN_VALUE);
        size = wanted;
    }

    /** Whether the block may name this number. */
    boolean may(int at, long number) {
        return at < size && lowest[at] <= number && number <= highest[at];
    }

    void forget(int blocks) {
        int gone = Math.min(blocks, size);
        lowest = Arrays.copyOfRange(lowest, gone, size);
        highest = Arrays.copyOfRange(highest, gone, size);
        size -= gone;
    }

    void take(NumberRanges saved) {
        lowest = saved.lowest;
        highest = saved.highest;
        size = saved.size;
    }

    void save(DataOutputStream out) throws IOException {
        out.writeInt(size);
        ByteBuffer bytes = ByteBuffer.allocate(size * 2 * Long.BYTES);
        bytes.asLongBuffer().put(lowest, 0, size).put(highest, 0, size);
        out.write(bytes.array());
    }

    void load(DataInputStream in) throws IOException {
        size = in.readInt();
        lowest = new long[size];
        highest = new long[size];
        ByteBuffer.wrap(in.readNBytes(size * 2 * Long.BYTES))
                .asLongBuffer()
                .get(lowest)
                .get(highest);
    }
}
