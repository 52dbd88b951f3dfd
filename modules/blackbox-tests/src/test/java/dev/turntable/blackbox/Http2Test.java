package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.testkit.Answer;
import dev.turntable.testkit.Certificate;
import dev.turntable.testkit.Http;
import dev.turntable.testkit.TurntableProcess;
import dev.turntable.testkit.Wait;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS and HTTP/2, asked with the JDK's own client and, where that is too polite, frame by frame. */
class Http2Test {
    private static Certificate certificate;

    private TurntableProcess turntable;
    private HttpClient client;

    @BeforeAll
    static void certify(@TempDir Path folder) throws Exception {
        certificate = Certificate.in(folder);
    }

    /** With places for three clients: what is asked at once here must share them. */
    @BeforeEach
    void start() {
        turntable = TurntableProcess.configured("turntable: {limits: {connections: 3}}\nmodels:\n" + model("fox")
                        + model("owl", "--never-ready"))
                .tls(certificate)
                .start();
        client = HttpClient.newBuilder().sslContext(certificate.context()).build();
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        turntable.close();
    }

    private HttpRequest.Builder chat(String model, boolean stream, String more) {
        return turntable
                .http()
                .request("/v1/chat/completions")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Http.chatBody(model, stream, more)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
        assertEquals(HttpClient.Version.HTTP_2, answer.version());
        return answer;
    }

