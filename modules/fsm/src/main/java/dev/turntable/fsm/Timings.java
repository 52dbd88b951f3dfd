package dev.turntable.fsm;

import java.time.Duration;

/** The few lengths of time that are not configured, each with its reason. */
final class Timings {
    /** A killed process that is still there is killed again after this; the kernel may hold one that waits for a disk or a GPU. */
    static final Duration KILL_AGAIN = Duration.ofSeconds(30);

    /** What a refused request is told to wait before it tries again (llama-swap §3.2). */
    static final Duration RETRY_BUSY = Duration.ofSeconds(1);

    /**
     * How long a run that just became idle keeps its place although others wait: long enough for a client that has its answer to come
     * back with the next request, too short to be noticed (docs/decisions/0010-bounded-wait.md).
     */
    static final Duration LINGER = Duration.ofMillis(10);

    /** No run lingers beyond this after it became ready, however long it took to load. */
    static final Duration LINGER_TENURE = Duration.ofMillis(50);

    /** So many requests may overtake a waiting one before a turn can end by being long enough. */
    static final int OVERTAKERS = 16;

    private Timings() {}

    /** Cut to the microseconds the journal keeps, so that a decision read back is the decision made. */
    static Duration micros(Duration d) {
        return Duration.ofNanos(d.toNanos() / 1_000 * 1_000);
    }
}
