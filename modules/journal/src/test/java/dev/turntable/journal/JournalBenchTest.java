package dev.turntable.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Runs the benchmark in a JVM of its own, when asked with {@code -Dturntable.bench=true}; never judges the figures. */
@EnabledIfSystemProperty(named = "turntable.bench", matches = "true")
class JournalBenchTest {
    @Test
    void printsFigures() throws IOException, InterruptedException {
        Path figures = Path.of("target", "journal-bench.txt");
        Files.deleteIfExists(figures);
        assertEquals(0, ChildJvm.start(JournalBench.class, figures).waitFor());
    }
}
