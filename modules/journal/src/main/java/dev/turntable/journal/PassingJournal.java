package dev.turntable.journal;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A journal that keeps nothing: it numbers each commit and hands it on, on the thread that appends. For worlds that are played in virtual
 * time and only counted: nothing is encoded, nothing can be read back or followed.
 */
public final class PassingJournal implements Journal {
    private final Consumer<Commit> onCommit;
    private long head;
    private Instant headTime = Instant.EPOCH;

    /** {@code onCommit} sees each commit before the writer goes on; it must not append. */
    public PassingJournal(Consumer<Commit> onCommit) {
        this.onCommit = onCommit;
    }

    @Override
    public Commit append(Instant time, long monotonicNanos, Fact fact, List<Decision> decisions) {
        if (time.isBefore(headTime)) {
            throw new IllegalArgumentException(time + " is before " + headTime);
        }
        headTime = time;
        Commit commit = new Commit(++head, time, monotonicNanos, 1, 1, fact, decisions);
        onCommit.accept(commit);
        return commit;
    }

    @Override
    public long head() {
        return head;
    }

    @Override
    public Instant headTime() {
        return headTime;
    }

    @Override
    public int serverRun() {
        return 1;
    }

    @Override
    public long earliest() {
        return head + 1;
    }

    @Override
    public Reader read(long fromSeq) {
        return new Nothing();
    }

    @Override
    public Reader readBackwards(long fromSeq) {
        return new Nothing();
    }

    @Override
    public long seqAt(Instant time) {
        return head + 1;
    }

    @Override
    public Follower follow(String name, long fromSeq, Consumer<Commit> follower) {
        throw new UnsupportedOperationException("this journal hands its commits to one only");
    }

    @Override
    public void awaitDurable(long seq) {}

    @Override
    public void awaitAcknowledged(long seq) {}

    @Override
    public void onHealth(Consumer<JournalHealth> listener) {}

    @Override
    public JournalStatus status() {
        return new JournalStatus(
                "passing", head, earliest(), 1, List.of(), 0, "none", false, "kept nowhere", List.of());
    }

    @Override
    public Cursors cursors() {
        throw new UnsupportedOperationException("this journal has no places to come back to");
    }

    @Override
    public Snapshots snapshots() {
        return new Snapshots() {
            @Override
            public void save(long seq, String stateHash, byte[] state) {}

            @Override
            public Optional<Snapshot> newest(long seq) {
                return Optional.empty();
            }
        };
    }

    @Override
    public void close() {}

    private static final class Nothing implements Reader {
        @Override
        public boolean hasNext() {
            return false;
        }

        @Override
        public Commit next() {
            throw new NoSuchElementException();
        }

        @Override
        public void close() {}
    }
}
