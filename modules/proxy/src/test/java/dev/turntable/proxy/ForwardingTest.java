package dev.turntable.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Fact;
import dev.turntable.event.Outcome;
import dev.turntable.testkit.RawAnswer;
import dev.turntable.testkit.RawClient;
import dev.turntable.testkit.StubUpstream;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A request reaches its upstream as it should, and the answer comes back as it was. */
class ForwardingTest {
    private static final String CONFIG = """
            models:
              a: {cmd: x, proxy: "UP", aliases: [al]}
            """;

    @TempDir
    Path folder;

    private House house;

    @BeforeEach
    void open() throws Exception {
        house = new House(folder, CONFIG);
    }

    @AfterEach
    void close() throws Exception {
        house.close();
    }

    @Test
    void runsAsANamedModule() {
        assertTrue(getClass().getModule().isNamed());
    }

    @Test
    void aChatRequestPassesAndItsAnswerComesBack() throws Exception {
        house.upstream.script((r, wire) -> wire.send(StubUpstream.ok("{\"x\":1}")));
        try (RawClient client = house.client()) {
            RawAnswer answer = client.post("/v1/chat/completions?k=v%2Fw", "{\"model\": \"al\",  \"n\":1}");
            assertEquals(200, answer.status());
            assertEquals("{\"x\":1}", answer.text());
        }
        StubUpstream.Request seen = house.upstream.next();
        assertEquals("POST /v1/chat/completions?k=v%2Fw HTTP/1.1", seen.line());
        assertEquals("{\"model\": \"al\",  \"n\":1}", seen.body());
        assertTrue(seen.has("x-forwarded-for: 127.0.0.1"), seen.head());
        Fact.RequestFinished end = house.admission.nextFinished();
        assertEquals(Outcome.OK, end.outcome());
        assertEquals(200, end.status());
        assertEquals(7, end.bytes());
        assertEquals("a", house.admission.arrived.getFirst().model().value());
        assertEquals("al", house.admission.arrived.getFirst().asked());
    }

    @Test
    void eventsArePassedOnOneByOne() throws Exception {
        Object step = new Object();
        java.util.concurrent.LinkedBlockingQueue<String> go = new java.util.concurrent.LinkedBlockingQueue<>();
        house.upstream.script((r, wire) -> {
            wire.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 3; i++) {
                go.take();
                wire.send("9\r\ndata: " + i + "\n\n\r\n");
            }
            wire.send("0\r\n\r\n");
        });
        try (RawClient client = house.client()) {
            client.request("POST", "/v1/chat/completions", "{\"model\":\"a\"}", "Content-Type: application/json");
            String head = client.head();
            assertTrue(head.contains("X-Accel-Buffering: no\r\n"), head);
            for (int i = 0; i < 3; i++) {
                go.add("next");
                assertEquals("data: " + i + "\n\n", new String(client.chunk()));
            }
            assertEquals(0, client.chunk().length);
        }
        assertEquals(Outcome.OK, house.admission.nextFinished().outcome());
    }

    @Test
    void anAnswerThatWasCutOffIsCutForTheClientToo() throws Exception {
        house.upstream.script((r, wire) -> {
            wire.send(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            wire.cut();
        });
        try (RawClient client = house.client()) {
            RawAnswer answer = client.post("/v1/chat/completions", "{\"model\":\"a\"}");
            assertEquals("hello", answer.text());
            assertFalse(answer.complete());
        }
        assertEquals(Outcome.UPSTREAM_DIED, house.admission.nextFinished().outcome());
    }

    @Test
    void theConnectionServesControlRoutesAndModelsInTurn() throws Exception {
        try (RawClient client = house.client()) {
            for (int i = 0; i < 3; i++) {
                assertEquals("OK", client.get("/health").text());
                assertEquals(
                        "{}",
                        client.post("/v1/chat/completions", "{\"model\":\"a\"}").text());
            }
        }
        assertEquals(200, house.admission.served.take().status());
    }
}
