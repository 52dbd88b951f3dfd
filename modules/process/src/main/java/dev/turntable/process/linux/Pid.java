package dev.turntable.process.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.OptionalInt;

/** Signals to processes and news of their end, by number and by descriptor. */
public final class Pid {
    public static final int SIGKILL = 9;
    public static final int SIGTERM = 15;

    private Pid() {}

    /** How a child ended: its exit code, or the signal that ended it and then 128 + signal as the code. */
    public record Exit(int code, OptionalInt signal) {
        /** Nobody but the parent is told how a process ended, and an adopted one's parent is not us. */
        public static final Exit UNKNOWN = new Exit(-1, OptionalInt.empty());

        /** In Go's words: {@code exit status 1}, {@code signal: killed}. */
        public String text() {
            return signal.isPresent() ? "signal: " + name(signal.getAsInt()) : "exit status " + code;
        }

        private static String name(int signal) {
            return switch (signal) {
                case 1 -> "hangup";
                case 2 -> "interrupt";
                case 3 -> "quit";
                case 4 -> "illegal instruction";
                case 6 -> "aborted";
                case 7 -> "bus error";
                case 8 -> "floating point exception";
                case 9 -> "killed";
                case 11 -> "segmentation fault";
                case 13 -> "broken pipe";
                case 14 -> "alarm clock";
                case 15 -> "terminated";
                default -> "signal " + signal;
            };
        }
    }

    /** Signals one process, if it is still there. */
    public static void signal(int pid, int signal) {
        Libc.kill(pid, signal);
    }

    /** Signals every process of a group; the error's text when that is refused. A group that has ended needs no signal. */
    public static Optional<String> signalGroup(int group, int signal) {
        int result = Libc.kill(-group, signal);
        return result < 0 && result != -Errno.ESRCH ? Optional.of(Errno.text(-result)) : Optional.empty();
    }

    /** True while a process of the group exists, be it only as one that has ended and waits for its parent. */
    public static boolean groupExists(int group) {
        return Libc.kill(-group, 0) >= 0;
    }

    /** A descriptor that becomes readable when the process ends; empty when there is no such process. Close it with {@link #close}. */
    public static OptionalInt descriptor(int pid) {
        int fd = Libc.pidfdOpen(pid);
        return fd < 0 ? OptionalInt.empty() : OptionalInt.of(fd);
    }

    public static void close(int descriptor) {
        Libc.close(descriptor);
    }

    /** Takes the exit of a child that has ended; empty when it runs or is no child of ours. */
    public static Optional<Exit> reap(int pid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(ValueLayout.JAVA_INT);
            int result = Libc.waitpid(pid, status, Libc.WNOHANG);
            return result == pid ? Optional.of(exit(status.get(ValueLayout.JAVA_INT, 0))) : Optional.empty();
        }
    }

    /** Has a signal do to this process what it does to any. */
    public static void signalDefault(int number) {
        Libc.signalDefault(number);
    }

    /** Whether, from now on, a descendant that loses its parent becomes a child of this process, which then must reap it. */
    public static void adoptDescendants(boolean on) {
        Libc.setSubreaper(on);
    }

    /** Kills a child's group and waits for the child: milliseconds. */
    public static void endNow(int pid) {
        Libc.kill(-pid, SIGKILL);
        try (Arena arena = Arena.ofConfined()) {
            Libc.waitpid(pid, arena.allocate(ValueLayout.JAVA_INT), 0);
        }
    }

    /** Size of a page of memory. */
    public static int pageBytes() {
        return Libc.pageBytes();
    }

    static Exit exit(int status) {
        int signal = status & 0x7F;
        return signal == 0
                ? new Exit((status >> 8) & 0xFF, OptionalInt.empty())
                : new Exit(128 + signal, OptionalInt.of(signal));
    }
}
