package dev.turntable.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Outcome;
import dev.turntable.testkit.Certificate;
import dev.turntable.testkit.RawAnswer;
import dev.turntable.testkit.RawClient;
import io.helidon.common.tls.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The door with TLS: who gets in, what is spoken behind it, and what those hear who do not get in. */
class TlsTest {
    @TempDir
    Path folder;

    private static SSLContext tls;
    private House house;

    @BeforeAll
    static void certify(@TempDir Path keys) throws Exception {
        tls = Certificate.in(keys).context();
    }

    @BeforeEach
    void open() throws Exception {
        house = new House(
                folder,
                "turntable: {limits: {connections: 2}}\nmodels: {a: {cmd: x, proxy: \"UP\"}}",
                Optional.of(Tls.builder().sslContext(tls).build()));
    }

    @AfterEach
    void close() throws Exception {
        house.close();
    }

    private Socket plain() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), house.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private SSLSocket secure(String version, String... protocols) throws IOException {
        SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain(), "localhost", house.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {version});
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
        return socket;
    }

    private String health() throws Exception {
        try (RawClient client = RawClient.over(secure("TLSv1.3"))) {
            return client.get("/health").text();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http/1.1, h2, http/1.1",
        "http/1.1, http/1.1, h2",
        "http/1.1, http/1.1, spdy/3",
        "http/1.1, http/1.0, http/1.1",
    })
    void theBestProtocolThatBothKnowIsSpoken(String agreed, String one, String other) throws Exception {
        try (SSLSocket socket = secure("TLSv1.3", one, other)) {
            assertEquals(agreed, socket.getApplicationProtocol());
        }
    }

    @Test
    void aClientThatKnowsNoneOfOursIsRefused() {
        assertThrows(SSLException.class, () -> secure("TLSv1.3", "spdy/3"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aClientThatNamesNoProtocolSpeaksHttp11(String version) throws Exception {
        try (RawClient client = RawClient.over(secure(version))) {
            assertEquals("OK", client.get("/health").text());
            RawAnswer answer = client.post("/v1/chat/completions", "{\"model\":\"a\"}");
            assertEquals("{}", answer.text());
            assertEquals("close", client.get("/health", "Connection: close").header("Connection"));
            assertTrue(client.ended());
        }
        assertEquals("HTTP/1.1", house.admission.arrived.getFirst().protocol());
    }

    @Test
    void aClientThatLeavesIsNoticedBehindTls() throws Exception {
        house.admission.hold = true;
        RawClient client = RawClient.over(secure("TLSv1.3"))
                .request("POST", "/v1/chat/completions", "{\"model\":\"a\"}", "Content-Type: application/json");
        house.admission.nextHeld();
        client.close();
        assertEquals(Outcome.CLIENT_GONE, house.admission.nextFinished().outcome());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "POST /v1/x HTTP/1.1\r\n", "OPTIONS * HTTP/1.1\r\n"})
    void plainHttpGetsNoAnswerAndTheEnd(String request) throws Exception {
        try (Socket socket = plain()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            byte[] alert = socket.getInputStream().readAllBytes();
            assertTrue(alert.length <= 7, () -> new String(alert, StandardCharsets.ISO_8859_1));
        }
        assertEquals("OK", health());
    }

    @Test
    void placesOfFailedHandshakesAreGivenBack() throws Exception {
        for (int i = 0; i < 5; i++) {
            try (Socket socket = plain()) {
                socket.getOutputStream().write("nonsense".getBytes(StandardCharsets.ISO_8859_1));
                socket.getInputStream().readAllBytes();
            }
            plain().close();
        }
        assertEquals("OK", health());
    }

    @Test
    void aClientThatSaysNothingDoesNotHoldUpTheEnd() throws Exception {
        try (Socket silent = plain();
                RawClient idle = RawClient.over(secure("TLSv1.3"))) {
            assertEquals("OK", idle.get("/health").text());
            long before = System.nanoTime();
            house.stop();
            Duration took = Duration.ofNanos(System.nanoTime() - before);
            assertTrue(took.compareTo(Duration.ofSeconds(10)) < 0, took.toString());
            assertEquals(-1, silent.getInputStream().read());
        }
    }

    @Test
    void noProtocolIsNamedToAClientThatNamedNone() throws Exception {
        try (SSLSocket socket = secure("TLSv1.3")) {
            assertEquals("", socket.getApplicationProtocol());
            assertNull(socket.getHandshakeApplicationProtocol());
        }
    }
}
