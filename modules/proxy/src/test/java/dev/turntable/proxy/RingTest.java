package dev.turntable.proxy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turntable.proxy.activity.Ring;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RingTest {
    private record Written(long start, byte[] bytes) {}

    /** Capacities around the length of a slab: pieces cross the ends of slabs and of the ring at every place. */
    @ParameterizedTest
    @ValueSource(longs = {1, 7, 65_535, 65_536, 65_537, 200_000, 1 << 20})
    void whatIsNotWrittenOverReadsAsItWasWritten(long capacity) {
        Ring ring = new Ring(capacity);
        Random random = new Random(capacity);
        ArrayDeque<Written> kept = new ArrayDeque<>();
        for (int i = 0; i < 400; i++) {
            byte[] bytes = new byte[random.nextInt((int) Math.min(capacity, 50_000)) + 1];
            random.nextBytes(bytes);
            kept.add(new Written(ring.write(Arrays.copyOf(bytes, bytes.length + 3), bytes.length), bytes));
            while (kept.getFirst().start() < ring.oldest()) {
                kept.removeFirst();
            }
            for (Written one : kept) {
                assertArrayEquals(one.bytes(), ring.read(one.start(), one.bytes().length));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {10, 100_000})
    void aClearedRingBeginsAnew(long capacity) {
        Ring ring = new Ring(capacity);
        ring.write(new byte[] {1, 2, 3}, 3);
        ring.clear();
        assertEquals(0, ring.write(new byte[] {4}, 1));
        assertArrayEquals(new byte[] {4}, ring.read(0, 1));
    }
}
