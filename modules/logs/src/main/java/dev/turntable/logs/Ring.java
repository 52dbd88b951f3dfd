package dev.turntable.logs;

/** The last bytes of a stream, byte-exact, at most {@link #LIMIT} of them (llama-swap §7.1); takes no more memory than it has seen. */
final class Ring {
    /** 100 KiB, the history clients of llama-swap know. */
    static final int LIMIT = 102_400;

    private byte[] bytes = new byte[0];
    private int start;
    private int size;

    void add(byte[] chunk, int length) {
        int from = Math.max(0, length - LIMIT);
        int count = length - from;
        grow(Math.min(LIMIT, size + count));
        int drop = Math.max(0, size + count - LIMIT);
        start = bytes.length == 0 ? 0 : (start + drop) % bytes.length;
        size -= drop;
        int end = bytes.length == 0 ? 0 : (start + size) % bytes.length;
        int first = Math.min(count, bytes.length - end);
        System.arraycopy(chunk, from, bytes, end, first);
        System.arraycopy(chunk, from + first, bytes, 0, count - first);
        size += count;
    }

    /** What it holds, oldest byte first. */
    byte[] toArray() {
        return copy(size);
    }

    private void grow(int wanted) {
        if (wanted > bytes.length) {
            byte[] larger = copy(Math.min(LIMIT, Math.max(wanted, Math.max(4_096, bytes.length * 2))));
            bytes = larger;
            start = 0;
        }
    }

    private byte[] copy(int capacity) {
        byte[] out = new byte[capacity];
        int first = Math.min(size, bytes.length - start);
        System.arraycopy(bytes, start, out, 0, first);
        System.arraycopy(bytes, 0, out, first, size - first);
        return out;
    }
}
