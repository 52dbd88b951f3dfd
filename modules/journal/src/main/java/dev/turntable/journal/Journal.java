package dev.turntable.journal;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * The record: an append-only, checksummed, hash-chained sequence of commits with one writer and any number of followers.
 *
 * <p>{@link #append} is called by one thread at a time (the Conductor's lock sees to that); everything else is safe from any thread.
 */
public interface Journal extends AutoCloseable {

    /**
     * Appends one commit and returns it. Not yet forced to disk: see {@link #awaitDurable}.
     *
     * @param time whole microseconds, never before {@link #headTime}; otherwise IllegalArgumentException
     * @throws JournalException TOO_LARGE when the commit has more than 960 KiB of JSON, CLOSED, FAILED. A full disk does not throw:
     *     commits then wait in memory, and {@link #onHealth} tells
     */
    Commit append(Instant time, long monotonicNanos, Fact fact, List<Decision> decisions);

    /** Seq of the newest commit; 0 for an empty journal. */
    long head();

    /** Time of the newest commit: the least that the next one may have. {@link Instant#EPOCH} for an empty journal. */
    Instant headTime();

    /** Number of this server start, as commits carry it. */
    int serverRun();

    /** Seq of the oldest commit still kept; {@code head() + 1} when there is none. */
    long earliest();

    /** Commits from {@code fromSeq} (or the earliest) on, in order, up to the head at the time of the call. Close it. */
    Reader read(long fromSeq);

    /** Commits up to {@code fromSeq}, newest first. Close it. */
    Reader readBackwards(long fromSeq);

    /** Seq of the first commit at or after {@code time}; {@code head() + 1} if there is none. */
    long seqAt(Instant time);

    /**
     * Calls {@code onCommit} for every commit from {@code fromSeq} on, first from the past, then live, in order and without a gap, on a
     * thread of the follower's own. A slow follower never slows the writer. An exception of {@code onCommit} is logged, and the follower
     * goes on with the next commit.
     */
    Follower follow(String name, long fromSeq, Consumer<Commit> onCommit);

    /**
     * Returns when everything up to {@code seq} is on disk as the durability mode promises before an effect may run: a force in standard
     * and strict mode, nothing in fast mode. Waiters share forces.
     */
    void awaitDurable(long seq);

    /** Returns when everything up to {@code seq} is on disk as the durability mode promises before an answer goes out: strict mode only. */
    void awaitAcknowledged(long seq);

    /** Calls back, on a thread of the journal's, when the disk has become too full for commits and when it has healed. */
    void onHealth(Consumer<JournalHealth> listener);

    /** Position, size, mode and followers, as {@code GET /api/journal} shows them. */
    JournalStatus status();

    /** Turns seqs into opaque cursors and back. */
    Cursors cursors();

    Snapshots snapshots();

    @Override
    void close();

    /** An open pass over the journal. */
    interface Reader extends AutoCloseable {
        boolean hasNext();

        Commit next();

        @Override
        void close();
    }

    /** A running follower. */
    interface Follower extends AutoCloseable {
        String name();

        /** Seq of the last commit handed over. */
        long position();

        /** Stops it; returns after the commit it is working on. */
        @Override
        void close();
    }

    /** Folded states kept beside the journal, so that a start need not fold from the beginning. */
    interface Snapshots {
        void save(long seq, String stateHash, byte[] state);

        /** The newest usable snapshot at or before {@code seq}. */
        java.util.Optional<Snapshot> newest(long seq);
    }

    /** A folded state after commit {@code seq}. */
    record Snapshot(long seq, String stateHash, byte[] state) {}
}
