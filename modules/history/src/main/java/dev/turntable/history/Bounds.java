package dev.turntable.history;

import dev.turntable.event.Commit;
import dev.turntable.journal.Cursors;
import dev.turntable.journal.Journal;
import java.time.Instant;
import java.util.Optional;

/**
 * The part of the journal a query may look at: from behind {@code after} up to before {@code before}, within its times. Cursors are
 * checked once, here.
 */
record Bounds(
        Cursors.Position after,
        Cursors.Position before,
        Optional<Instant> from,
        Optional<Instant> to,
        long firstSeq,
        long lastSeq,
        Journal journal) {

    /** Behind every event of a commit. */
    private static final int END = Integer.MAX_VALUE;

    static Bounds of(HistoryFilter filter, Journal journal) {
        long head = journal.head();
        long earliest = Math.max(1, journal.earliest());
        Cursors.Position start = new Cursors.Position(earliest - 1, END);
        Cursors.Position end = new Cursors.Position(head + 1, 0);
        Cursors.Position after =
                filter.after().map(cursor -> position(cursor, journal)).orElse(start);
        Cursors.Position before =
                filter.before().map(cursor -> position(cursor, journal)).orElse(end);
        if (after.seq() < earliest - 1 && filter.after().isPresent()) {
            throw gone("that cursor", journal);
        }
        long first = Math.max(after.seq(), filter.from().map(journal::seqAt).orElse(earliest));
        long last = Math.min(
                before.seq(),
                filter.to().map(to -> journal.seqAt(to.plusNanos(1_000)) - 1).orElse(head));
        return new Bounds(
                after, before, filter.from(), filter.to(), Math.max(earliest, first), Math.min(head, last), journal);
    }

    static Cursors.Position position(String cursor, Journal journal) {
        try {
            Cursors.Position at = journal.cursors().parse(cursor);
            if (at.seq() > journal.head() + 1) {
                throw new HistoryException(HistoryException.Code.NOT_FOUND, "that cursor was never issued");
            }
            return at;
        } catch (Cursors.BadCursorException e) {
            throw new HistoryException(
                    e.otherLineage() ? HistoryException.Code.OTHER_LINEAGE : HistoryException.Code.BAD_FILTER,
                    e.getMessage());
        }
    }

    /** Throws 404 for a seq that was never issued, 410 for one that is no longer kept. */
    static void checkKept(long seq, Journal journal, String what) {
        if (seq < 1 || seq > journal.head()) {
            throw new HistoryException(HistoryException.Code.NOT_FOUND, what + " was never issued");
        }
        if (seq < journal.earliest()) {
            throw gone(what, journal);
        }
    }

    private static HistoryException gone(String what, Journal journal) {
        return new HistoryException(
                HistoryException.Code.GONE,
                what + " is older than what is kept",
                journal.cursors().of(journal.earliest(), 0));
    }

    /** Whether event {@code n} of the commit lies inside. */
    boolean holds(Commit commit, int n) {
        return commit.seq() <= lastSeq
                && compare(commit.seq(), n, after) > 0
                && compare(commit.seq(), n, before) < 0
                && from.map(time -> !commit.time().isBefore(time)).orElse(true)
                && to.map(time -> !commit.time().isAfter(time)).orElse(true);
    }

    private static int compare(long seq, int n, Cursors.Position at) {
        return seq == at.seq() ? Integer.compare(n, at.n()) : Long.compare(seq, at.seq());
    }

    /** Where an ascending page that found no more has arrived: the end of what it may look at. */
    String upperCursor() {
        return lastSeq < before.seq()
                ? journal.cursors().of(Math.max(lastSeq, after.seq()), END)
                : journal.cursors().of(before.seq(), before.n());
    }

    String headCursor() {
        return journal.cursors().of(journal.head(), END);
    }

    String earliestCursor() {
        return journal.cursors().of(journal.earliest(), 0);
    }
}
