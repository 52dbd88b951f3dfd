package dev.turntable.journal;

import dev.turntable.event.Commit;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The newest commits in memory, so that a follower that keeps up never touches the disk. Bounded by count and by bytes; one writer, any
 * number of readers without a lock: a slot that was taken by a newer commit shows by its seq.
 */
final class Recent {
    static final int COMMITS = 1024;
    static final long BYTES = 8L << 20;

    private final AtomicReferenceArray<Commit> slots = new AtomicReferenceArray<>(COMMITS);
    private final int[] sizes = new int[COMMITS];
    private long oldest;
    private long newest;
    private long bytes;

    void add(Commit commit, int size) {
        int slot = slot(commit.seq());
        if (newest == 0) {
            oldest = commit.seq();
        }
        if (slots.get(slot) != null) {
            drop(oldest++);
        }
        newest = commit.seq();
        bytes += size;
        sizes[slot] = size;
        slots.setRelease(slot, commit);
        while (bytes > BYTES && oldest < newest) {
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
        return (int) (seq & (COMMITS - 1));
    }
}
