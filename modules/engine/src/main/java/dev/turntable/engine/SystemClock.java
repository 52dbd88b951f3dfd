package dev.turntable.engine;

import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/** The machine's own clocks; each alarm owns one daemon thread, parked until it rings. */
final class SystemClock implements EngineClock {
    @Override
    public Instant wall() {
        return Instant.now();
    }

    @Override
    public long monotonicNanos() {
        return System.nanoTime();
    }

    @Override
    public Alarm newAlarm(String name, Runnable onRing) {
        return new ParkedAlarm(name, onRing);
    }

    /** Sleeps until the time set; set again to an earlier time it is woken, to a later one it wakes in vain once and sleeps on. */
    private static final class ParkedAlarm implements Alarm {
        private static final long NEVER = Long.MAX_VALUE;
        private final long origin = System.nanoTime();
        private final Runnable onRing;
        private final Thread thread;
        private volatile long due = NEVER; // since origin, so that it can be compared
        private volatile boolean closed;

        ParkedAlarm(String name, Runnable onRing) {
            this.onRing = onRing;
            this.thread = Thread.ofPlatform().name(name).daemon().start(this::run);
        }

        @Override
        public void set(long monotonicNanos) {
            long at = monotonicNanos - origin;
            long before = due;
            due = at;
            if (at < before) {
                LockSupport.unpark(thread);
            }
        }

        @Override
        public void close() {
            closed = true;
            LockSupport.unpark(thread);
            if (Thread.currentThread() != thread) {
                joinUninterruptibly();
            }
        }

        private void joinUninterruptibly() {
            boolean interrupted = false;
            while (true) {
                try {
                    thread.join();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        private void run() {
            while (!closed) {
                long at = due;
                if (at == NEVER) {
                    LockSupport.park(this);
                    continue;
                }
                long left = at - (System.nanoTime() - origin);
                if (left > 0) {
                    LockSupport.parkNanos(this, left);
                    continue;
                }
                due = NEVER;
                onRing.run();
            }
        }
    }
}
