package dev.turntable.process;

import java.time.Duration;

/** Every bound of this room that is not a probe's ({@link Readiness}) or a pipe's, each with its reason. */
final class Limits {
    /** A descendant that took off the run's mark and holds the output pipe is listened to this long after the exit (llama-swap §4.6). */
    static final Duration OUTPUT_AFTER_EXIT = Duration.ofSeconds(10);

    /** Processes of a run that outlive its leader are killed with it; the exit is not reported before they are gone, or this has passed. */
    static final Duration GROUP_AFTER_LEADER = Duration.ofSeconds(1);

    /** Read at an exit before it is reported: twice what the largest pipe holds, because a survivor may write on. */
    static final int OUTPUT_AT_EXIT_BYTES = 2 << 20;

    /** How long a process that lost its parent may lie about as a zombie. Looking costs a few microseconds. */
    static final Duration REAP_EVERY = Duration.ofSeconds(2);

    private Limits() {}
}
