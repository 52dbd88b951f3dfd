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

  /** Appends one commit and returns it. Not yet forced to disk: see {@link #awaitDurable}. Throws {@link JournalException}. */
  Commit append(Instant time, long monotonicNanos, Fact fact, List<Decision> decisions);

  /** Seq of the newest commit; 0 for an empty journal. */
  long head();

  /** Seq of the oldest commit still kept; {@code head() + 1} when there is none. */
  long earliest();

  /** Commits from {@code fromSeq} on, in order, up to the head at the time of the call. Close it. */
  Reader read(long fromSeq);

  /** Commits up to {@code fromSeq}, newest first. Close it. */
  Reader readBackwards(long fromSeq);

  /** Seq of the first commit at or after {@code time}; {@code head() + 1} if there is none. */
  long seqAt(Instant time);

  /**
   * Calls {@code onCommit} for every commit from {@code fromSeq} on, first from the past, then live, in order and without a gap, on a
   * thread of the follower's own. A slow follower never slows the writer.
   */
  Follower follow(String name, long fromSeq, Consumer<Commit> onCommit);

  /** Returns when everything up to {@code seq} is on disk as the durability mode promises before an effect may run. */
  void awaitDurable(long seq);

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
