package dev.turntable.history;

import dev.turntable.event.Commit;
import dev.turntable.fsm.Core;
import dev.turntable.fsm.FsmException;
import dev.turntable.fsm.Yard;
import dev.turntable.fsm.YardImage;
import dev.turntable.journal.Journal;
import dev.turntable.journal.JournalException;
import dev.turntable.journal.RecordCodec;
import java.time.Instant;
import java.util.Optional;

/**
 * The state at any moment that the journal still reaches: the fold of everything up to there, from the nearest snapshot before it.
 *
 * <p>The same commits give the same state and the same hash, on every run and from every snapshot. Safe from any thread.
 */
public final class StateAt {
    private static final RecordCodec<YardImage> IMAGE = RecordCodec.of(YardImage.class);

    private final Journal journal;

    /** The newest state that was asked for: the next question is likely to be about a later one. */
    private volatile Start known = new Start(0, Yard.empty());

    public StateAt(Journal journal) {
        this.journal = journal;
    }

    /**
     * The state after the commit that {@code at} names.
     *
     * @param at a cursor, a seq, or a time in RFC 3339 (then the last commit at or before it); empty for now
     * @throws HistoryException 400, 404, 409, 410
     */
    public Moment at(Optional<String> at) {
        return after(at.filter(text -> !text.isBlank()).map(this::seq).orElse(journal.head()));
    }

    /** The state after commit {@code seq}; 0 is before the first. Throws {@link HistoryException}: 404, 410. */
    public Moment after(long seq) {
        if (seq != 0) {
            Bounds.checkKept(seq, journal, "commit " + seq);
        }
        Start start = nearest(seq);
        Yard yard = start.yard();
        Instant time = Instant.EPOCH;
        long reached = start.seq();
        if (reached == seq && seq > 0) {
            time = commit(seq).time();
        }
        try (Journal.Reader reader = journal.read(reached + 1)) {
            while (reached < seq && reader.hasNext()) {
                Commit commit = reader.next();
                yard = Core.apply(yard, commit);
                time = commit.time();
                reached = commit.seq();
            }
        }
        if (seq > known.seq()) {
            known = new Start(seq, yard);
        }
        return new Moment(seq, time, journal.cursors().of(seq, Integer.MAX_VALUE), yard);
    }

    private Start nearest(long seq) {
        Start remembered = known;
        return remembered.seq() > 0 && remembered.seq() <= seq ? remembered : start(seq);
    }

    /** Where a fold may begin: before everything, or with a snapshot. */
    record Start(long seq, Yard yard) {}

    /** The nearest beginning at or before {@code seq}. */
    Start start(long seq) {
        Optional<Start> snapshot = seq < 1 ? Optional.empty() : snapshot(seq);
        if (snapshot.isEmpty() && journal.earliest() > 1 && seq > 0) {
            throw new HistoryException(
                    HistoryException.Code.GONE,
                    "what that state was folded from is older than what is kept",
                    journal.cursors().of(journal.earliest(), 0));
        }
        return snapshot.orElse(new Start(0, Yard.empty()));
    }

    /** The newest snapshot at or before {@code seq} that is what it says it is. */
    private Optional<Start> snapshot(long seq) {
        Optional<Journal.Snapshot> found = journal.snapshots().newest(seq);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try {
            Yard yard = Yard.of(IMAGE.decode(found.get().state()));
            if (yard.stateHash().equals(found.get().stateHash())) {
                return Optional.of(new Start(found.get().seq(), yard));
            }
        } catch (JournalException | FsmException e) {
            return snapshot(found.get().seq() - 1); // written by a version that saw the state differently
        }
        return snapshot(found.get().seq() - 1);
    }

    private long seq(String at) {
        if (at.matches("\\d{1,18}")) {
            return Long.parseLong(at);
        }
        if (at.contains("T") && at.contains(":")) {
            Instant time = HistoryFilter.time("at", at);
            long seq = journal.seqAt(time.plusNanos(1_000)) - 1;
            if (seq < journal.earliest() && journal.earliest() > 1) {
                throw new HistoryException(
                        HistoryException.Code.GONE,
                        "that moment is older than what is kept",
                        journal.cursors().of(journal.earliest(), 0));
            }
            return seq;
        }
        return Math.min(Bounds.position(at, journal).seq(), journal.head());
    }

    private Commit commit(long seq) {
        try (Journal.Reader reader = journal.read(seq)) {
            return reader.next();
        }
    }
}
