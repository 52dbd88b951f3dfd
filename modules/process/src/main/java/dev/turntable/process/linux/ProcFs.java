package dev.turntable.process.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code /proc} says about processes. */
public final class ProcFs {
    private static final Path PROC = Path.of("/proc");

    /** The kernel reports CPU time to programs in hundredths of a second on every processor. */
    private static final long NANOS_A_TICK = 10_000_000;

    private ProcFs() {}

    /**
     * One process at one moment, from {@code /proc/<pid>/stat}.
     *
     * @param state one letter, {@code Z} for one that has ended and waits for its parent
     * @param startTicks field 22: with the pid it names the process for as long as the machine is up
     * @param cpu user and system time so far
     * @param residentPages memory it occupies, in pages
     */
    public record Stat(int pid, char state, int group, int session, long startTicks, Duration cpu, long residentPages) {
        public boolean ended() {
            return state == 'Z' || state == 'X';
        }
    }

    /** Empty when there is no such process. */
    public static Optional<Stat> stat(long pid) {
        try {
            return parse(Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Every process of a session that has not ended. */
    public static List<Stat> session(int session) {
        List<Stat> members = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path entry : entries) {
                stat(Long.parseLong(entry.getFileName().toString()))
                        .filter(s -> s.session() == session && !s.ended())
                        .ifPresent(members::add);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return members;
    }

    /** True when the process has {@code file} open as its standard output or error. */
    public static boolean writesTo(long pid, Path file) {
        for (int fd = 1; fd <= 2; fd++) {
            try {
                if (Files.readSymbolicLink(PROC.resolve(pid + "/fd/" + fd)).equals(file)) {
                    return true;
                }
            } catch (IOException e) {
                // gone, or another user's: not ours
            }
        }
        return false;
    }

    /** The name of a program may hold blanks and brackets, so the fields are counted from its last closing one. */
    static Optional<Stat> parse(String line) {
        int name = line.lastIndexOf(')');
        int open = line.indexOf(' ');
        if (name < 0 || open < 0) {
            return Optional.empty();
        }
        String[] f = line.substring(name + 2).trim().split(" ");
        if (f.length < 22) {
            return Optional.empty();
        }
        long ticks = Long.parseLong(f[11]) + Long.parseLong(f[12]);
        return Optional.of(new Stat(
                Integer.parseInt(line.substring(0, open)),
                f[0].charAt(0),
                Integer.parseInt(f[2]),
                Integer.parseInt(f[3]),
                Long.parseLong(f[19]),
                Duration.ofNanos(ticks * NANOS_A_TICK),
                Long.parseLong(f[21])));
    }
}
