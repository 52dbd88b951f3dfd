package dev.turntable.journal;

import dev.turntable.event.Commit;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Everybody who follows the journal: a virtual thread each, asleep at the head, woken by the append.
 *
 * <p>The append wakes one sleeper at most, whoever wakes wakes the next: so the writer pays for one wake-up however many follow.
 */
final class Followers {
    /** More would mean a leak: there are a dozen followers inside and one for each open event stream. */
    static final int LIMIT = 1024;

    /** A follower that is woken again so soon after the last time takes a {@link #NAP_NANOS} instead, and then sees many commits at once. */
    private static final long BUSY_NANOS = 200_000;

    /** What a busy follower lags behind: waking sixteen of them for each of 100,000 commits a second would cost more than all else. */
    private static final long NAP_NANOS = 1_000_000;

    /** After a nap in which so many commits came in, the next is twice as long, up to {@link #LONGEST_NAP_NANOS}: each costs a timer. */
    private static final int CROWD = 16;

    /** But not after so many: who sleeps longer than {@link Recent} remembers has to read from the log, and never catches up. */
    private static final int THRONG = Recent.COMMITS / 8;

    private static final long LONGEST_NAP_NANOS = 4_000_000;

    private static final System.Logger LOG = System.getLogger(Followers.class.getName());

    private final Source journal;
    private final boolean threads;
    private final CopyOnWriteArrayList<One> all = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<One> asleep = new ConcurrentLinkedQueue<>();

    /** Without threads, followers move only in {@link #pump}. */
    Followers(Source journal, boolean threads) {
        this.journal = journal;
        this.threads = threads;
    }

    Journal.Follower add(String name, long fromSeq, Consumer<Commit> onCommit) {
        if (all.size() >= LIMIT) {
            throw new JournalException(JournalException.Code.FAILED, "more than " + LIMIT + " followers");
        }
        One one = new One(name, fromSeq, onCommit);
        all.add(one);
        if (threads) {
            one.thread = Thread.ofVirtual().name("journal-follower-" + name).unstarted(one::run);
            one.thread.start();
        }
        return one;
    }

    /** Called by the writer after it has published a new head. */
    void wake() {
        One one;
        while ((one = asleep.poll()) != null) {
            if (one.state.compareAndSet(One.ASLEEP, One.AWAKE)) {
                LockSupport.unpark(one.thread);
                return;
            }
        }
    }

    /** Hands over everything there is, follower by follower, on the calling thread. Returns how many commits were handed over. */
    int pump() {
        int handed = 0;
        for (One one : all) {
            handed += one.catchUp();
        }
        return handed;
    }

    List<JournalStatus.FollowerStatus> status(long head) {
        return all.stream()
                .map(one -> new JournalStatus.FollowerStatus(one.name, one.position, Math.max(0, head - one.position)))
                .toList();
    }

    /** True when every follower sleeps until the next commit: an idle journal costs nothing. */
    boolean allAsleep() {
        return all.stream().allMatch(one -> one.state.get() == One.ASLEEP);
    }

    /** The lowest position of all; files up to there may go. */
    long slowest() {
        return all.stream().mapToLong(one -> one.position).min().orElse(Long.MAX_VALUE);
    }

    /** The lowest position of those who want this commit or a later one next. */
    long slowestFrom(long seq) {
        long slowest = Long.MAX_VALUE;
        for (One one : all) {
            long position = one.position;
            if (position >= seq - 1 && position < slowest) {
                slowest = position;
            }
        }
        return slowest;
    }

    void close() {
        all.forEach(One::close);
    }

    private final class One implements Journal.Follower {
        static final int AWAKE = 0;
        static final int ASLEEP = 1;

        private final String name;
        private final Consumer<Commit> onCommit;
        private final AtomicInteger state = new AtomicInteger(AWAKE);
        private final Pass pass;
        private volatile long position;
        private volatile boolean closed;
        private Thread thread;
        private long woken = System.nanoTime() - BUSY_NANOS;
        private long nap;
        private int handed; // since it last rested

        One(String name, long fromSeq, Consumer<Commit> onCommit) {
            this.name = name;
            this.onCommit = onCommit;
            this.position = fromSeq - 1;
            this.pass = journal.pass(fromSeq);
        }

        private void run() {
            try (pass) {
                while (!closed) {
                    if (catchUp() == 0) {
                        pass.rest();
                        if (sleep()) {
                            wake(); // pass the baton; not after a nap, or two followers would keep each other awake for
                            // ever
                        }
                    }
                }
            } catch (JournalException e) {
                LOG.log(Level.ERROR, "follower " + name + " stops after commit " + position + ": " + e.getMessage());
            } finally {
                all.remove(this);
                wake();
            }
        }

        int catchUp() {
            int before = handed;
            while (!closed && pass.advance(journal.head())) {
                hand(pass.current());
                handed++;
            }
            return handed - before;
        }

        private void hand(Commit commit) {
            try {
                onCommit.accept(commit);
            } catch (RuntimeException e) {
                // one commit that one follower cannot take must not cost it all the others
                LOG.log(Level.ERROR, "follower " + name + " failed on commit " + commit.seq(), e);
            }
            position = commit.seq();
        }

        /** Rests until there may be more. True when it was woken, false after a mere nap. */
        private boolean sleep() {
            nap = nextNap();
            handed = 0;
            if (nap > 0 && !closed) {
                LockSupport.parkNanos(this, nap);
                return false;
            }
            state.set(ASLEEP);
            asleep.add(this);
            while (state.get() == ASLEEP && position >= journal.head() && !closed) {
                LockSupport.park(this);
            }
            state.set(AWAKE);
            woken = System.nanoTime();
            return true;
        }

        private long nextNap() {
            if (nap > 0 && handed >= 2 * THRONG) {
                return Math.max(nap / 2, NAP_NANOS);
            }
            if (nap > 0 && handed >= CROWD) {
                return handed < THRONG ? Math.min(2 * nap, LONGEST_NAP_NANOS) : nap;
            }
            return nap == 0 && System.nanoTime() - woken < BUSY_NANOS ? NAP_NANOS : 0;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public void close() {
            closed = true;
            if (!threads) {
                all.remove(this);
                pass.close();
                return;
            }
            LockSupport.unpark(thread);
            if (Thread.currentThread() != thread) {
                boolean interrupted = false;
                while (thread.isAlive()) {
                    try {
                        thread.join();
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
