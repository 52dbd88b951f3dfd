package dev.turntable.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.AdmissionResult;
import dev.turntable.event.Outcome;
import dev.turntable.event.ShedReason;
import dev.turntable.event.Stage;
import dev.turntable.testkit.RawAnswer;
import dev.turntable.testkit.RawClient;
import dev.turntable.testkit.StubUpstream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A request that waits: what its client sees, what happens when it leaves, what the record says. */
class WaitingTest {
    private static final String CHAT = "{\"model\":\"a\"}";
    private static final String STREAM = "{\"model\":\"a\",\"stream\":true}";

    @TempDir
    Path folder;

    private House house;

    @BeforeEach
    void open() throws Exception {
        house = new House(folder, "sendLoadingState: true\nmodels: {a: {cmd: x, proxy: \"UP\"}}");
        house.admission.hold = true;
    }

    @AfterEach
    void close() throws Exception {
        house.close();
    }

    private RawClient send(String target, String body) throws Exception {
        return house.client().request("POST", target, body, "Content-Type: application/json");
    }

    @Test
    void aClientThatLeavesTheQueueIsNoticedAndRecordedAsGone() throws Exception {
        RawClient client = send("/v1/chat/completions", CHAT);
        FakeAdmission.Held held = house.admission.nextHeld();
        held.position = Optional.of(3);
        client.close();
        assertEquals(Stage.QUEUED, held.abandoned.poll(10, TimeUnit.SECONDS));
        assertEquals(Outcome.CLIENT_GONE, house.admission.nextFinished().outcome());
    }

    @Test
    void aClientThatLeavesWhileItsModelLoadsIsNoticed() throws Exception {
        RawClient client = send("/v1/chat/completions", CHAT);
        FakeAdmission.Held held = house.admission.nextHeld();
        client.close();
        assertEquals(Stage.LOADING, held.abandoned.poll(10, TimeUnit.SECONDS));
        assertEquals(0, house.admission.nextFinished().status());
    }

    @Test
    void aClientThatLeavesWhileTheUpstreamIsSilentEndsTheUpstreamRequest() throws Exception {
        house.admission.hold = false;
        house.upstream.script((r, wire) -> wire.in().read());
        RawClient client = send("/v1/chat/completions", CHAT);
        house.upstream.next();
        client.close();
        house.upstream.awaitEnd();
        assertEquals(Outcome.CLIENT_GONE, house.admission.nextFinished().outcome());
    }

