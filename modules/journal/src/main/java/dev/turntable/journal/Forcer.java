package dev.turntable.journal;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Forces commits to disk in groups: while one force runs, everybody who needs the next waits together.
 *
 * <p>Owns one platform thread (a force blocks its carrier), asleep unless something is to be forced; in standard mode what nobody waits
 * for is forced within {@link #IDLE_MILLIS}. Without a thread, {@link #await} forces on the caller's.
 */
final class Forcer implements AutoCloseable {
    /** Nothing stays unforced longer than this in standard and strict mode. */
    static final long IDLE_MILLIS = 900;

    /** How often a degraded journal looks whether the disk has healed. */
    static final long HEAL_MILLIS = 500;

    private final Work work;
    private final LongSupplier head;
    private final boolean background;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wanted = lock.newCondition();
    private final Condition done = lock.newCondition();
    private final Thread thread;
    private long asked;
    private long rounds;
    private RuntimeException failure;
    private boolean closed;
    private volatile boolean armed;
    private volatile long forced;

    /** What is done outside the write lock. */
    interface Work {
        void force();

        /** Called every {@link #HEAL_MILLIS} while degraded. */
        void heal();

        boolean degraded();
    }

    Forcer(Work work, LongSupplier head, Durability durability, boolean threads) {
        this.work = work;
        this.head = head;
        this.background = threads && durability != Durability.FAST;
        this.forced = head.getAsLong();
        this.thread = threads
                ? Thread.ofPlatform().daemon().name("turntable-journal-force").unstarted(this::run)
                : null;
        if (threads) {
            thread.start();
        }
    }

    /**
     * Called by the writer: starts the second within which the commit will be forced, or the wait for the disk to heal.
     *
     * @param rolled the commit began a new file: the one before is forced in every mode
     */
    void appended(boolean rolled) {
        if (!armed && (background || thread != null && (rolled || work.degraded()))) {
            armed = true;
            lock.lock();
            try {
                wanted.signal();
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Returns when everything up to {@code seq} is on disk; at once while the journal is degraded, because effects must go on then.
     * Throws {@link JournalException} FAILED when the force failed.
     */
    void await(long seq) {
        if (forced >= seq) {
            return;
        }
        if (thread == null || thread == Thread.currentThread()) {
            forceNow();
            return;
        }
        lock.lock();
        try {
            long before = rounds;
            while (forced < seq && !work.degraded()) {
                if (closed) {
                    throw new JournalException(JournalException.Code.CLOSED, "the journal was closed");
                }
                if (failure != null && rounds > before) {
                    throw new JournalException(
                            JournalException.Code.FAILED, "commits could not be forced to disk", failure);
                }
                asked = Math.max(asked, seq);
                wanted.signal();
                done.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    long forced() {
        return forced;
    }

    private void forceNow() {
        long upTo = head.getAsLong();
        if (upTo > forced) {
            work.force();
            forced = upTo;
        }
    }

    private void run() {
        while (waitForWork()) {
            RuntimeException thrown = null;
            try {
                if (work.degraded()) {
                    work.heal();
                }
                forceNow();
            } catch (RuntimeException e) {
                thrown = e;
            }
            lock.lock();
            try {
                failure = thrown;
                rounds++;
                asked = 0; // who still waits asks again
                done.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Waits for a demand, or for the end of the time that unforced commits may stay so. False when closed. */
    private boolean waitForWork() {
        lock.lock();
        try {
            long nanos = -1;
            while (!closed && asked <= forced) {
                if (nanos < 0 && armed) {
                    nanos = TimeUnit.MILLISECONDS.toNanos(work.degraded() ? HEAL_MILLIS : IDLE_MILLIS);
                }
                if (nanos < 0) {
                    wanted.await();
                } else if (nanos == 0) {
                    break;
                } else {
                    nanos = Math.max(0, wanted.awaitNanos(nanos));
                }
            }
            armed = work.degraded();
            return !closed;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            wanted.signal();
            done.signalAll();
        } finally {
            lock.unlock();
        }
        if (thread != null) {
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
