package dev.turntable.engine;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.fsm.Yard;
import dev.turntable.journal.Journal;

/** Decides when a snapshot is due and writes it, outside the Conductor's lock. */
final class Snapshooter {
    private final Journal journal;
    private final int every;
    private volatile long last;

    Snapshooter(Journal journal, int every, long last) {
        this.journal = journal;
        this.every = every;
        this.last = last;
    }

    /** Makes one due now. */
    void demand() {
        last = -every;
    }

    boolean isDue(long seq) {
        return seq - last >= every;
    }

    /** {@code state} is the yard after {@code commit}, which holds its hash. */
    void save(Commit commit, Yard state) {
        last = commit.seq();
        for (Decision decision : commit.decisions()) {
            if (decision instanceof Decision.SnapshotTaken taken) {
                journal.snapshots().save(commit.seq(), taken.stateHash(), Folded.IMAGE.encode(state.image()));
            }
        }
    }
}
