package dev.turntable.sim;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.journal.Cursors;
import dev.turntable.journal.Journal;
import dev.turntable.journal.JournalHealth;
import dev.turntable.journal.JournalStatus;
import dev.turntable.journal.MemoryJournal;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** The real journal in memory, with an eye on every append, and with a server that may die at any of them. */
final class WatchedJournal implements Journal {
    private final MemoryJournal journal;
    private final Eye eye;

    /** Looks at every append. */
    interface Eye {
        /** About to append; may change what was decided, or end the server. */
        List<Decision> before(Fact fact, List<Decision> decisions);

        /** Appended; may end the server. */
        void after(Commit commit);
    }

    WatchedJournal(MemoryJournal journal, Eye eye) {
        this.journal = journal;
        this.eye = eye;
    }

    @Override
    public Commit append(Instant time, long monotonicNanos, Fact fact, List<Decision> decisions) {
        Commit commit = journal.append(time, monotonicNanos, fact, eye.before(fact, decisions));
        eye.after(commit);
        return commit;
    }

    @Override
    public long head() {
        return journal.head();
    }

    @Override
    public Instant headTime() {
        return journal.headTime();
    }

    @Override
    public int serverRun() {
        return journal.serverRun();
    }

    @Override
    public long earliest() {
        return journal.earliest();
    }

    @Override
    public Reader read(long fromSeq) {
        return journal.read(fromSeq);
    }

    @Override
    public Reader readBackwards(long fromSeq) {
        return journal.readBackwards(fromSeq);
    }

    @Override
    public long seqAt(Instant time) {
        return journal.seqAt(time);
    }

    @Override
    public Follower follow(String name, long fromSeq, Consumer<Commit> onCommit) {
        return journal.follow(name, fromSeq, onCommit);
    }

    @Override
    public void awaitDurable(long seq) {
        journal.awaitDurable(seq);
    }

    @Override
    public void awaitAcknowledged(long seq) {
        journal.awaitAcknowledged(seq);
    }

    @Override
    public void onHealth(Consumer<JournalHealth> listener) {
        journal.onHealth(listener);
    }

    @Override
    public JournalStatus status() {
        return journal.status();
    }

    @Override
    public Cursors cursors() {
        return journal.cursors();
    }

    @Override
    public Snapshots snapshots() {
        return journal.snapshots();
    }

    @Override
    public void close() {
        journal.close();
    }
}
