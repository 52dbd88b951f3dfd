package dev.turntable.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.testkit.DemoUpstreamProcess;
import dev.turntable.testkit.Image;
import dev.turntable.testkit.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
        for (var cache : Map.of(
                        "turntable", "dev.turntable.app/dev.turntable.app.Main",
                        "demo-upstream", "dev.turntable.demo/dev.turntable.demo.DemoUpstream")
                .entrySet()) {
            // With AOTMode=on the JVM refuses to start when the cache does not fit.
            Running run = Running.start(
                    folder,
                    Map.of(),
                    List.of(
                            copy.resolve("bin/java").toString(),
                            "-XX:AOTMode=on",
                            "-XX:AOTCache=" + copy.resolve("lib/" + cache.getKey() + ".aot"),
                            "-m",
                            cache.getValue(),
                            "--help"));
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
