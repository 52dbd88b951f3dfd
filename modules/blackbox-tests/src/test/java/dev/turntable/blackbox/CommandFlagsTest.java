package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.testkit.Certificate;
import dev.turntable.testkit.Image;
import dev.turntable.testkit.Running;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flags that decide whether, and where, the server listens at all. */
class CommandFlagsTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void configure() throws IOException {
        Files.writeString(folder.resolve("config.yaml"), "models:\n" + model("fox"));
    }

    @Test
    @SpecCase("1")
    void withoutAConfigurationNothingListensAndTheCodeIsOne() {
        Running turntable = run("-listen", "127.0.0.1:0");
        assertEquals(1, turntable.exitCode());
        assertTrue(
                turntable.text().contains("at least one of -config or -config-dir must be provided"), turntable.text());
    }

    @Test
    @SpecCase("2")
    void theVersionIsToldWhateverElseIsWrong() {
        Running turntable = run("-config", "/no/such/file.yaml", "-tls-cert-file", "alone.pem", "-version");
        assertEquals(0, turntable.exitCode());
        assertEquals(1, turntable.output().size(), turntable.text());
        assertTrue(turntable.text().matches("version: \\S+ \\(\\S+\\), built at \\S+"), turntable.text());
    }

    @Test
    @SpecCase("3")
    void oneHalfOfTlsIsRefused() {
        for (String half : new String[] {"-tls-cert-file", "-tls-key-file"}) {
            Running turntable = run("-config", "config.yaml", "-listen", "127.0.0.1:0", half, "config.yaml");
            assertEquals(1, turntable.exitCode());
            assertEquals("turntable: both -tls-cert-file and -tls-key-file must be provided for TLS", turntable.text());
        }
    }

    @Test
    @SpecCase("4")
    void withTlsItServesHttpsOnPort8443() throws Exception {
        Certificate ours = Certificate.in(folder);
        Running turntable = run(
                "-config",
                "config.yaml",
                "-tls-cert-file",
                ours.certificate().toString(),
                "-tls-key-file",
                ours.key().toString());
        try {
            String line = turntable.awaitLine(":8443");
            Assumptions.assumeFalse(line.contains("cannot listen"), line);
            assertEquals("localhost:8443", turntable.address());
            try (var client = HttpClient.newBuilder().sslContext(ours.context()).build()) {
                var health = HttpRequest.newBuilder(URI.create("https://localhost:8443/health"))
                        .build();
                assertEquals("OK", client.send(health, BodyHandlers.ofString()).body());
            }
            assertEquals(0, turntable.stop());
        } finally {
            turntable.kill();
        }
    }

    private Running run(String... flags) {
        var command = new ArrayList<>(List.of(Image.COMMAND.toString()));
        command.addAll(List.of(flags));
        return Running.start(
                folder, Map.of("TURNTABLE_DATA_DIR", folder.resolve("data").toString()), command);
    }
}
