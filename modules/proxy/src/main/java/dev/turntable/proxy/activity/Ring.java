package dev.turntable.proxy.activity;

import java.util.Arrays;

/**
 * The newest bytes written, in slabs that are made when first reached and written over from then on: what passes through lives long, and on
 * the heap each piece would be copied by every collection until it is old. Used by one thread at a time.
 */
public final class Ring {
    private static final int SLAB = 64 * 1024;

    private final long capacity;
    private final byte[][] slabs;
    private long end;

    public Ring(long capacity) {
        this.capacity = capacity;
        this.slabs = new byte[Math.toIntExact((capacity + SLAB - 1) / SLAB)][];
    }

    long capacity() {
        return capacity;
    }

    /** Writes at the end, over the oldest bytes. Returns where it begins. At most {@link #capacity} bytes. */
    public long write(byte[] bytes, int length) {
        long start = end;
        for (int done = 0; done < length; ) {
            int count = contiguous(end, length - done);
            System.arraycopy(bytes, done, slab(end), offset(end), count);
            done += count;
            end += count;
        }
        return start;
    }

    /** Positions before this one are written over. */
    public long oldest() {
        return Math.max(0, end - capacity);
    }

    /** A copy of what was written there, if nothing has been written over it. */
    public byte[] read(long start, int length) {
        byte[] bytes = new byte[length];
        for (int done = 0; done < length; ) {
            int count = contiguous(start + done, length - done);
            System.arraycopy(slab(start + done), offset(start + done), bytes, done, count);
            done += count;
        }
        return bytes;
    }

    private int contiguous(long position, int wanted) {
        long at = position % capacity;
        return (int) Math.min(wanted, Math.min(SLAB - at % SLAB, capacity - at));
    }

    private byte[] slab(long position) {
        int index = (int) (position % capacity / SLAB);
        if (slabs[index] == null) {
            slabs[index] = new byte[(int) Math.min(SLAB, capacity - (long) index * SLAB)];
        }
        return slabs[index];
    }

    private int offset(long position) {
        return (int) (position % capacity % SLAB);
    }

    /** Forgets everything and gives the slabs back. */
    public void clear() {
        end = 0;
        Arrays.fill(slabs, null);
    }
}
