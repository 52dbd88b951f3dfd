package dev.turntable.blackbox;

import static dev.turntable.blackbox.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two TLS flags: HTTPS with HTTP/2 where the client speaks it, HTTP/1.1 where it does not, and a word for who speaks neither. */
class TlsTest {
    @TempDir
    private Path folder;

    private Certificate ours;
    private Running turntable;

    @BeforeEach
    void start() throws IOException {
        ours = Certificate.in(folder);
        Files.writeString(
                folder.resolve("config.yaml"),
                "startPort: %d\nmodels:\n%s".formatted(TurntableProcess.freePorts(), model("fox")));
        turntable = Running.start(
                folder,
                Map.of("TURNTABLE_DATA_DIR", folder.resolve("data").toString()),
                List.of(
                        Image.COMMAND.toString(),
                        "-config",
                        "config.yaml",
                        "-listen",
                        "localhost:0",
                        "-tls-cert-file",
                        ours.certificate().toString(),
                        "-tls-key-file",
                        ours.key().toString()));
        turntable.address();
    }

    @AfterEach
    void end() {
        turntable.kill();
    }

    private HttpClient client(Version version) {
        return HttpClient.newBuilder().sslContext(ours.trust()).version(version).build();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://" + turntable.address() + path));
    }

    private HttpRequest chat(boolean stream) {
        return request("/v1/chat/completions")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(
                        "{\"model\":\"fox\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"
                                .formatted(stream)))
                .build();
    }

    @Test
    void modelsAndTheControlPlaneAreServedOverHttp2() throws Exception {
        try (var client = client(Version.HTTP_2)) {
            HttpResponse<String> answer = client.send(chat(false), BodyHandlers.ofString());
            assertEquals(Version.HTTP_2, answer.version());
            assertTrue(answer.body().contains("\"chat.completion\""), answer.body());
            try (Stream<String> lines =
                    client.send(chat(true), BodyHandlers.ofLines()).body()) {
                List<String> events = lines.filter(line -> !line.isEmpty()).toList();
                assertEquals("data: [DONE]", events.getLast());
            }
            List<CompletableFuture<HttpResponse<String>>> together = IntStream.range(0, 8)
                    .mapToObj(i -> client.sendAsync(chat(false), BodyHandlers.ofString()))
                    .toList();
            together.forEach(one -> assertEquals(200, one.join().statusCode(), one.join()::body));
            HttpResponse<String> running = client.send(request("/running").build(), BodyHandlers.ofString());
            assertTrue(running.body().contains("\"fox\""), running.body());
            assertEquals(
                    404,
                    client.send(request("/nothing-here").build(), BodyHandlers.ofString())
                            .statusCode());
        }
        assertTrue(turntable.awaitLine("/running").contains("HTTP/2.0"), turntable.text());
        assertEquals(0, turntable.stop());
    }

    @Test
    void aClientOfHttp1IsServedAsWell() throws Exception {
        try (var client = client(Version.HTTP_1_1)) {
            HttpResponse<String> answer = client.send(chat(false), BodyHandlers.ofString());
            assertEquals(Version.HTTP_1_1, answer.version());
            assertEquals(200, answer.statusCode());
        }
    }

    @Test
    void whoSpeaksPlainHttpIsToldSo() throws Exception {
        String address = turntable.address();
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        try (var socket = new Socket("localhost", port)) {
            socket.getOutputStream()
                    .write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertEquals(
                    "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n",
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        }
    }
}
