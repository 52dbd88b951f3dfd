package dev.turntable.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image works wherever it lies, and with or without its start-up caches. */
class LauncherTest {
    @TempDir
    private Path folder;

    @Test
    void itWorksFromACopyThroughALinkAndWithoutItsCaches() throws Exception {
        Path copy = Image.copyTo(folder.resolve("an image"));
        Path link = Files.createSymbolicLink(folder.resolve("tt"), copy.resolve("bin/turntable"));
        assertTrue(version(link).startsWith("version: "), version(link));
        try (var upstream = DemoUpstreamProcess.startFrom(link, "--name", "moved")) {
            var argv =
                    upstream.http().get("/argv?env=TURNTABLE_BIN").expect(200).json();
            assertEquals(
                    copy.toRealPath().resolve("bin/turntable").toString(),
                    argv.at("/env/TURNTABLE_BIN").asText());
        }
        Files.delete(copy.resolve("lib/turntable.aot"));
        Files.delete(copy.resolve("lib/demo-upstream.aot"));
        assertEquals(version(Image.COMMAND), version(link));
    }

    @Test
    void bothStartUpCachesFitWhereverTheImageLies() throws Exception {
        Path copy = Image.copyTo(folder.resolve("elsewhere"));
        for (String cache : List.of("turntable", "demo-upstream")) {
            // With AOTMode=on the JVM refuses to start when the cache does not fit.
            Path java = copy.resolve("bin/java");
            var words = Stream.of(
                    java.toString(),
                    "-XX:AOTMode=on",
                    "-XX:AOTCache=" + copy.resolve("lib/" + cache + ".aot"),
                    "-version");
            Running run = Running.start(folder, Map.of(), words.toList());
            assertEquals(0, run.exitCode(), run.text());
        }
    }

    @Test
    void theImageHoldsNoAnalyticsAndNoRunTimeCompiler() throws Exception {
        Running modules = Running.start(
                folder, Map.of(), List.of(Image.FOLDER.resolve("bin/java").toString(), "--list-modules"));
        assertEquals(0, modules.exitCode());
        assertTrue(modules.output().stream().anyMatch(m -> m.startsWith("chronicle.queue@")));
        assertFalse(modules.output().stream()
                .anyMatch(m -> m.matches("chronicle.analytics.*|net.openhft.compiler.*|jdk.jlink.*|com.sun.jna.*")));
    }

    private String version(Path command) {
        Running run = Running.start(folder, Map.of(), List.of(command.toString(), "-version"));
        assertEquals(0, run.exitCode(), run.text());
        return run.text();
    }
}
