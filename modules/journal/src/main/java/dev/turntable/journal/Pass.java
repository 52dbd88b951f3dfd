package dev.turntable.journal;

import dev.turntable.event.Commit;

/** One way forward through the commits: from memory where they are recent, else from disk. Belongs to one thread. */
final class Pass implements AutoCloseable {

    /** Commits that need no disk. */
    interface Memory {
        /** The commit, or null when it is not in memory. */
        Commit get(long seq);

        /** Seq of the oldest commit that waits to be written; 0 when none does. */
        long firstUnwritten();

        /** No commit is in memory. */
        Memory NOTHING = new Memory() {
            @Override
            public Commit get(long seq) {
                return null;
            }

            @Override
            public long firstUnwritten() {
                return 0;
            }
        };
    }

    private final Chapters chapters;
    private final Memory recent;
    private Chapters.DiskPass disk;
    private long next;
    private Commit current;

    Pass(Chapters chapters, Memory recent, long fromSeq) {
        this.chapters = chapters;
        this.recent = recent;
        this.next = fromSeq;
    }

    /** Moves to the next commit not behind {@code limit}; false if there is none. */
    boolean advance(long limit) {
        if (next > limit) {
            return false;
        }
        Commit commit = recent.get(next);
        if (commit == null) {
            commit = fromDisk(limit);
        } else {
            rest();
        }
        if (commit == null) {
            return false;
        }
        current = commit;
        next = commit.seq() + 1;
        return true;
    }

    Commit current() {
        return current;
    }

    private Commit fromDisk(long limit) {
        if (disk == null) {
            disk = chapters.from(next);
        }
        Commit commit = disk.next(limit);
        if (commit != null) {
            return commit;
        }
        rest();
        if (next < recent.firstUnwritten()) {
            next = recent.firstUnwritten(); // lost while the disk was full
        }
        return recent.get(next); // it may have arrived while we looked
    }

    /** Lets go of files and mapped memory until the disk is needed again. */
    void rest() {
        if (disk != null) {
            disk.close();
            disk = null;
        }
    }

    @Override
    public void close() {
        rest();
    }
}
