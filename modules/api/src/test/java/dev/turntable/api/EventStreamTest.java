package dev.turntable.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Actor;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Outcome;
import dev.turntable.event.ProcessState;
import dev.turntable.event.RunId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** llama-swap §3.8: the first messages, then every kind of news, in frames that pages of llama-swap understand. */
class EventStreamTest {
    private static final String CONFIG = """
            models:
              a: {cmd: "run ${PORT}", aliases: [ay], name: " The A ", description: dd, capabilities: {in: [text, image], out: [text], tools: true, context: 4096}}
              hidden: {cmd: "run ${PORT}", unlisted: true}
            profiles: {p: {pins: {x: a}}}
            peers: {peer: {proxy: "http://127.0.0.1:9", models: [far]}}
            """;

    private static List<String> statesOfA(PlaneFixture.Streamed stream) {
        return stream.messages("modelStatus").stream()
                .map(m -> (String) JsonTree.at(m, "0/state"))
                .toList();
    }

    @Test
    void theFirstMessagesComeInTheOrderOfTheReference() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG);
                PlaneFixture.Streamed stream = fixture.open("/api/events")) {
            stream.await("\"type\":\"inflight\"");
            List<String> types = stream.text()
                    .lines()
                    .filter(l -> l.startsWith("data:"))
                    .map(l -> (String) JsonTree.at(JsonTree.parse(l.substring(5)), "type"))
                    .toList();
            assertEquals(List.of("logData", "logData", "modelStatus", "uiConfig", "profileChanged", "inflight"), types);
            assertTrue(
                    stream.text()
                            .contains(
                                    "event:message\ndata:{\"type\":\"uiConfig\",\"data\":\"{\\\"activity\\\":{\\\"session_id\\\":[\\\"X-Session-ID\\\",\\\"X-Litellm-Session-Id\\\"]}}\"}\n\n"));
            assertEquals(List.of(Map.of("operation", "snapshot")), stream.messages("inflight"));
            String head = stream.text()
                    .substring(0, stream.text().indexOf("\r\n\r\n"))
                    .toLowerCase();
            for (String header : List.of(
                    "content-type: text/event-stream",
                    "cache-control: no-cache",
                    "x-content-type-options: nosniff",
                    "x-accel-buffering: no",
                    "transfer-encoding: chunked")) {
                assertTrue(head.contains(header), header + " in " + head);
            }
        }
    }

    @Test
    void theModelStatusHasLocalModelsThenPeers() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG);
                PlaneFixture.Streamed stream = fixture.open("/api/events")) {
            stream.await("uiConfig");
            List<?> status = (List<?>) stream.messages("modelStatus").getFirst();
            assertEquals(3, status.size());
            assertEquals(JsonTree.parse("""
                            {"id":"a","name":" The A ","description":"dd","state":"stopped","unlisted":false,"peerID":"","aliases":["ay"],
                             "capabilities":{"function_calling":true,"vision":true},"context_length":4096}"""), status.get(0));
            assertEquals(true, JsonTree.at(status, "1/unlisted"));
            assertEquals("peer/far", JsonTree.at(status, "2/id"));
            assertEquals("", JsonTree.at(status, "2/state"));
            assertEquals("peer", JsonTree.at(status, "2/peerID"));
        }
    }

    @Test
    void everyStateChangeIsToldAndNoneIsSkipped() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG);
                PlaneFixture.Streamed stream = fixture.open("/api/events")) {
            stream.await("profileChanged");
            for (ProcessState state :
                    List.of(ProcessState.STARTING, ProcessState.READY, ProcessState.STOPPING, ProcessState.STOPPED)) {
                fixture.core.move("a", state);
            }
            PlaneFixture.until("all are told", () -> statesOfA(stream).size() == 5);
            assertEquals(List.of("stopped", "starting", "ready", "stopping", "stopped"), statesOfA(stream));
        }
    }

    @Test
    void aProfileChangeIsToldThenTheModels() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG);
                PlaneFixture.Streamed stream = fixture.open("/api/events")) {
            stream.await("\"type\":\"inflight\"");
            fixture.core.submit(new Fact.ProfileActivated(Optional.of("p"), Actor.OPERATOR));
            PlaneFixture.until(
                    "the models are told", () -> stream.messages("modelStatus").size() == 2);
            assertEquals("p", JsonTree.at(stream.messages("profileChanged"), "1/active"));
        }
    }

    @Test
    void logTextIsToldWithBrokenCharactersReplaced() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG);
                PlaneFixture.Streamed stream = fixture.open("/api/events")) {
            stream.await("\"type\":\"inflight\"");
            byte[] text = {'s', 'a', 'i', 'd', (byte) 0xff, '\n'};
            fixture.output.append(new RunId(new ModelId("a"), 1), text, text.length);
            stream.await("said");
            Object last = stream.messages("logData").getLast();
            assertEquals(Map.of("source", "upstream", "data", "said\ufffd\n"), last);
        }
    }

    @Test
    void aStoredRowIsToldByItsId() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG);
                PlaneFixture.Streamed stream = fixture.open("/api/events")) {
            stream.await("\"type\":\"inflight\"");
            Requests.finish(fixture.core, 1, "a", Outcome.OK);
            PlaneFixture.until(
                    "the row is told", () -> !stream.messages("activity").isEmpty());
            assertEquals(List.of(Map.of("id", 1L)), stream.messages("activity"));
            assertEquals(1L, JsonTree.at(fixture.get("/api/metrics/activity").json(), "data/0/id"));
        }
    }

    @Test
    void aReloadEndsOlderStreamsAndTellsTheModelsAgainLater() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG);
                PlaneFixture.Streamed old = fixture.open("/api/events")) {
            old.await("\"type\":\"inflight\"");
            fixture.core.append(Requests.applied("sighup"), List.of());
            PlaneFixture.until("the old stream ended", old::ended);
            try (PlaneFixture.Streamed young = fixture.open("/api/events")) {
                young.await("\"type\":\"inflight\"");
                PlaneFixture.until(
                        "the models are told again",
                        () -> young.messages("modelStatus").size() == 2);
                assertFalse(young.ended());
            }
        }
    }

    @Test
    void closingEndsTheStreamProperly() {
        PlaneFixture fixture = PlaneFixture.with(CONFIG);
        try (PlaneFixture.Streamed stream = fixture.open("/api/events")) {
            stream.await("\"type\":\"inflight\"");
            fixture.close();
            PlaneFixture.until("the stream ended", stream::ended);
            assertTrue(stream.text().endsWith("\r\n0\r\n\r\n"));
        }
    }

    @Test
    void moreStreamsThanTheLimitAreRefused() {
        try (PlaneFixture fixture = PlaneFixture.with("turntable: {limits: {subscribers: 1}}\n" + CONFIG);
                PlaneFixture.Streamed stream = fixture.open("/api/events")) {
            stream.await("\"type\":\"inflight\"");
            PlaneFixture.Reply refused = fixture.get("/logs/stream");
            assertEquals(503, refused.status());
            assertEquals("5", refused.header("Retry-After"));
        }
    }

    @Test
    void aFullMailboxDropsNeverWaitsAndRepairsWhereSomethingIsMissing() throws InterruptedException {
        Mailbox box = new Mailbox(2, 100, () -> bytes("repaired"));
        assertTrue(box.offer(bytes("one")));
        assertTrue(box.offer(bytes("two")));
        assertFalse(box.offer(bytes("three")));
        assertFalse(box.offer(bytes("four")));
        assertEquals(2, box.dropped());
        assertEquals("onetwo", text(box.next(Duration.ZERO)));
        assertTrue(box.offer(bytes("five")));
        assertEquals("repaired", text(box.next(Duration.ZERO)));
        assertEquals("five", text(box.next(Duration.ZERO)));
        assertTrue(box.offer(new byte[98]));
        assertFalse(box.offer(new byte[3]), "too many bytes");
        box.end();
        assertEquals(98, box.next(Duration.ofSeconds(1)).orElseThrow().length);
        assertEquals("repaired", text(box.next(Duration.ofSeconds(1))));
        assertTrue(box.over());
        assertTrue(box.next(Duration.ofSeconds(1)).isEmpty());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Optional<byte[]> piece) {
        return new String(piece.orElseThrow(), StandardCharsets.UTF_8);
    }
}