    @Test
    void aClientThatLeavesAStreamEndsTheUpstreamRequest() throws Exception {
        house.admission.hold = false;
        house.upstream.script((r, wire) -> {
            wire.send(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
            wire.in().read();
        });
        RawClient client = send("/v1/completions", STREAM);
        client.head();
        assertEquals("one", new String(client.chunk()));
        client.close();
        house.upstream.awaitEnd();
        assertEquals(Outcome.CLIENT_GONE, house.admission.nextFinished().outcome());
    }

    @Test
    void aClientThatSendsItsNextRequestEarlyIsNotGone() throws Exception {
        try (RawClient client = send("/v1/chat/completions", CHAT)) {
            FakeAdmission.Held held = house.admission.nextHeld();
            client.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
            held.answer(house.admission.granted("a"));
            assertEquals("{}", client.answer().text());
            assertEquals("OK", client.answer().text());
        }
        assertEquals(Outcome.OK, house.admission.nextFinished().outcome());
    }

    @Test
    void aCancelledWaitIsToldSo() throws Exception {
        try (RawClient client = send("/v1/chat/completions", CHAT)) {
            house.admission.nextHeld();
            assertTrue(
                    house.inFlight.cancel(house.inFlight.snapshot().getFirst().id()));
            RawAnswer answer = client.answer();
            assertEquals(503, answer.status());
            assertTrue(answer.text().contains("request cancelled"), answer.text());
        }
        assertEquals(Outcome.CANCELLED, house.admission.nextFinished().outcome());
        assertEquals(0, house.inFlight.size());
        assertFalse(house.inFlight.cancel(999));
    }

    @Test
    void aRequestCancelledBeforeTheUpstreamAnsweredEndsWithAnEmpty502() throws Exception {
        house.admission.hold = false;
        house.upstream.script((r, wire) -> wire.in().read());
        try (RawClient client = send("/v1/chat/completions", CHAT)) {
            house.upstream.next();
            house.inFlight.cancel(house.inFlight.snapshot().getFirst().id());
            RawAnswer answer = client.answer();
            assertEquals(502, answer.status());
            assertEquals("", answer.text());
        }
        assertEquals(Outcome.CANCELLED, house.admission.nextFinished().outcome());
    }

    @Test
    void refusalsHaveTheirStatusAndSayWhenToComeBack() throws Exception {
        record Expected(ShedReason reason, int status, String text, String retryAfter) {}
        Expected[] all = {
            new Expected(ShedReason.START_FAILED, 500, "unspecific error: why", "3"),
            new Expected(ShedReason.BACKED_OFF, 500, "unspecific error: why", "3"),
            new Expected(ShedReason.UNLOADED, 500, "unspecific error: why", "3"),
            new Expected(ShedReason.CONCURRENCY_LIMIT, 429, "Too many requests", "1"),
            new Expected(ShedReason.UNKNOWN_MODEL, 404, "no local server found for requested model", "3"),
            new Expected(ShedReason.HELD, 503, "why", "3"),
            new Expected(ShedReason.WOULD_EVICT, 503, "why", "3"),
            new Expected(ShedReason.QUEUE_FULL, 503, "why", "3"),
            new Expected(ShedReason.RELOADED, 500, "unspecific error: why", "3"),
            new Expected(ShedReason.NOT_IN_PROFILE, 404, "unable to swap to model, why", "3"),
            new Expected(ShedReason.SHUTTING_DOWN, 503, "why", "3"),
        };
        assertEquals(
                Set.of(ShedReason.values()),
                Stream.of(all).map(Expected::reason).collect(Collectors.toSet()),
                "every reason is asked about");
        for (Expected expected : all) {
            try (RawClient client = send("/v1/completions", CHAT)) {
                house.admission
                        .nextHeld()
                        .answer(new AdmissionResult.Refused(
                                expected.reason(), "why", Optional.of(Duration.ofMillis(2100))));
                RawAnswer answer = client.answer();
                assertEquals(expected.status(), answer.status(), expected.toString());
                assertTrue(answer.text().contains(expected.text()), answer.text());
                assertEquals(expected.retryAfter(), answer.header("Retry-After"));
            }
            assertEquals(
                    expected.reason() == ShedReason.START_FAILED ? Outcome.LOAD_FAILED : Outcome.SHED,
                    house.admission.nextFinished().outcome());
        }
    }

    @Test
    void aBrokenConductorLeavesNothingOnTheListOfRequestsUnderWay() throws Exception {
        house.admission.broken = true;
        try (RawClient client = send("/v1/completions", CHAT)) {
            assertEquals(500, client.answer().status());
        }
        assertEquals(List.of(), house.inFlight.snapshot());
    }

    @Test
    void aLoadingStreamShowsTheLoadAndThenTheAnswer() throws Exception {
        house.admission.usual = Optional.of(Duration.ofMillis(1200));
        house.upstream.script(
                (r, wire) -> wire.send(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\nc\r\ndata: hello\n\r\n0\r\n\r\n"));
        try (RawClient client = send("/v1/chat/completions", STREAM)) {
            FakeAdmission.Held held = house.admission.nextHeld();
            assertTrue(client.head().contains("Content-Type: text/event-stream"));
            String first = new String(client.chunk(), java.nio.charset.StandardCharsets.UTF_8);
            assertTrue(
                    first.matches(
                            "data: \\{\"id\":\"chatcmpl-r-1\",\"object\":\"chat.completion.chunk\",\"created\":[0-9]{10},"
                                    + "\"model\":\"a\",\"choices\":\\[\\{\"index\":0,\"delta\":\\{\"reasoning_content\":\"━━━━━\"},"
                                    + "\"finish_reason\":null}]}\n\n"),
                    first);
            held.answer(house.admission.granted("a"));
            StringBuilder all = new StringBuilder();
            for (byte[] chunk = client.chunk(); chunk.length > 0; chunk = client.chunk()) {
                all.append(new String(chunk, java.nio.charset.StandardCharsets.UTF_8));
            }
            String text = all.toString();
            assertTrue(text.contains("Done! ("), text);
            assertTrue(text.endsWith("data: hello\n"), text);
        }
        assertEquals(Outcome.OK, house.admission.nextFinished().outcome());
    }

    @Test
    void aFailedLoadBehindALoadingStreamIsRecordedAsWhatItIs() throws Exception {
        try (RawClient client = send("/v1/chat/completions", STREAM)) {
            FakeAdmission.Held held = house.admission.nextHeld();
            client.head();
            client.chunk();
            held.answer(new AdmissionResult.Refused(ShedReason.START_FAILED, "no luck", Optional.empty()));
            String last = "";
            for (byte[] chunk = client.chunk(); chunk.length > 0; chunk = client.chunk()) {
                last = new String(chunk, java.nio.charset.StandardCharsets.UTF_8);
            }
            assertEquals(
                    "data: {\"src\":\"llama-swap\",\"error\":{\"message\":\"unspecific error: no luck\",\"type\":\"server_error\","
                            + "\"param\":null,\"code\":\"internal_error\"}}\n\ndata: [DONE]\n\n",
                    last);
        }
        var end = house.admission.nextFinished();
        assertEquals(Outcome.LOAD_FAILED, end.outcome());
        assertEquals(200, end.status());
        assertEquals("text/event-stream", end.contentType().orElseThrow());
        assertEquals("unspecific error: no luck", end.error().orElseThrow());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/messages | event: ping | event: error;data: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"TEXT\"}};;",
                "/v1/responses | : loading a | event: error;data: {\"type\":\"error\",\"code\":\"internal_error\",\"message\":\"TEXT\",\"param\":null,\"sequence_number\":0};;",
                "/v1/completions | : loading a | data: {\"src\":\"llama-swap\",\"error\":{\"message\":\"TEXT\",\"type\":\"server_error\",\"param\":null,\"code\":\"internal_error\"}};;data: [DONE];;",
            })
    void aDialectThatCannotThinkGetsASignOfLifeAndItsOwnErrorEvent(String target, String life, String error)
            throws Exception {
        try (RawClient client = send(target, STREAM)) {
            FakeAdmission.Held held = house.admission.nextHeld();
            var head = client.head();
            assertTrue(head.contains("Content-Type: text/event-stream"), head.toString());
            assertTrue(
                    head.contains("X-Accel-Buffering: no") && head.contains("Cache-Control: no-cache"),
                    head.toString());
            assertTrue(new String(client.chunk(), java.nio.charset.StandardCharsets.UTF_8).startsWith(life));
            held.answer(new AdmissionResult.Refused(
                    ShedReason.START_FAILED, "exit code 3", Optional.empty(), List.of("out of memory", "bye")));
            assertEquals(
                    error.replace(";", "\n")
                            .replace("TEXT", "unspecific error: exit code 3; it printed last:\\nout of memory\\nbye"),
                    new String(client.chunk(), java.nio.charset.StandardCharsets.UTF_8));
            assertEquals(0, client.chunk().length);
        }
        assertEquals(200, house.admission.nextFinished().status());
    }

    @Test
    void anErrorOfTheUpstreamBehindALoadingStreamIsAnEventToo() throws Exception {
        house.upstream.script((r, wire) -> wire.send(
                StubUpstream.ok("{\"error\":{\"message\":\" too long \"}}").replace("200 OK", "400 Bad Request")));
        try (RawClient client = send("/v1/messages", STREAM)) {
            FakeAdmission.Held held = house.admission.nextHeld();
            client.head();
            client.chunk();
            held.answer(house.admission.granted("a"));
            assertEquals(
                    "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"too long\"}}\n\n",
                    new String(client.chunk(), java.nio.charset.StandardCharsets.UTF_8));
            assertEquals(0, client.chunk().length);
        }
        var end = house.admission.nextFinished();
        assertEquals(Outcome.UPSTREAM_ERROR, end.outcome());
        assertEquals("too long", end.error().orElseThrow());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/messages | {\"type\":\"error\",\"error\":{\"type\":\"not_found_error\",\"message\":\"no router for requested model\"}}",
                "/v/messages/count_tokens | {\"type\":\"error\",\"error\":{\"type\":\"not_found_error\",\"message\":\"no router for requested model\"}}",
                "/v1/responses | {\"src\":\"llama-swap\",\"error\":{\"message\":\"no router for requested model\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"not_found\"}}",
            })
    void anErrorHasTheShapeOfItsDialect(String target, String body) throws Exception {
        try (RawClient client = house.client()) {
            assertEquals(body, client.post(target, "{\"model\":\"zz\"}").text());
        }
    }

    @Test
    void noLoadingStreamWithoutStreamingOrOnOtherPaths() throws Exception {
        for (String target :
                new String[] {"/v1/embeddings", "/v/chat/completions", "/upstream/a/v1/chat/completions"}) {
            try (RawClient client = send(target, STREAM)) {
                house.admission.nextHeld().answer(house.admission.granted("a"));
                assertEquals("{}", client.answer().text());
            }
        }
    }
}
