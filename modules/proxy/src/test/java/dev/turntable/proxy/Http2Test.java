package dev.turntable.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Fact;
import dev.turntable.event.Outcome;
import dev.turntable.event.Stage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything the front door does, for a client that has one connection of HTTP/2 and can have no other; asked with the JDK's own client. */
class Http2Test {
    private static final String CHAT = "{\"model\":\"a\"}";
    private static final String STREAM_HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    @TempDir
    Path folder;

    private static SSLContext tls;
    private House house;
    private HttpClient client;

    @BeforeAll
    static void certify(@TempDir Path keys) throws Exception {
        tls = Certificate.in(keys).context();
    }

    @BeforeEach
    void open() throws Exception {
        house = new House(
                folder,
                "turntable: {limits: {connections: 1, requestBody: 10000000}}\n"
                        + "models: {a: {cmd: x, proxy: \"UP\", concurrencyLimit: 1000}}",
                Optional.of(tls));
        client = HttpClient.newBuilder().sslContext(tls).build();
    }

    @AfterEach
    void close() throws Exception {
        client.shutdownNow();
        house.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + house.port() + path))
                .timeout(Duration.ofSeconds(20));
    }

    private HttpRequest chat() {
        return request("/v1/chat/completions")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(CHAT))
                .build();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
        assertEquals(HttpClient.Version.HTTP_2, answer.version());
        return answer;
    }

    private CompletableFuture<HttpResponse<String>> later(HttpRequest request) {
        return client.sendAsync(request, BodyHandlers.ofString());
    }

    @Test
    void a_chat_is_forwarded_answered_and_recorded_as_http_2() throws Exception {
        HttpResponse<String> answer = client.send(chat(), BodyHandlers.ofString());
        assertEquals(HttpClient.Version.HTTP_2, answer.version());
        assertEquals(200, answer.statusCode());
        assertEquals("{}", answer.body());
        assertTrue(answer.headers().firstValue("date").isPresent());
        ScriptedUpstream.Request seen = house.upstream.next();
        assertEquals(CHAT, seen.text());
        assertTrue(seen.has("host: localhost:" + house.port()), seen.head());
        assertTrue(seen.has("content-length: 13"), seen.head());
        assertTrue(seen.has("x-forwarded-for: 127.0.0.1"), seen.head());
        assertTrue(seen.head().startsWith("POST /v1/chat/completions HTTP/1.1\r\n"), seen.head());
        Fact.RequestArrived arrived = house.admission.arrived.getFirst();
        assertEquals("HTTP/2.0", arrived.protocol());
        assertEquals("127.0.0.1", arrived.client());
        assertEquals(Outcome.OK, house.admission.nextFinished().outcome());
    }

    @Test
    void every_event_of_a_stream_arrives_before_the_next_is_there() throws Exception {
        CountDownLatch[] read = {new CountDownLatch(1), new CountDownLatch(1)};
        house.upstream.script = (r, s, out) -> {
            ScriptedUpstream.send(out, STREAM_HEAD + "b\r\ndata: one\n\n\r\n");
            read[0].await();
            ScriptedUpstream.send(out, "b\r\ndata: two\n\n\r\n");
            read[1].await();
            ScriptedUpstream.send(out, "0\r\n\r\n");
        };
        try (InputStream body =
                client.send(chat(), BodyHandlers.ofInputStream()).body()) {
            assertEquals("data: one\n\n", new String(body.readNBytes(11)));
            read[0].countDown();
            assertEquals("data: two\n\n", new String(body.readNBytes(11)));
            read[1].countDown();
            assertEquals(-1, body.read());
        }
    }

    @Test
    void twenty_streams_share_a_connection_and_one_that_is_cancelled_ends_alone() throws Exception {
        send(request("/health"));
        house.admission.hold = true;
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        List<FakeAdmission.Held> held = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(later(chat()));
            held.add(house.admission.nextHeld());
        }
        all.get(7).cancel(true);
        assertEquals(Stage.LOADING, held.get(7).abandoned.poll(10, TimeUnit.SECONDS));
        assertEquals(Outcome.CLIENT_GONE, house.admission.nextFinished().outcome());
        held.forEach(one -> one.answer(house.admission.granted("a")));
        for (int i = 0; i < 20; i++) {
            if (i != 7) {
                assertEquals("{}", all.get(i).get(20, TimeUnit.SECONDS).body());
                assertEquals(Outcome.OK, house.admission.nextFinished().outcome());
            }
        }
    }

    @Test
    void a_client_that_leaves_the_queue_is_noticed() throws Exception {
        house.admission.hold = true;
        CompletableFuture<HttpResponse<String>> answer = later(chat());
        FakeAdmission.Held held = house.admission.nextHeld();
        held.position = Optional.of(3);
        answer.cancel(true);
        assertEquals(Stage.QUEUED, held.abandoned.poll(10, TimeUnit.SECONDS));
        assertEquals(Outcome.CLIENT_GONE, house.admission.nextFinished().outcome());
    }

    @Test
    void a_client_that_leaves_while_the_upstream_is_silent_ends_the_upstream_request() throws Exception {
        house.upstream.script = (r, s, out) -> s.getInputStream().read();
        CompletableFuture<HttpResponse<String>> answer = later(chat());
        house.upstream.next();
        answer.cancel(true);
        assertTrue(house.upstream.closed.poll(10, TimeUnit.SECONDS) != null);
        assertEquals(Outcome.CLIENT_GONE, house.admission.nextFinished().outcome());
    }

    @Test
    void a_client_that_leaves_a_stream_ends_the_upstream_request() throws Exception {
        house.upstream.script = (r, s, out) -> {
            ScriptedUpstream.send(out, STREAM_HEAD + "3\r\none\r\n");
            s.getInputStream().read();
        };
        try (InputStream body =
                client.send(chat(), BodyHandlers.ofInputStream()).body()) {
            assertEquals("one", new String(body.readNBytes(3)));
        }
        assertTrue(house.upstream.closed.poll(10, TimeUnit.SECONDS) != null);
        assertEquals(Outcome.CLIENT_GONE, house.admission.nextFinished().outcome());
        assertEquals("OK", send(request("/health")).body());
    }

    @Test
    void a_client_that_closes_its_connection_leaves_with_all_its_requests() throws Exception {
        house.admission.hold = true;
        List<FakeAdmission.Held> held = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            later(chat());
            held.add(house.admission.nextHeld());
        }
        client.shutdownNow();
        for (FakeAdmission.Held one : held) {
            assertEquals(Stage.LOADING, one.abandoned.poll(10, TimeUnit.SECONDS));
            assertEquals(Outcome.CLIENT_GONE, house.admission.nextFinished().outcome());
        }
    }

    @Test
    void an_answer_that_broke_off_is_no_whole_one() throws Exception {
        house.upstream.script = (r, s, out) -> {
            ScriptedUpstream.send(out, STREAM_HEAD + "3\r\none\r\n");
            s.close();
        };
        assertThrows(IOException.class, () -> client.send(chat(), BodyHandlers.ofString()));
        assertEquals(Outcome.UPSTREAM_DIED, house.admission.nextFinished().outcome());
        house.upstream.script = (r, s, out) -> {
            ScriptedUpstream.send(out, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            s.close();
        };
        assertThrows(IOException.class, () -> client.send(chat(), BodyHandlers.ofString()));
        assertEquals(Outcome.UPSTREAM_DIED, house.admission.nextFinished().outcome());
        assertEquals("OK", send(request("/health")).body());
    }

    @Test
    void an_upstream_that_leaves_http_unasked_is_an_error() throws Exception {
        house.upstream.script = (r, s, out) -> ScriptedUpstream.send(
                out, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
        assertEquals(502, client.send(chat(), BodyHandlers.ofString()).statusCode());
    }

    @Test
    void the_control_plane_answers() throws Exception {
        HttpResponse<String> running = send(request("/running"));
        assertEquals("{\"running\":[]}", running.body());
        assertEquals(Optional.empty(), running.headers().firstValue("connection"));
        assertEquals(Optional.empty(), running.headers().firstValue("transfer-encoding"));
        assertEquals(
                "/api/models/unload/x%2Fy",
                send(request("/api/models/unload/x%2Fy").POST(BodyPublishers.noBody()))
                        .body());
        assertEquals(
                "/api/models/unload/z",
                send(request("/api/models/unload/z")
                                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[100_000]))))
                        .body());
        HttpResponse<String> head = send(request("/health").HEAD());
        assertEquals(200, head.statusCode());
        assertEquals("2", head.headers().firstValue("content-length").orElseThrow());
    }

    @Test
    void errors_and_redirects_are_the_same_as_ever() throws Exception {
        assertEquals("404 page not found\n", send(request("/nope")).body());
        HttpResponse<String> wrong = send(request("/v1/chat/completions"));
        assertEquals(405, wrong.statusCode());
        assertEquals("POST", wrong.headers().firstValue("allow").orElseThrow());
        HttpResponse<String> clean = send(request("/v1//models"));
        assertEquals(307, clean.statusCode());
        assertEquals("/v1/models", clean.headers().firstValue("location").orElseThrow());
        HttpResponse<String> options = send(request("/nope").method("OPTIONS", BodyPublishers.noBody()));
        assertEquals(204, options.statusCode());
        Map<String, String> served = new HashMap<>();
        for (int i = 0; i < 4; i++) {
            Fact.HttpServed one = house.admission.served.poll(10, TimeUnit.SECONDS);
            served.put(one.method() + " " + one.path() + " " + one.status(), one.protocol());
        }
        assertEquals(
                Set.of("GET /nope 404", "GET /v1/chat/completions 405", "GET /v1//models 307", "OPTIONS /nope 204"),
                served.keySet());
        assertEquals(Set.of("HTTP/2.0"), Set.copyOf(served.values()));
    }

    @Test
    void a_header_that_is_too_large_is_431_and_the_next_request_is_served() throws Exception {
        HttpRequest.Builder large = request("/health");
        for (int i = 0; i < 70; i++) {
            large.header("X-" + i, "v".repeat(16_000));
        }
        assertEquals(431, send(large).statusCode());
        assertEquals(
                200,
                send(request("/health").header("X-Large", "v".repeat(60_000))).statusCode());
    }

    @Test
    void a_body_that_is_too_large_is_413_although_it_still_comes() throws Exception {
        HttpResponse<String> answer = send(request("/v1/chat/completions")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[12_000_000]))));
        assertEquals(413, answer.statusCode());
        assertEquals("OK", send(request("/health")).body());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_large_upload_passes_with_and_without_a_length(boolean known) throws Exception {
        byte[] upload = new byte[5_000_000];
        for (int i = 0; i < upload.length; i++) {
            upload[i] = (byte) (i * 31 >> 3);
        }
        HttpResponse<String> answer = send(request("/upstream/a/files")
                .POST(
                        known
                                ? BodyPublishers.ofByteArray(upload)
                                : BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(upload))));
        assertEquals(200, answer.statusCode());
        ScriptedUpstream.Request seen = house.upstream.next();
        assertEquals(
                new String(upload, StandardCharsets.ISO_8859_1), new String(seen.body(), StandardCharsets.ISO_8859_1));
        assertEquals(known, seen.has("content-length: 5000000"), seen.head());
    }

    @Test
    void a_client_that_waits_to_be_told_to_send_its_body_is_told() throws Exception {
        HttpResponse<String> answer = send(request("/v1/chat/completions")
                .expectContinue(true)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(CHAT)));
        assertEquals("{}", answer.body());
    }

    @Test
    void a_client_that_does_not_read_stops_the_upstream_and_no_other_request() throws Exception {
        AtomicLong sent = new AtomicLong();
        CountDownLatch stuck = new CountDownLatch(1);
        house.upstream.script = (r, s, out) -> {
            if (r.has("x-small: 1")) {
                ScriptedUpstream.send(out, ScriptedUpstream.ok("{}"));
                return;
            }
            ScriptedUpstream.send(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
            byte[] some = new byte[100_000];
            while (sent.addAndGet(some.length) <= 1_000_000_000) {
                out.write(some);
            }
            stuck.countDown();
        };
        try (InputStream body =
                client.send(chat(), BodyHandlers.ofInputStream()).body()) {
            assertEquals(0, body.read());
            for (int i = 0; i < 50; i++) {
                HttpResponse<String> other = send(request("/v1/chat/completions")
                        .header("Content-Type", "application/json")
                        .header("X-Small", "1")
                        .POST(BodyPublishers.ofString(CHAT)));
                assertEquals("{}", other.body());
            }
            assertFalse(stuck.await(0, TimeUnit.SECONDS));
            assertTrue(sent.get() < 500_000_000, "sent " + sent.get());
        }
    }

    @Test
    void streams_under_way_finish_when_the_server_stops() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        house.upstream.script = (r, s, out) -> {
            ScriptedUpstream.send(out, STREAM_HEAD + "3\r\none\r\n");
            go.await();
            ScriptedUpstream.send(out, "3\r\ntwo\r\n0\r\n\r\n");
        };
        HttpResponse<InputStream> answer = client.send(chat(), BodyHandlers.ofInputStream());
        assertEquals("one", new String(answer.body().readNBytes(3)));
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(house::stop);
        assertThrows(IOException.class, () -> {
            while (true) {
                send(request("/health"));
            }
        });
        assertFalse(stopped.isDone());
        go.countDown();
        assertEquals("two", new String(answer.body().readAllBytes()));
        stopped.get(10, TimeUnit.SECONDS);
        assertEquals(Outcome.OK, house.admission.nextFinished().outcome());
    }

    @Test
    void headers_keep_their_lines_and_their_bytes_both_ways() throws Exception {
        house.upstream.script = (r, s, out) -> ScriptedUpstream.send(
                out,
                "HTTP/1.1 200 Fine\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Odd: ~!@\r\nContent-Length: 2\r\n\r\n{}");
        HttpResponse<String> answer = send(request("/upstream/a/x?q=%41&z")
                .header("X-Twice", "1")
                .header("X-Twice", "2")
                .header("Cookie", "c=3"));
        assertEquals(List.of("a=1", "b=2"), answer.headers().allValues("set-cookie"));
        assertEquals("~!@", answer.headers().firstValue("x-odd").orElseThrow());
        ScriptedUpstream.Request seen = house.upstream.next();
        assertTrue(seen.head().startsWith("GET /x?q=%41&z HTTP/1.1\r\n"), seen.head());
        assertTrue(seen.has("x-twice: 1") && seen.has("x-twice: 2") && seen.has("cookie: c=3"), seen.head());
    }

    @Test
    void many_requests_at_once_are_all_served() throws Exception {
        send(request("/health"));
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            all.add(later(chat()));
        }
        assertEquals(
                Set.of("200 {}"),
                all.stream()
                        .map(CompletableFuture::join)
                        .map(answer -> answer.statusCode() + " " + answer.body())
                        .collect(Collectors.toSet()));
    }
}
