package dev.turntable.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.testkit.Image;
import dev.turntable.testkit.Wait;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is beyond ASCII, in whatever locale the server is started: bytes go through as they are. A shell makes the files, for the JVM of this
 * test may have no locale either.
 */
class LocaleTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"NONE=", "LC_ALL=C", "LANG=C", "LC_ALL=xx_YY.UTF-8", "LC_ALL="})
    void pathsAreReadAsTheyAre(String locale) throws Exception {
        Process check = shell(locale, """
                echo "models: {a: {cmd: 'x ${env.NAME}', proxy: 'http://h'}}" > schlüssel.yaml
                exec %s check-config schlüssel.yaml
                """.formatted(Image.COMMAND).replace("${env", "\\${env"));
        String text = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, check.waitFor(), text);
        assertTrue(text.contains("schlüssel.yaml: ok"), text);
    }

    /** The server's own command line and data folder, and what its child is given. */
    @Test
    void aChildGetsTheBytesAndTheLocaleTheServerWasStartedWith() throws Exception {
        Process server = shell("LANG=C", """
                cat > größe.yaml <<'END'
                hooks: {on_startup: {preload: [a]}}
                models:
                  a:
                    cmd: sh -c 'cat /proc/self/environ > part; printf %%s "$0" >> part; mv part seen; exec sleep 60' argument-é-${env.NAME}
                    proxy: http://127.0.0.1:9
                    checkEndpoint: none
                    env: [OWN=schön]
                END
                exec %s -config größe.yaml -listen 127.0.0.1:0 -data-dir daten-ä
                """.formatted(Image.COMMAND));
        try {
            Wait.until("the child has told its environment", () -> Files.exists(folder.resolve("seen")));
            String all = Files.readString(folder.resolve("seen"));
            var entries = new TreeSet<>(List.of(all.split("\0")));
            assertTrue(entries.containsAll(List.of("NAME=groß", "OWN=schön", "LANG=C", "argument-é-groß")), all);
            assertTrue(
                    entries.stream().noneMatch(e -> e.startsWith("LC_ALL=") || e.startsWith("TURNTABLE_LOCALE=")), all);
            assertEquals(0, shell("NONE=", "test -d daten-ä/journal").waitFor());
        } finally {
            server.destroy();
            server.waitFor(30, TimeUnit.SECONDS);
        }
    }

    private Process shell(String variable, String script) throws IOException {
        Path file = Files.writeString(folder.resolve("script"), "NAME=groß\nexport NAME\n" + script);
        return new ProcessBuilder("env", "-i", "PATH=" + System.getenv("PATH"), variable, "sh", file.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
    }
}
