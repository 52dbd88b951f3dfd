package dev.turntable.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.testkit.Image;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the server writes, and what it does where it may not. */
class DataFolderTest {
    @TempDir
    Path folder;

    @Test
    void whereNothingCanBeWrittenTheRecordIsInMemoryAndThatIsSaid() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        Path config = Files.writeString(folder.resolve("config.yaml"), "models: {a: {cmd: x, proxy: 'http://h'}}");
        Process server = turntable(
                List.of("HOME=" + file, "TMPDIR=" + Files.createDirectory(folder.resolve("scratch"))),
                "-config",
                config.toString(),
                "-listen",
                "127.0.0.1:0");
        try (var out = server.inputReader(StandardCharsets.UTF_8)) {
            List<String> lines = new ArrayList<>();
            String line;
            while ((line = out.readLine()) != null && !line.contains("  try ")) {
                lines.add(line);
            }
            String all = String.join("\n", lines);
            assertTrue(all.contains("  data folder  none can be written: the record is kept in memory"), all);
            assertTrue(all.contains("[WARN] no data folder can be written: the record is kept in memory"), all);
            String url = all.substring(all.indexOf("turntable serves ") + 17)
                    .lines()
                    .findFirst()
                    .orElseThrow();
            var http = java.net.http.HttpClient.newHttpClient();
            String journal = http.send(
                            java.net.http.HttpRequest.newBuilder(java.net.URI.create(url + "/api/journal"))
                                    .build(),
                            java.net.http.HttpResponse.BodyHandlers.ofString())
                    .body();
            assertTrue(journal.contains("\"durability\":\"memory\""), journal);
        } finally {
            server.destroy();
            assertTrue(server.waitFor(40, TimeUnit.SECONDS));
        }
        try (var left = Files.list(folder.resolve("scratch"))) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void aFolderThatWasNamedAndCannotBeUsedIsOneLine() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        Path config = Files.writeString(folder.resolve("config.yaml"), "models: {}");
        Process server = turntable(
                List.of(), "-config", config.toString(), "-listen", "127.0.0.1:0", "-data-dir", file + "/data");
        String text = new String(server.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(5, server.waitFor(), text);
        assertEquals(1, text.lines().count(), text);
        assertTrue(text.startsWith("turntable: cannot use the data folder " + file + "/data: "), text);
        assertTrue(!text.contains("Exception"), text);
    }

    private static Process turntable(List<String> variables, String... words) throws IOException {
        var command = new ArrayList<>(List.of("env", "-i", "PATH=" + System.getenv("PATH")));
        command.addAll(variables);
        command.add(Image.COMMAND.toString());
        command.addAll(List.of(words));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
