package dev.turntable.event;

import java.time.Instant;
import java.util.List;

/**
 * One fact with every decision it caused: the unit of the journal, atomic.
 *
 * @param seq dense, from 1, across epochs
 * @param time wall clock in UTC with microseconds, never less than the commit before
 * @param monotonicNanos nanoseconds since this server run began
 * @param epoch number of the journal directory
 * @param serverRun number of this server start
 */
public record Commit(
        long seq, Instant time, long monotonicNanos, int epoch, int serverRun, Fact fact, List<Decision> decisions) {
    public Commit {
        decisions = List.copyOf(decisions);
    }

    /** The fact, then the decisions: event {@code n} of this commit has the id {@code seq.n}. */
    public Event event(int n) {
        return n == 0 ? fact : decisions.get(n - 1);
    }
}
