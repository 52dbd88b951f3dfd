package dev.turntable.process;

import java.time.Duration;

/** Every bound of this room that is not a probe's ({@link Readiness}) or a pipe's, each with its reason. */
final class Limits {
    /** A descendant that left the group and holds the output pipe is listened to this long after the exit (llama-swap §4.6). */
    static final Duration OUTPUT_AFTER_EXIT = Duration.ofSeconds(10);

    /** Members of the group that outlive its leader are killed with it; the exit is not reported before they are gone, or this has passed. */
    static final Duration GROUP_AFTER_LEADER = Duration.ofSeconds(1);

    /** Read at an exit before it is reported: twice what the largest pipe holds, because a survivor may write on. */
    static final int OUTPUT_AT_EXIT_BYTES = 2 << 20;

    private Limits() {}
}
