package dev.turntable.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal phones nobody, asks for no name, and leaves no thread behind that polls. */
class QuietTest {
    @TempDir
    Path folder;

    @Test
    void noNameIsLookedUpAndNoThreadPolls() throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process child = ChildJvm.startOnClassPath(
                QuietChild.class, output, folder.resolve("data").toString());
        assertEquals(0, child.waitFor(), () -> read(output).toString());
        List<String> lines = read(output);
        assertTrue(lines.contains("lookups=[a-name-to-show-that-asking-is-seen.invalid]"), lines::toString);
        String threads = lines.stream()
                .filter(line -> line.startsWith("threads="))
                .findFirst()
                .orElseThrow();
        assertTrue(threads.contains("turntable-journal-force"), threads);
        for (String poller : List.of("disk", "event-loop", "pretouch", "analytics")) {
            assertTrue(!threads.toLowerCase(java.util.Locale.ROOT).contains(poller), threads);
        }
    }

    @Test
    void analyticsAreNotEvenThere() {
        assertThrows(ClassNotFoundException.class, () -> Class.forName("net.openhft.chronicle.analytics.Analytics"));
    }

    @Test
    void theFlagsThatChronicleNeedsAreSet() {
        assertEquals("ALWAYS", System.getProperty("queue.force.unlock.mode"));
        assertEquals("true", System.getProperty("chronicle.analytics.disable"));
        assertEquals("true", System.getProperty("chronicle.disk.monitor.disable"));
        assertEquals("/dev/null", System.getProperty("system.properties"));
    }

    private static List<String> read(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
