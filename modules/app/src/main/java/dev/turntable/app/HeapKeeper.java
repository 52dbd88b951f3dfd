package dev.turntable.app;

import java.time.Duration;

/**
 * Keeps the heap from growing with the number of requests served. What is remembered for a while (recent commits, rows, captures; all of it
 * bounded) is replaced by newer entries when it is old, and the serial collector looks at old objects only once the heap has reached its
 * limit: a quarter of a gigabyte of things nobody needs. So it is told to look before.
 *
 * <p>Owns one virtual thread that wakes now and then; a collection stops everything for some tens of milliseconds, after a hundred thousand
 * requests or so.
 */
final class HeapKeeper implements AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(10);

    /** A heap of this size is left alone: the young generation, and what lives, twice. */
    private static final long SMALL = 120L << 20;

    /** How far the heap may grow beyond what a collection left. */
    private static final long ROOM = 48L << 20;

    private final Runtime runtime = Runtime.getRuntime();
    private final Thread thread = Thread.ofVirtual().name("heap-keeper").start(this::run);

    private void run() {
        long limit = SMALL;
        try {
            while (true) {
                Thread.sleep(EVERY);
                if (runtime.totalMemory() > limit) {
                    System.gc();
                    limit = Math.max(SMALL, runtime.totalMemory() + ROOM);
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
