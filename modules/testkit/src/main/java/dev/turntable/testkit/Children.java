package dev.turntable.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Finds every process that descends from one test, orphans included: all of them inherit a marker in their environment, which no
 * change of parent, session or group takes away.
 */
public final class Children {
    private static final String VARIABLE = "TURNTABLE_TEST";

    private final String marker = UUID.randomUUID().toString();

    Children() {}

    public void mark(Map<String, String> environment) {
        environment.put(VARIABLE, marker);
    }

    /** Every living process of the test. */
    public List<ProcessHandle> alive() {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(this::isOurs).toList();
        }
    }

    private boolean isOurs(ProcessHandle process) {
        try {
            byte[] environment = Files.readAllBytes(Path.of("/proc/" + process.pid() + "/environ"));
            return new String(environment, StandardCharsets.ISO_8859_1).contains(VARIABLE + "=" + marker);
        } catch (IOException e) {
            return false; // gone, a zombie, or not ours to look at
        }
    }

    /** The command lines of those that are alive, for a message. */
    public List<String> commands() {
        return alive().stream().map(p -> p.pid() + " " + command(p.pid())).toList();
    }

    public static String command(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ')
                    .strip();
        } catch (IOException e) {
            return "(gone)";
        }
    }

    /** Ends them all, so that one broken test does not spoil the next. */
    public void destroy() {
        alive().forEach(ProcessHandle::destroyForcibly);
    }
}
