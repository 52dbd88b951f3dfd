package dev.turntable.journal;

import dev.turntable.event.Commit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongUnaryOperator;

/**
 * The newest commits in memory, so that a follower that keeps up never touches the disk; and more of them while one lags behind, because who has
 * to read from disk at a time when much is written never catches up again. Bounded by count and by bytes; one writer, any number of readers
 * without a lock: a slot that was taken by a newer commit shows by its seq.
 */
final class Recent {
    /** So many are kept in any case. */
    static final int COMMITS = 1024;

    /** And at most so many. */
    static final int MOST = 8192;

    static final long BYTES = 8L << 20;

    /** The followers are looked at when so many commits have come. */
    private static final int LOOK_EVERY = 64;

    private final LongUnaryOperator slowestFrom;
    private final AtomicReferenceArray<Commit> slots = new AtomicReferenceArray<>(MOST);
    private final int[] sizes = new int[MOST];
    private long oldest;
    private long newest;
    private long seen;
    private long bytes;

    /**
     * @param slowestFrom the seq up to which every follower is that still can be served from this seq on; those who are further behind read from
     *     disk anyway
     */
    Recent(LongUnaryOperator slowestFrom) {
        this.slowestFrom = slowestFrom;
    }

    void add(Commit commit, int size) {
        long seq = commit.seq();
        if (newest == 0) {
            oldest = seq;
        }
        while (seq - oldest >= MOST) {
            drop(oldest++);
        }
        newest = seq;
        bytes += size;
        sizes[slot(seq)] = size;
        slots.setRelease(slot(seq), commit);
        while (bytes > BYTES && oldest < newest) {
            drop(oldest++);
        }
        if (seq % LOOK_EVERY == 0) {
            seen = slowestFrom.applyAsLong(oldest);
        }
        while (newest - oldest >= COMMITS && oldest <= seen) {
            drop(oldest++);
        }
    }

    private void drop(long seq) {
        int slot = slot(seq);
        if (slots.get(slot) != null) {
            bytes -= sizes[slot];
            slots.setRelease(slot, null);
        }
    }

    /** The commit, or null when it is no longer (or not yet) here. */
    Commit get(long seq) {
        Commit commit = slots.getAcquire(slot(seq));
        return commit != null && commit.seq() == seq ? commit : null;
    }

    private static int slot(long seq) {
        return (int) (seq & (MOST - 1));
    }
}
