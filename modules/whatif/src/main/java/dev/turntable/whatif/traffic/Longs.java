package dev.turntable.whatif.traffic;

import java.util.Arrays;

/** Numbers in a row, without an object for each. */
public final class Longs {
    private long[] numbers = new long[16];
    private int size;

    public void add(long number) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, size + (size >> 1));
        }
        numbers[size++] = number;
    }

    public long get(int i) {
        return numbers[i];
    }

    public int size() {
        return size;
    }

    /** A copy, smallest first. */
    public long[] sorted() {
        long[] sorted = Arrays.copyOf(numbers, size);
        Arrays.sort(sorted);
        return sorted;
    }
}
