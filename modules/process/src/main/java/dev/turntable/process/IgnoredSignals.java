package dev.turntable.process;

import dev.turntable.process.linux.Pid;
import dev.turntable.process.linux.ProcFs;

/**
 * Signals that this server was started to ignore, as {@code nohup} does with SIGHUP and a shell with the SIGINT of its background jobs.
 *
 * <p>The JVM lets nobody handle those. The reference hears them, and so do we: whoever sends one means it.
 */
public final class IgnoredSignals {
    private IgnoredSignals() {}

    /** Call it before a handler is set; costs nothing where the signal is not ignored. */
    public static void hear(int signal) {
        if (ProcFs.ignores(signal)) {
            Pid.signalDefault(signal);
        }
    }
}
