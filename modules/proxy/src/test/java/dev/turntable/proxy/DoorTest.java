package dev.turntable.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.testkit.RawAnswer;
import dev.turntable.testkit.RawClient;
import dev.turntable.testkit.StubUpstream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is mended of Helidon's HTTP/1.1 on the way in and out; run it after every upgrade (docs/decisions/0060). */
class DoorTest {
    private static final String CHAT =
            "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    private static final String BODY = "{\"model\":\"a\"}";
    private static final int MEBIBYTE = 1 << 20;

    @TempDir
    Path folder;

    private House house;

    @BeforeEach
    void open() throws Exception {
        house = new House(
                folder, "apiKeys: [sk]\nturntable: {cors: ['https://ops']}\nmodels: {a: {cmd: x, proxy: \"UP\"}}");
    }

    @AfterEach
    void close() throws Exception {
        house.close();
    }

    private RawAnswer get(String target, String... headers) throws Exception {
        try (RawClient client = house.client()) {
            return client.get(target, headers);
        }
    }

    // The end of a connection

    @ParameterizedTest
    @CsvSource({
        "400, nonsense",
        "505, GET /health HTTP/2.0",
        "501, GET /health HTTP/1.1|Host: x|Transfer-Encoding: gzip",
        "400, GET /health HTTP/1.1"
    })
    void whatIsAnnouncedOfTheConnectionIsDoneAtOnce(int status, String request) throws Exception {
        try (RawClient client = house.client()) {
            long before = System.nanoTime();
            RawAnswer answer =
                    client.send(request.replace("|", "\r\n") + "\r\n\r\n").answer();
            assertEquals(status, answer.status());
            assertEquals("close", answer.header("Connection"));
            assertTrue(client.ended());
            Duration took = Duration.ofNanos(System.nanoTime() - before);
            assertTrue(took.compareTo(Duration.ofSeconds(10)) < 0, took.toString());
        }
    }

    @Test
    void aClientThatWantsTheEndGetsItWithItsAnswer() throws Exception {
        try (RawClient client = house.client()) {
            assertEquals("close", client.get("/health", "Connection: close").header("Connection"));
            assertTrue(client.ended());
        }
    }

    @Test
    void aBodyThatNobodyReadsIsNotTheNextRequest() throws Exception {
        try (RawClient client = house.client()) {
            String inner = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n";
            client.send("POST /health HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: " + inner.length()
                    + "\r\n\r\n");
            RawAnswer answer = client.answer();
            assertEquals(405, answer.status());
            assertEquals("close", answer.header("Connection"));
            client.send(inner);
            assertTrue(client.ended());
        }
        try (RawClient client = house.client()) {
            client.send(
                    "POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nGET /GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
            assertEquals(405, client.answer().status());
            assertEquals("OK", client.answer().text());
        }
    }

    // Heads

    @Test
    void aMethodIsWhatItsLettersSay() throws Exception {
        try (RawClient client = house.client()) {
            assertEquals(
                    405,
                    client.send("get /health HTTP/1.1\r\nHost: x\r\n\r\n")
                            .answer()
                            .status());
        }
    }

    @Test
    void targetsOfAnyFormAndAnyBytesAreRead() throws Exception {
        try (RawClient client = house.client()) {
            for (String target :
                    new String[] {"http://other/health", "/health?{|}^`\"<>", "/health?\u00c3\u00a4", "/h%65alth"}) {
                client.send("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
                assertEquals("OK", client.answer().text(), target);
            }
            client.send("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n");
            assertEquals(204, client.answer().status());
        }
        try (RawClient client = house.client()) {
            client.send("CONNECT other:443 HTTP/1.1\r\nHost: other:443\r\n\r\n");
            assertEquals(400, client.answer().status());
        }
    }

    // Bodies

    @Test
    void aPackedBodyIsTheModelsBusiness() throws Exception {
        try (RawClient client = house.client()) {
            client.send(
                    "POST /upstream/a/x HTTP/1.1\r\nHost: x\r\nx-api-key: sk\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\u001f\u00ab!");
            assertEquals(200, client.answer().status());
        }
        StubUpstream.Request seen = house.upstream.next();
        assertTrue(seen.has("content-encoding: gzip"), seen.head());
        assertEquals(3, seen.length());
    }

    @Test
    void aChunkIsPassedOnBeforeItIsComplete() throws Exception {
        house.upstream.script((_, wire) -> wire.send(StubUpstream.ok("{}")));
        try (RawClient client = house.client()) {
            byte[] piece = new byte[MEBIBYTE];
            Arrays.fill(piece, (byte) ' ');
            client.send("POST /upstream/a/x HTTP/1.1\r\nHost: x\r\nx-api-key: sk\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + Integer.toHexString(300 * MEBIBYTE) + ";extension=1\r\n");
            for (int i = 0; i < 300; i++) {
                client.send(piece);
            }
            client.send("\r\n0\r\nTrailer: 1\r\n\r\n");
            assertEquals(200, client.answer().status());
            assertEquals("OK", client.get("/health").text(), "the connection goes on");
        }
        assertEquals(300L * MEBIBYTE, house.upstream.next().length());
    }

    @Test
    void eightLongChunkedAnswersAreRightForSlowAndFastReaders() throws Exception {
        int pieces = 320;
        byte[] piece = new byte[64 * 1024];
        for (int i = 0; i < piece.length; i++) {
            piece[i] = (byte) (i * 31 + i / 251);
        }
        house.upstream.script((_, wire) -> {
            wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < pieces; i++) {
                wire.send("10000\r\n");
                wire.send(piece);
                wire.send("\r\n");
            }
            wire.send("0\r\n\r\n");
        });
        List<Future<Integer>> wrong = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                boolean slow = i % 2 == 0;
                wrong.add(clients.submit((Callable<Integer>) () -> wrongBytes(piece, pieces, slow)));
            }
        }
        for (Future<Integer> one : wrong) {
            assertEquals(0, one.get());
        }
    }

    private int wrongBytes(byte[] piece, int pieces, boolean slow) throws Exception {
        try (RawClient client = house.client()) {
            client.request("GET", "/upstream/a/x", "", "x-api-key: sk");
            client.head();
            InputStream body = client.chunkedBody();
            int wrong = 0;
            for (int i = 0; i < pieces; i++) {
                byte[] read = body.readNBytes(piece.length);
                wrong += Arrays.equals(read, piece) ? 0 : 1;
                if (slow && i % 16 == 0) {
                    Thread.yield();
                }
            }
            return wrong + (body.read() < 0 ? 0 : 1);
        }
    }

    // Who may read

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models", "/upstream/a/x", "/upstream/nobody/x", "/v1/chat/completions", "/nowhere"})
    void pagesOfEveryOriginReadTheAnswersOfModels(String target) throws Exception {
        for (String key : new String[] {"x-api-key: sk", "x-api-key: wrong"}) {
            assertEquals("https://a", get(target, "Origin: https://a", key).header("Access-Control-Allow-Origin"));
        }
        assertEquals("", get(target, "x-api-key: sk").header("Access-Control-Allow-Origin"));
    }

    @Test
    void whatTheModelSaysOfOriginsIsSaidOnce() throws Exception {
        house.upstream.script(
                (_, wire) -> wire.send(
                        "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\naccess-control-allow-origin: *\r\nContent-Length: 0\r\n\r\n"));
        try (RawClient client = house.client()) {
            client.request("GET", "/upstream/a/x", "", "x-api-key: sk", "Origin: https://a");
            String head = client.head().toLowerCase(java.util.Locale.ROOT);
            assertEquals(1, head.split("access-control-allow-origin", -1).length - 1, head);
            assertTrue(head.contains("access-control-allow-origin: *"), head);
        }
    }

    @Test
    void theControlPlaneIsReadByThePagesThatAreNamedAndNoOther() throws Exception {
        assertEquals("", get("/running", "x-api-key: sk", "Origin: https://a").header("Access-Control-Allow-Origin"));
        assertEquals(
                "https://ops",
                get("/running", "x-api-key: sk", "Origin: https://ops").header("Access-Control-Allow-Origin"));
        try (RawClient client = house.client()) {
            client.request("OPTIONS", "/api/models/unload/a", "", "Origin: https://a");
            RawAnswer refused = client.answer();
            assertEquals(204, refused.status());
            assertEquals("", refused.header("Access-Control-Allow-Methods"));
            client.request("OPTIONS", "/api/models/unload/a", "", "Origin: https://ops");
            assertEquals("https://ops", client.answer().header("Access-Control-Allow-Origin"));
            client.request("OPTIONS", "/v1/chat/completions", "", "Origin: https://a");
            assertEquals("*", client.answer().header("Access-Control-Allow-Origin"));
        }
    }

    @Test
    void anOldClientOfAStreamIsSentNoChunks() throws Exception {
        house.upstream.script(
                (_, wire) -> wire.send(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"));
        try (RawClient client = house.client()) {
            client.send(CHAT.replace("HTTP/1.1", "HTTP/1.0") + "x-api-key: sk\r\nContent-Length: " + BODY.length()
                    + "\r\n\r\n" + BODY);
            RawAnswer answer = client.answer();
            assertEquals("", answer.header("Transfer-Encoding"));
            assertEquals("ab", answer.text());
        }
    }
}
