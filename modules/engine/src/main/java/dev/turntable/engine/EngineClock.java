package dev.turntable.engine;

import java.time.Instant;

/** Time as the Conductor needs it: a wall clock that may step, a monotonic one that never does, and an alarm. A simulator brings its own. */
public interface EngineClock {

    /** The machine's wall clock. */
    Instant wall();

    /** Nanoseconds from an arbitrary origin; never goes back. */
    long monotonicNanos();

    /** An alarm that calls {@code onRing}, never twice at the same time, on a thread of its own or whenever the simulator says so. */
    Alarm newAlarm(String name, Runnable onRing);

    /** One alarm. */
    interface Alarm extends AutoCloseable {
        /** Rings at that monotonic time or soon after; at once if it is past. A second call replaces the first. May ring early, too. */
        void set(long monotonicNanos);

        /** Returns when it rings no more. */
        @Override
        void close();
    }

    /** The real clocks. */
    static EngineClock system() {
        return new SystemClock();
    }
}
