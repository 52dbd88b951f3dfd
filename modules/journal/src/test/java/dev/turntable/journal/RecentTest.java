package dev.turntable.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.turntable.event.Commit;
import org.junit.jupiter.api.Test;

/** Which commits are still in memory. */
class RecentTest {
    private long slowest = Long.MAX_VALUE;
    private final Recent recent = new Recent(_ -> slowest);
    private long newest;

    private void add(int commits) {
        add(commits, 100);
    }

    private void add(int commits, int size) {
        for (int i = 0; i < commits; i++) {
            long seq = ++newest;
            recent.add(
                    new Commit(seq, Commits.timeOf(seq), 0, 1, 1, Commits.factOf(seq), Commits.decisionsOf(seq)), size);
        }
    }

    private void assertOldest(long seq) {
        assertNull(recent.get(seq - 1));
        for (long kept = seq; kept <= newest; kept++) {
            assertNotNull(recent.get(kept));
        }
        assertNull(recent.get(newest + 1));
    }

    @Test
    void withoutFollowersThatLagTheNewestAreKept() {
        add(3 * Recent.MOST + 7);
        assertOldest(newest - Recent.COMMITS + 1);
    }

    @Test
    void whatAFollowerHasNotSeenIsKeptToo() {
        slowest = 500;
        add(4_000);
        assertOldest(501);
        slowest = 2_000;
        add(64);
        assertOldest(2_001);
        slowest = newest;
        add(64);
        assertOldest(newest - Recent.COMMITS + 1);
    }

    @Test
    void aFollowerThatNeverComesIsNotWaitedForWithoutEnd() {
        slowest = 0;
        add(Recent.MOST + 100);
        assertOldest(101);
        slowest = Long.MAX_VALUE; // nobody who could be served from here is behind
        add(64);
        assertOldest(newest - Recent.COMMITS + 1);
    }

    @Test
    void largeOnesLeaveRoomForFewer() {
        slowest = 0;
        add(20, (int) (Recent.BYTES / 4));
        assertOldest(17);
        assertEquals(20, recent.get(20).seq());
    }
}
