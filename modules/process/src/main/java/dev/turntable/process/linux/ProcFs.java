package dev.turntable.process.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What {@code /proc} says about processes. */
public final class ProcFs {
    private static final Path PROC = Path.of("/proc");
    private static final Path SELF = PROC.resolve("self");

    /** A command line is shown to people; what is longer tells them no more. */
    private static final int SHOWN_COMMAND = 160;

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
    public record Stat(
            int pid,
            char state,
            int parent,
            int group,
            int session,
            long startTicks,
            Duration cpu,
            long residentPages) {
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

    /** This process. */
    public static Stat self() {
        return stat(ProcessHandle.current().pid()).orElseThrow();
    }

    /** Every process of a session that has not ended. */
    public static List<Stat> session(int session) {
        return all().stream().filter(s -> s.session() == session && !s.ended()).toList();
    }

    /** Every process of the machine. */
    public static List<Stat> all() {
        List<Stat> all = new ArrayList<>();
        for (int pid : numbers(PROC)) {
            stat(pid).ifPresent(all::add);
        }
        return all;
    }

    /** Children of a process, ended ones too. */
    public static List<Integer> children(int pid) {
        List<Integer> children = new ArrayList<>();
        for (int thread : numbers(PROC.resolve(pid + "/task"))) {
            children.addAll(childrenOf(pid, thread));
        }
        return children;
    }

    /** Descendants that became children of this process when they lost their parent: the kernel gives them to its first thread. */
    public static List<Integer> adopted() {
        int self = (int) ProcessHandle.current().pid();
        return childrenOf(self, self);
    }

    /** A kernel built without these lists is asked about every process instead. */
    private static List<Integer> childrenOf(int pid, int thread) {
        try {
            String list = Files.readString(PROC.resolve(pid + "/task/" + thread + "/children"));
            return Stream.of(list.split(" "))
                    .filter(s -> !s.isEmpty())
                    .map(Integer::valueOf)
                    .toList();
        } catch (IOException e) {
            return Files.exists(SELF.resolve("task/" + ProcessHandle.current().pid() + "/children"))
                    ? List.of()
                    : all().stream()
                            .filter(s -> s.parent() == pid)
                            .map(Stat::pid)
                            .toList();
        }
    }

    private static List<Integer> numbers(Path folder) {
        List<Integer> numbers = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "[0-9]*")) {
            for (Path entry : entries) {
                numbers.add(Integer.valueOf(entry.getFileName().toString()));
            }
        } catch (IOException | DirectoryIteratorException e) {
            return numbers; // gone meanwhile
        }
        return numbers;
    }

    /** Whether an entry of the environment that the process was started with begins so; false where that may not be looked at. */
    public static boolean hasInEnvironment(long pid, String beginning) {
        try {
            String all = Files.readString(PROC.resolve(pid + "/environ"), StandardCharsets.ISO_8859_1);
            byte[] bytes = beginning.getBytes(StandardCharsets.UTF_8);
            return ("\0" + all).contains("\0" + new String(bytes, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether this process ignores the signal. */
    public static boolean ignores(int signal) {
        try (Stream<String> lines = Files.lines(SELF.resolve("status"))) {
            return lines.filter(l -> l.startsWith("SigIgn:"))
                    .map(l -> Long.parseUnsignedLong(
                            l.substring(l.indexOf(':') + 1).strip(), 16))
                    .anyMatch(mask -> (mask >> (signal - 1) & 1) != 0);
        } catch (IOException e) {
            return false;
        }
    }

    /** The name of its program, at most 15 characters; empty when there is no such process. */
    public static String name(long pid) {
        try {
            return Files.readString(PROC.resolve(pid + "/comm"), StandardCharsets.ISO_8859_1)
                    .strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** Its command line as people read it, shortened; its name when it has none. */
    public static String command(long pid) {
        try {
            String line = Files.readString(PROC.resolve(pid + "/cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ')
                    .strip();
            String text = line.isEmpty()
                    ? name(pid)
                    : new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            return text.length() > SHOWN_COMMAND ? text.substring(0, SHOWN_COMMAND) + "…" : text;
        } catch (IOException e) {
            return "?";
        }
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
                Integer.parseInt(f[1]),
                Integer.parseInt(f[2]),
                Integer.parseInt(f[3]),
                Long.parseLong(f[19]),
                Duration.ofNanos(ticks * NANOS_A_TICK),
                Long.parseLong(f[21])));
    }
}
