package dev.turntable.engine;

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
 * The state a journal folds to.
 *
 * @param time of the newest commit
 * @param snapshot seq of the snapshot it was folded from, 0 for none
 */
record Folded(Yard yard, Instant time, long snapshot) {
    private static final System.Logger LOG = System.getLogger(Folded.class.getName());
    static final RecordCodec<YardImage> IMAGE = RecordCodec.of(YardImage.class);

    static Folded of(Journal journal) {
        long head = journal.head();
        Optional<Folded> start = head == 0 ? Optional.empty() : newest(journal, head);
        if (start.isEmpty() && head > 0 && journal.earliest() > 1) {
            throw new EngineException(
                    EngineException.Code.UNFOLDABLE,
                    "the journal begins with commit " + journal.earliest() + " and there is no usable snapshot");
        }
        Folded folded = start.orElse(new Folded(Yard.empty(), Instant.EPOCH, 0));
        return folded.on(journal, folded.snapshot() + 1);
    }

    private Folded on(Journal journal, long from) {
        Yard state = yard;
        try (Journal.Reader reader = journal.read(from)) {
            while (reader.hasNext()) {
                state = Core.apply(state, reader.next());
            }
        }
        return new Folded(state, journal.headTime(), snapshot);
    }

    /** The newest snapshot, if it is what it says it is. */
    private static Optional<Folded> newest(Journal journal, long head) {
        Optional<Journal.Snapshot> found = journal.snapshots().newest(head);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try {
            Yard yard = Yard.of(IMAGE.decode(found.get().state()));
            if (yard.stateHash().equals(found.get().stateHash())) {
                return Optional.of(new Folded(yard, Instant.EPOCH, found.get().seq()));
            }
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the snapshot of commit {0} is not what it says; it is left out",
                    found.get().seq());
        } catch (JournalException | FsmException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the snapshot of commit " + found.get().seq() + " cannot be read; it is left out",
                    e);
        }
        return Optional.empty();
    }
}
