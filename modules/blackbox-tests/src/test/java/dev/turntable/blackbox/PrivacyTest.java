package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.turntable.testkit.TurntableProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The server looks up no outside host name and writes nothing outside its data folder. */
class PrivacyTest {
    private static final int WRITABLE = 3; // O_WRONLY or O_RDWR

    @Test
    void itLooksUpNoOutsideName() throws Exception {
        try (var turntable = TurntableProcess.with(model("fox"))) {
            Path lookups = Files.createFile(turntable.scratch().resolve("lookups"));
            Path recorder = Path.of(LookupRecorder.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            turntable
                    .arguments("-listen", "localhost:0")
                    .environment("TURNTABLE_JAVA_OPTIONS", "-cp " + recorder + " -Dlookups=" + lookups)
                    .start();
            turntable.http().chat("fox");
            turntable.http().get("/metrics");
            assertEquals(0, turntable.stop());

            Set<String> names = new TreeSet<>(Files.readAllLines(lookups));
            // The name we listen on is looked up, which shows that the recorder is at work.
            assertEquals(Set.of("localhost"), names);
        }
    }

    @Test
    void itWritesNothingOutsideItsDataFolder() throws Exception {
        try (var turntable = TurntableProcess.with(model("fox")).start()) {
            turntable.http().chat("fox");
            assertEquals(Set.of(), filesOpenForWriting(turntable.pid(), turntable.dataDir()));
            try (Stream<Path> counters = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
                String pid = Long.toString(turntable.pid());
                assertFalse(
                        counters.anyMatch(d -> Files.exists(d.resolve(pid))),
                        "performance counters in the temporary folder");
            }
            assertEquals(0, turntable.stop());
            assertEquals(List.of("config.yaml", "data", "home"), names(turntable.scratch()));
            assertEquals(List.of(), names(turntable.scratch().resolve("home")));
        }
    }

    /** Regular files outside {@code folder} that the process could write to right now. */
    private static Set<String> filesOpenForWriting(long pid, Path folder) throws IOException {
        try (Stream<Path> fds = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return fds.filter(fd -> isWritable(pid, fd))
                    .map(PrivacyTest::target)
                    .filter(file ->
                            file.startsWith("/") && !file.startsWith("/dev/") && !file.startsWith(folder.toString()))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static boolean isWritable(long pid, Path fd) {
        try {
            String flags = Files.readAllLines(Path.of("/proc/" + pid + "/fdinfo/" + fd.getFileName())).stream()
                    .filter(line -> line.startsWith("flags:"))
                    .findFirst()
                    .orElse("flags: 0");
            return (Integer.parseInt(flags.substring(6).strip(), 8) & WRITABLE) != 0;
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    private static String target(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }
}
