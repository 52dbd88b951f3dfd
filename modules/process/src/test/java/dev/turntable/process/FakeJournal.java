package dev.turntable.process;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.journal.Cursors;
import dev.turntable.journal.Journal;
import dev.turntable.journal.JournalStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** As much of a journal as an executor of orders sees: commits in a list, followers woken by the append. */
final class FakeJournal implements Journal {
    private final List<Commit> commits = new ArrayList<>();
    private final AtomicLong durable = new AtomicLong();

    @Override
    public synchronized Commit append(Instant time, long monotonicNanos, Fact fact, List<Decision> decisions) {
        Commit commit = new Commit(commits.size() + 1L, time, monotonicNanos, 1, 1, fact, decisions);
        commits.add(commit);
        notifyAll();
        return commit;
    }

    @Override
    public synchronized long head() {
        return commits.size();
    }

    @Override
    public Follower follow(String name, long fromSeq, Consumer<Commit> onCommit) {
        return new Tail(name, fromSeq, onCommit);
    }

    @Override
    public void awaitDurable(long seq) {
        durable.accumulateAndGet(seq, Math::max);
    }

    /** Highest seq somebody waited for. */
    long awaited() {
        return durable.get();
    }

    @Override
    public long earliest() {
        return 1;
    }

    @Override
    public Reader read(long fromSeq) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Reader readBackwards(long fromSeq) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long seqAt(Instant time) {
        throw new UnsupportedOperationException();
    }

    @Override
    public JournalStatus status() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Cursors cursors() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Snapshots snapshots() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}

    private final class Tail implements Follower {
        private final String name;
        private final Consumer<Commit> onCommit;
        private final Thread thread;
        private long next;
        private boolean closed;

        Tail(String name, long fromSeq, Consumer<Commit> onCommit) {
            this.name = name;
            this.onCommit = onCommit;
            this.next = fromSeq;
            this.thread = Thread.ofVirtual().start(this::run);
        }

        private void run() {
            for (Commit commit = take(); commit != null; commit = take()) {
                onCommit.accept(commit);
            }
        }

        private Commit take() {
            synchronized (FakeJournal.this) {
                while (!closed && next > commits.size()) {
                    try {
                        FakeJournal.this.wait();
                    } catch (InterruptedException e) {
                        return null;
                    }
                }
                return closed ? null : commits.get((int) next++ - 1);
            }
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public long position() {
            return next - 1;
        }

        @Override
        public void close() {
            synchronized (FakeJournal.this) {
                closed = true;
                FakeJournal.this.notifyAll();
            }
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
