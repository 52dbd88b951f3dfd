package dev.turntable.journal;

import dev.turntable.event.Commit;
import java.util.ArrayDeque;

/**
 * Commits that wait in memory while the disk has no room, oldest first. Bounded: when it is full the oldest is lost, and counted.
 */
final class Tail {
    static final int COMMITS = 65_536;
    static final long BYTES = 64L << 20;

    /** One commit, and its frame as it would have been written. */
    record Waiting(Commit commit, byte[] frame) {}

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private long bytes;
    private long lost;

    synchronized void add(Commit commit, byte[] frame) {
        waiting.addLast(new Waiting(commit, frame));
        bytes += frame.length;
        while (waiting.size() > COMMITS || bytes > BYTES) {
            bytes -= waiting.removeFirst().frame().length;
            lost++;
        }
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Commits dropped so far because the tail was full. */
    synchronized long lost() {
        return lost;
    }

    synchronized Waiting first() {
        return waiting.peekFirst();
    }

    synchronized void removeFirst() {
        bytes -= waiting.removeFirst().frame().length;
    }

    synchronized void forgetLost() {
        lost = 0;
    }

    /** Seq of the oldest commit here; 0 when empty. */
    synchronized long firstSeq() {
        return waiting.isEmpty() ? 0 : waiting.getFirst().commit().seq();
    }

    /** The commit, or null when it is not here. */
    synchronized Commit get(long seq) {
        if (waiting.isEmpty() || seq < firstSeq()) {
            return null;
        }
        for (Waiting one : waiting) {
            if (one.commit().seq() == seq) {
                return one.commit();
            }
        }
        return null;
    }
}
