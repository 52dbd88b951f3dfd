package dev.turntable.whatif;

import java.util.Arrays;

/** Numbers in a row, without an object for each. */
final class Longs {
    private long[] numbers = new long[16];
    private int size;

    void add(long number) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, size + (size >> 1));
        }
        numbers[size++] = number;
    }

    long get(int i) {
        return numbers[i];
    }

    int size() {
        return size;
    }

    /** A copy, smallest first. */
    long[] sorted() {
        long[] sorted = Arrays.copyOf(numbers, size);
        Arrays.sort(sorted);
        return sorted;
    }
}
