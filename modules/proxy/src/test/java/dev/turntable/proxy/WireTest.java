package dev.turntable.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.testkit.RawAnswer;
import dev.turntable.testkit.RawClient;
import dev.turntable.testkit.StubUpstream;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be understood in two ways is refused; what is merely odd passes; nobody else is disturbed. */
class WireTest {
    private static final String JSON = "Content-Type: application/json\r\n";

    @TempDir
    Path folder;

    private House house;

    @BeforeEach
    void open() throws Exception {
        house = new House(folder, "models: {a: {cmd: x, proxy: \"UP\"}}");
    }

    @AfterEach
    void close() throws Exception {
        try (RawClient client = house.client()) {
            assertEquals(
                    "{}",
                    client.post("/v1/chat/completions", "{\"model\":\"a\"}").text());
        }
        house.close();
    }

    private int status(String text) throws Exception {
        try (RawClient client = house.client()) {
            return client.send(text).answer().status();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello there\r\n\r\n",
                "GET /health HTTP/1.1\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET health HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /hea lth HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /health HTTP/x\r\nHost: x\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: x\r\nX Y: 1\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: x\r\nX-Y : 1\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: x\r\nX: a\r\n folded: b\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: x\r\nX: a\u0000b\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 13\r\nContent-Length: 12\r\n\r\n{\"model\":\"a\"}",
                "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: +13\r\n\r\n{\"model\":\"a\"}",
                "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
            })
    void badRequestsAre400(String request) throws Exception {
        assertEquals(400, status(request));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "gzip, chunked", "chunked, chunked", "chunked\r\nTransfer-Encoding: chunked"})
    void otherTransferCodingsAre501(String coding) throws Exception {
        assertEquals(
                501,
                status("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n" + JSON + "Transfer-Encoding: " + coding
                        + "\r\n\r\n0\r\n\r\n"));
    }

    @Test
    void anotherVersionIs505() throws Exception {
        assertEquals(505, status("GET /health HTTP/3.0\r\nHost: x\r\n\r\n"));
    }

    @Test
    void aDoublyFramedRequestIsRefusedAndNothingBehindItIsBelieved() throws Exception {
        String body = "{\"model\":\"a\"}";
        try (RawClient client = house.client()) {
            client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n" + JSON
                    + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(body.length())
                    + "\r\n" + body + "\r\n0\r\n\r\nGET /running HTTP/1.1\r\nHost: x\r\n\r\n");
            RawAnswer answer = client.answer();
            assertEquals(400, answer.status());
            assertEquals("close", answer.header("Connection"));
            assertTrue(client.ended());
        }
    }

    @Test
    void headsOfTensOfKibibytesPassAndMoreThanTheLimitIs431() throws Exception {
        assertEquals(
                200,
                status("GET /health?" + "q".repeat(60_000) + " HTTP/1.1\r\nHost: x\r\nX-Big: " + "a".repeat(60_000)
                        + "\r\n\r\n"));
        StringBuilder large = new StringBuilder("GET /health HTTP/1.1\r\nHost: x\r\n");
        for (int i = 0; i < 15; i++) {
            large.append("X-").append(i).append(": ").append("a".repeat(10_000)).append("\r\n");
        }
        try (RawClient client = house.client()) {
            assertEquals(
                    "HTTP/1.1 431 Request Header Fields Too Large",
                    client.send(large + "\r\n").line());
            assertTrue(client.rest().toLowerCase().contains("connection: close"), "read to the close");
        }
    }

    @Test
    void theDateOfAnAnswerHasTwoDigitsForTheDay() throws Exception {
        try (RawClient client = house.client()) {
            RawAnswer answer = client.chat("a", "").answer();
            assertEquals(29, answer.header("Date").length(), answer.header("Date"));
        }
    }

    @Test
    void anOldClientGetsItsAnswerAndTheEndOfTheConnection() throws Exception {
        try (RawClient client = house.client()) {
            RawAnswer answer = client.send("GET /health HTTP/1.0\r\n\r\n").answer();
            assertEquals("OK", answer.text());
        }
        house.upstream.script((r, wire) ->
                wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n"));
        try (RawClient client = house.client()) {
            RawAnswer answer = client.send("POST /v1/chat/completions HTTP/1.0\r\n" + JSON
                            + "Content-Length: 13\r\n\r\n{\"model\":\"a\"}")
                    .answer();
            assertEquals("", answer.header("Transfer-Encoding"));
            assertEquals("ab", answer.text());
        }
        house.upstream.script((r, wire) -> wire.send(StubUpstream.ok("{}")));
    }

    @Test
    void pipelinedRequestsAreAnsweredInTheirOrder() throws Exception {
        try (RawClient client = house.client()) {
            String health = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n";
            client.send(health + "GET /upstream/a/x HTTP/1.1\r\nHost: x\r\n\r\n" + health);
            assertEquals("OK", client.answer().text());
            assertEquals("{}", client.answer().text());
            assertEquals("OK", client.answer().text());
        }
    }

    @Test
    void aHeadThatComesByteByByteIsAHeadLikeAnyOther() throws Exception {
        try (RawClient client = house.client()) {
            for (char c : "GET /health HTTP/1.1\r\nHost: x\r\n\r\n".toCharArray()) {
                client.send(String.valueOf(c));
            }
            assertEquals("OK", client.answer().text());
        }
    }

    @Test
    void bytesThatAreNoUtf8PassInBodyAndHeader() throws Exception {
        byte[] body = "{\"model\":\"a\",\"x\":\"\u00ff\u00fe\"}".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        try (RawClient client = house.client()) {
            client.send(("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n" + JSON
                            + "X-U: gr\u00fcn\r\nContent-Length: " + body.length + "\r\n\r\n")
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            client.send(body);
            assertEquals(200, client.answer().status());
        }
        StubUpstream.Request seen = house.upstream.next();
        org.junit.jupiter.api.Assertions.assertArrayEquals(body, seen.bytes());
        assertTrue(seen.head().contains("X-U: gr\u00c3\u00bcn\r\n"), seen.head());
    }

    @Test
    void continueIsSaidBeforeTheBodyAndNeverToARefusedRequest() throws Exception {
        try (RawClient client = house.client()) {
            client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n" + JSON
                    + "Content-Length: 13\r\n\r\n");
            assertEquals(100, client.answer().status());
            client.send("{\"model\":\"a\"}");
            assertEquals(200, client.answer().status());
        }
        assertEquals(
                405,
                status("POST /v1/models HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 13\r\n\r\n"));
    }
}