    private CompletableFuture<HttpResponse<String>> later(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), BodyHandlers.ofString());
    }

    private Stream<String> lines(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofLines()).body();
    }

    private void awaitClientGone(int times) {
        Wait.until(
                times + " clients gone",
                () -> turntable.history("limit=1000&type=request.finished").stream()
                                .filter(e -> e.at("/data/outcome").asText().equals("client_gone"))
                                .count()
                        == times);
    }

    @Test
    void aChatIsAnsweredAndItsLineNamesTheProtocol() throws Exception {
        HttpResponse<String> answer = send(chat("fox", false, ""));
        assertEquals(200, answer.statusCode());
        assertTrue(Answer.parse(answer.body())
                .at("/choices/0/message/content")
                .asText()
                .startsWith("Hello"));
        turntable.http().chat("fox").expect(200);
        Wait.until("both lines", () -> line("HTTP/2.0") && line("HTTP/1.1"));
        assertEquals(
                "HTTP/2.0",
                turntable.awaitEvent("request.arrived").at("/data/protocol").asText());
    }

    private boolean line(String protocol) {
        return turntable.output().stream()
                .anyMatch(l -> l.contains("\"POST /v1/chat/completions " + protocol + "\" 200 "));
    }

    @Test
    void everyEventOfAStreamIsPassedOnAtOnce() throws Exception {
        // The second event would come in an hour: the first can only arrive by itself.
        try (Stream<String> lines = lines(chat("fox", true, "\"demo\":{\"tokens\":2,\"gap_ms\":3600000}"))) {
            assertTrue(lines.iterator().next().startsWith("data: {"));
        }
        awaitClientGone(1);
    }

    @Test
    void twentyStreamsShareAConnectionAndTheOneThatIsCancelledEndsAlone() throws Exception {
        send(chat("fox", false, ""));
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(later(chat("fox", true, "\"demo\":{\"tokens\":" + (i == 7 ? 1_000_000 : 20) + ",\"gap_ms\":10}")));
        }
        Wait.until(
                "all are served",
                () -> turntable.history("limit=1000&type=request.admitted").size() == 21);
        all.get(7).cancel(true);
        for (int i = 0; i < 20; i++) {
            if (i != 7) {
                HttpResponse<String> answer = all.get(i).get();
                assertEquals(20, answer.body().split("\"content\"", -1).length - 1, answer.body());
                assertTrue(answer.body().endsWith("data: [DONE]\n\n"), answer.body());
            }
        }
        awaitClientGone(1);
    }

    @Test
    void aClientThatLeavesWhileItsModelLoadsIsForgotten() throws Exception {
        CompletableFuture<HttpResponse<String>> waits = later(chat("owl", false, ""));
        turntable.awaitEvent("process.spawned");
        waits.cancel(true);
        turntable.awaitEvent("request.abandoned");
        awaitClientGone(1);
    }

    @Test
    void aLargeUploadAndALargeAnswerToASlowReaderPassSideBySideWithSmallOnes() throws Exception {
        int tokens = 60_000;
        CompletableFuture<HttpResponse<String>> upload =
                later(chat("fox", false, "\"padding\":\"" + "x".repeat(30_000_000) + "\""));
        HttpRequest.Builder large = chat("fox", true, "\"demo\":{\"tokens\":" + tokens + ",\"gap_ms\":0}");
        HttpResponse<InputStream> answer = client.send(large.build(), BodyHandlers.ofInputStream());
        assertEquals(200, answer.statusCode());
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try (InputStream body = answer.body()) {
            byte[] some = body.readNBytes(1_000_000);
            while (some.length > 0) {
                read.writeBytes(some);
                assertEquals(200, send(chat("fox", false, "")).statusCode());
                some = body.readNBytes(1_000_000);
            }
        }
        String text = read.toString(StandardCharsets.UTF_8);
        assertEquals(tokens, text.split("\"content\"", -1).length - 1);
        assertTrue(text.endsWith("data: [DONE]\n\n"));
        assertEquals(200, upload.get().statusCode());
    }

    @Test
    void theControlPlaneAnswersAndItsStreamsFlow() throws Exception {
        assertEquals("OK", send(turntable.http().request("/health")).body());
        assertEquals(200, send(turntable.http().request("/ui/")).statusCode());
        assertEquals(404, send(turntable.http().request("/nope")).statusCode());
        try (Stream<String> events = lines(turntable.http().request("/api/events"))) {
            Iterator<String> lines = events.iterator();
            String line = lines.next();
            while (!line.contains("modelStatus")) {
                line = lines.next();
            }
        }
        HttpResponse<String> unload =
                send(turntable.http().request("/api/models/unload").method("POST", BodyPublishers.noBody()));
        assertEquals(200, unload.statusCode());
    }

    @Test
    void aStreamUnderWayFinishesWhenTheServerStops() throws Exception {
        try (Stream<String> stream = lines(chat("fox", true, "\"demo\":{\"tokens\":100,\"gap_ms\":10}"))) {
            Iterator<String> lines = stream.iterator();
            lines.next();
            CompletableFuture<Integer> code = CompletableFuture.supplyAsync(turntable::stop);
            String last = "";
            while (lines.hasNext()) {
                String line = lines.next();
                last = line.isEmpty() ? last : line;
            }
            assertEquals("data: [DONE]", last);
            assertEquals(0, code.get());
        }
    }

    @Test
    void plainHttpIsToldThatTheServerWantsTls() throws Exception {
        try (Socket socket = new Socket("localhost", turntable.http().base().getPort())) {
            socket.getOutputStream()
                    .write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertEquals(
                    "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n",
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        }
        turntable.http().get("/health").expect(200);
    }

    // Frame by frame

    private SSLSocket raw() throws IOException {
        SSLSocket socket = (SSLSocket) certificate
                .context()
                .getSocketFactory()
                .createSocket("localhost", turntable.http().base().getPort());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        assertEquals("h2", socket.getApplicationProtocol());
        socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(frame(4, 0, 0));
        return socket;
    }

    private static byte[] frame(int type, int flags, int stream, byte... payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(
                new byte[] {0, (byte) (payload.length >> 8), (byte) payload.length, (byte) type, (byte) flags});
        frame.writeBytes(new byte[] {0, 0, (byte) (stream >> 8), (byte) stream});
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    /** GET /health, and more fields as they stand in a header block. */
    private static byte[] request(int stream, String... more) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(new byte[] {(byte) 0x82, (byte) 0x87, 0x01, 1, 'a', 0x04, 7});
        block.writeBytes("/health".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < more.length; i += 2) {
            block.write(0);
            block.write(more[i].length());
            block.writeBytes(more[i].getBytes(StandardCharsets.US_ASCII));
            block.write(more[i + 1].length());
            block.writeBytes(more[i + 1].getBytes(StandardCharsets.US_ASCII));
        }
        return frame(1, 5, stream, block.toByteArray());
    }

    /** Type and, of a reset or a good-bye, the code of the next frame that is not about settings or windows. */
    private static List<Integer> next(InputStream in) throws IOException {
        while (true) {
            byte[] head = in.readNBytes(9);
            byte[] payload = in.readNBytes((head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff);
            switch (head[3]) {
                case 3, 7 -> {
                    return List.of((int) head[3], (int) payload[payload.length - 1]);
                }
                case 0, 1 -> {
                    return List.of((int) head[3]);
                }
                default -> {}
            }
        }
    }

    @Test
    void aRequestThatHttp11WouldReadInAnotherWayEndsItsStreamOnly() throws Exception {
        try (SSLSocket socket = raw()) {
            InputStream in = socket.getInputStream();
            socket.getOutputStream().write(request(1, "transfer-encoding", "chunked"));
            assertEquals(List.of(3, 1), next(in));
            socket.getOutputStream().write(request(3, "x", "a\r\nhost: evil"));
            assertEquals(List.of(3, 1), next(in));
            socket.getOutputStream().write(request(5, "content-length", "3"));
            assertEquals(List.of(3, 1), next(in));
            socket.getOutputStream().write(request(7));
            assertEquals(List.of(1), next(in));
        }
    }

    @Test
    void aFloodOfRequestsTakenBackEndsItsConnectionOnly() throws Exception {
        try (SSLSocket socket = raw()) {
            Thread.ofVirtual().start(() -> flood(socket));
            List<Integer> frame = next(socket.getInputStream());
            while (frame.getFirst() != 7) {
                frame = next(socket.getInputStream());
            }
            assertEquals(List.of(7, 11), frame);
        }
        assertEquals("OK", send(turntable.http().request("/health")).body());
    }

    private static void flood(SSLSocket socket) {
        try {
            for (int i = 0; i < 30_000; i++) {
                socket.getOutputStream().write(request(2 * i + 1));
                socket.getOutputStream().write(frame(3, 0, 2 * i + 1, (byte) 0, (byte) 0, (byte) 0, (byte) 8));
            }
        } catch (IOException hungUp) {
            // That is what we are here for.
        }
    }

    @Test
    void aHeaderBlockThatIsNoneEndsItsConnectionOnly() throws Exception {
        try (SSLSocket socket = raw()) {
            socket.getOutputStream()
                    .write(frame(1, 5, 1, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff));
            assertEquals(List.of(7, 9), next(socket.getInputStream()));
        }
        assertEquals("OK", send(turntable.http().request("/health")).body());
    }
}
