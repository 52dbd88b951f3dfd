package dev.turntable.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Outcome;
import dev.turntable.event.ProcessState;
import dev.turntable.json.JsonTree;
import dev.turntable.proxy.metering.AnswerReader;
import dev.turntable.testkit.RawAnswer;
import dev.turntable.testkit.RawClient;
import dev.turntable.testkit.StubUpstream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Towards upstreams and peers: names, headers, encodings, failures, tunnels. */
class UpstreamTest {
    private static final String CONFIG = """
            models:
              a: {cmd: x, proxy: "UP", aliases: [al], filters: {setParamsByID: {"a:high": {effort: high}}}}
              ren: {cmd: x, proxy: "UP/base?k=v", useModelName: real, filters: {stripParams: temperature}}
              onto: {cmd: x, proxy: "UP", useModelName: upto}
              slow: {cmd: x, proxy: "UP", timeouts: {responseHeader: 1}}
              org/m: {cmd: x, proxy: "UP"}
              org: {cmd: x, proxy: "UP"}
              dead: {cmd: x, proxy: "http://127.0.0.1:1"}
              ign: {cmd: x, proxy: "UP", compat: {ignoreWebsockets: true}}
              comfyui_auto: {cmd: x, proxy: "UP"}
            selectors: {pin: {strategy: pin, targets: ["a:high"]}}
            profiles:
              p: {pins: {public: al, off: ""}}
              set: [a, ren]
            peers: {far: {proxy: "UP", apiKey: sk-peer, models: [m, "or/g"], filters: {setParams: {who: peer}}}}
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

    private RawAnswer post(String target, String json, String... headers) throws Exception {
        try (RawClient client = house.client()) {
            return client.post(target, json, headers);
        }
    }

    private String message(RawAnswer answer) {
        return JsonTree.parse(AnswerReader.JSON, answer.body(), 0, answer.body().length)
                .flatMap(t -> t.at("error", "message"))
                .map(t -> ((JsonTree.Text) t).text())
                .orElse(answer.text());
    }

    @Test
    void namesBecomeWhatTheUpstreamShouldSee() throws Exception {
        post("/v1/chat/completions", "{\"x\": 1, \"model\": \"pin\"}");
        assertEquals(
                "{\"x\": 1, \"model\": \"a:high\",\"effort\":\"high\"}",
                house.upstream.next().body());
        assertEquals("pin", house.admission.arrived.getLast().selector().orElseThrow());
        post("/v1/chat/completions", "{\"model\":\"ren\",\"temperature\":1}");
        StubUpstream.Request renamed = house.upstream.next();
        assertEquals("{\"model\":\"real\"}", renamed.body());
        assertEquals("POST /base/v1/chat/completions?k=v HTTP/1.1", renamed.line());
        post("/v1/chat/completions?q=1", "{\"model\":\"far/m\"}", "Authorization: Bearer mine");
        StubUpstream.Request peer = house.upstream.next();
        assertEquals("{\"model\":\"m\",\"who\":\"peer\"}", peer.body());
        assertTrue(peer.has("authorization: Bearer sk-peer"), peer.head());
        assertFalse(peer.head().toLowerCase(java.util.Locale.ROOT).contains("x-forwarded-for"), peer.head());
        assertTrue(peer.has("host: 127.0.0.1:" + house.upstream.port()), peer.head());
    }

    @Test
    void aProfilePinComesBeforeEverythingAndADisabledOneLeadsNowhere() throws Exception {
        house.profile = Optional.of("p");
        post("/v1/chat/completions", "{\"model\":\"public\"}");
        assertEquals("{\"model\":\"al\"}", house.upstream.next().body());
        assertEquals("no model id could be identified", message(post("/v1/completions", "{\"model\":\"off\"}")));
        try (RawClient client = house.client()) {
            client.get("/upstream/public/x%2Fy");
        }
        assertEquals("GET /x%2Fy HTTP/1.1", house.upstream.next().line());
    }

    @Test
    void anOldProfilePrefixIsCutOffAndStrangersAreRefusedBeforeAnythingIsAsked() throws Exception {
        post("/v1/chat/completions", "{\"model\":\"set:al\"}");
        assertEquals("{\"model\":\"al\"}", house.upstream.next().body());
        assertEquals("set", house.admission.arrived.getLast().profile().orElseThrow());
        assertEquals(
                "unable to swap to model, model group not found nope",
                message(post("/v1/completions", "{\"model\":\"nope:a\"}")));
        assertEquals(
                "unable to swap to model, could not find modelID for set:zz",
                message(post("/v1/completions", "{\"model\":\"set:zz\"}")));
        assertEquals(
                "unable to swap to model, model slow part of profile set",
                message(post("/v1/completions", "{\"model\":\"set:slow\"}")));
        post("/v1/chat/completions", "{\"model\":\"a:high\"}");
        assertEquals(
                "{\"model\":\"a:high\",\"effort\":\"high\"}",
                house.upstream.next().body());
    }

    @Test
    void unknownNamesAreOnTheRecordToo() throws Exception {
        assertEquals("no router for requested model", message(post("/v1/completions", "{\"model\":\"zz\"}")));
        var end = house.admission.nextFinished();
        assertEquals(404, end.status());
        assertEquals("no router for requested model", end.error().orElseThrow());
    }

    @Test
    void pathsUnderUpstreamKeepTheirEscapesAndTheLongestNameWins() throws Exception {
        try (RawClient client = house.client()) {
            client.get("/upstream/org/m/v1/x%2Fy?z=%zz");
            assertEquals("GET /v1/x%2Fy?z=%zz HTTP/1.1", house.upstream.next().line());
            assertEquals("org/m", house.admission.arrived.getLast().model().value());
            client.get("/upstream/org%2Fm/z");
            assertEquals("GET /z HTTP/1.1", house.upstream.next().line());
            client.get("/upstream/org/other");
            assertEquals("GET /other HTTP/1.1", house.upstream.next().line());
            assertEquals(
                    "/upstream/org/m/?a=b", client.get("/upstream/org/m?a=b").header("Location"));
            assertEquals(404, client.get("/upstream/pin/x").status());
            assertEquals(409, client.get("/upstream/a/x.js").status());
        }
    }

    @Test
    void comfyuiIsStartedByItsFirstPageOnly() throws Exception {
        try (RawClient client = house.client()) {
            assertEquals(301, client.get("/comfyui?t=v").status());
            assertEquals(409, client.get("/comfyui/api").status());
            assertEquals(200, client.get("/comfyui/").status());
            house.admission.states.put("comfyui_auto", ProcessState.READY);
            assertEquals(200, client.get("/comfyui/a%2Fb?x=1").status());
        }
        house.upstream.next();
        assertEquals("GET /a%2Fb?x=1 HTTP/1.1", house.upstream.next().line());
    }

    @Test
    void hopByHopHeadersStopHereAndEverythingElsePasses() throws Exception {
        post(
                "/v1/completions",
                "{\"model\":\"a\"}",
                "Connection: X-Hop, keep-alive",
                "X-Hop: 1",
                "TE: trailers, deflate",
                "Upgrade: h2c",
                "X-Forwarded-For: 1.2.3.4",
                "Accept-Encoding: gzip, br;q=0.5, deflate;q=0.3",
                "Cookie: c=1",
                "User-Agent: ");
        StubUpstream.Request seen = house.upstream.next();
        assertTrue(seen.has("te: trailers"), seen.head());
        assertTrue(seen.has("x-forwarded-for: 1.2.3.4, 127.0.0.1"), seen.head());
        assertTrue(seen.has("accept-encoding: gzip, deflate;q=0.3"), seen.head());
        assertTrue(seen.has("cookie: c=1"), seen.head());
        for (String gone : new String[] {"connection:", "x-hop:", "upgrade:", "user-agent:"}) {
            assertFalse(seen.head().toLowerCase(java.util.Locale.ROOT).contains("\r\n" + gone), seen.head());
        }
    }

    @Test
    void interimAnswersAndTrailersPassAndTheFinalStatusStands() throws Exception {
        house.upstream.script(
                (r, wire) -> wire.send(
                        "HTTP/1.1 103 Early Hints\r\nLink: </s.css>\r\n\r\nHTTP/1.1 404 Not Found\r\nTrailer: X-T\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nn\r\n0\r\nX-T: 1\r\n\r\n"));
        try (RawClient client = house.client()) {
            client.request("GET", "/upstream/a/x", "");
            RawAnswer early = client.answer();
            assertEquals(103, early.status());
            assertEquals("</s.css>", early.header("Link"));
            RawAnswer end = client.answer();
            assertEquals(404, end.status());
            assertEquals("[X-T: 1]", end.trailers().toString());
        }
        assertEquals(Outcome.UPSTREAM_ERROR, house.admission.nextFinished().outcome());
    }

    @Test
    void gzipThatTheClientDidNotAskForIsUnpacked() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write("{\"usage\":{\"prompt_tokens\":3}}".getBytes(StandardCharsets.UTF_8));
        }
        house.upstream.script((r, wire) -> {
            wire.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: "
                    + packed.size() + "\r\n\r\n");
            wire.send(packed.toByteArray());
        });
        RawAnswer plain = post("/v1/completions", "{\"model\":\"a\"}");
        assertEquals("{\"usage\":{\"prompt_tokens\":3}}", plain.text());
        assertEquals("", plain.header("Content-Encoding"));
        assertTrue(house.upstream.next().has("accept-encoding: gzip"));
        assertEquals(3, house.admission.nextFinished().tokens().orElseThrow().input());
        RawAnswer asked = post("/v1/completions", "{\"model\":\"a\"}", "Accept-Encoding: gzip");
        assertEquals("gzip", asked.header("Content-Encoding"));
        assertEquals(packed.size(), asked.body().length);
        assertEquals(3, house.admission.nextFinished().tokens().orElseThrow().input());
    }

    @Test
    void anUpstreamThatCannotBeReachedIsA502ThatSaysWhy() throws Exception {
        RawAnswer answer = post("/v1/completions", "{\"model\":\"dead\"}");
        assertEquals(502, answer.status());
        assertTrue(message(answer).startsWith("upstream error: dial tcp 127.0.0.1:1: connect"), message(answer));
        var end = house.admission.nextFinished();
        assertEquals("502 Bad Gateway", end.error().orElseThrow());
        assertTrue(end.contentType().isEmpty());
    }

    @Test
    void anUpstreamThatDoesNotBeginInTimeIsAnEmpty502() throws Exception {
        house.upstream.script((r, wire) -> wire.in().read());
        RawAnswer answer = post("/v1/completions", "{\"model\":\"slow\"}");
        assertEquals(502, answer.status());
        assertEquals("", answer.text());
        assertEquals(Outcome.TIMEOUT, house.admission.nextFinished().outcome());
    }

    @Test
    void aConnectionThatTheUpstreamClosedWhileItRestedIsNotUsedAgain() throws Exception {
        house.upstream.script((r, wire) -> {
            wire.send(StubUpstream.ok("{}"));
            wire.cut();
        });
        try (RawClient client = house.client()) {
            for (int i = 0; i < 5; i++) {
                assertEquals(
                        200, client.post("/v1/completions", "{\"model\":\"a\"}").status());
                house.upstream.awaitEnd();
            }
        }
    }

    @Test
    void aShortAnswerIsAShortAnswerForTheClient() throws Exception {
        house.upstream.script((r, wire) -> {
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
            wire.cut();
        });
        RawAnswer answer = post("/v1/completions", "{\"model\":\"a\"}");
        assertFalse(answer.complete());
        var end = house.admission.nextFinished();
        assertEquals(Outcome.UPSTREAM_DIED, end.outcome());
        assertEquals(200, end.status());
    }

    @Test
    void aTunnelPassesBytesBothWaysUntilOneEndCloses() throws Exception {
        house.upstream.script((r, wire) -> {
            wire.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhi");
            byte[] four = wire.in().readNBytes(4);
            wire.send(four);
            wire.cut();
        });
        try (RawClient client = house.client()) {
            client.request("GET", "/upstream/a/ws", "", "Connection: keep-alive, Upgrade", "Upgrade: websocket");
            assertEquals(101, client.answer().status());
            assertEquals("hi", new String(client.in().readNBytes(2)));
            client.send("\0\1ab");
            assertEquals("\0\1ab", new String(client.in().readNBytes(4)));
            assertTrue(client.ended());
        }
        StubUpstream.Request seen = house.upstream.next();
        assertTrue(seen.has("upgrade: websocket") && seen.has("connection: upgrade"), seen.head());
        assertEquals(101, house.admission.nextFinished().status());
    }

    @Test
    void anIgnoredSocketNeitherStartsNorCounts() throws Exception {
        try (RawClient client = house.client()) {
            RawAnswer answer = client.get("/upstream/ign/ws", "Connection: Upgrade", "Upgrade: websocket");
            assertEquals(409, answer.status());
            assertEquals("model ign is not loaded; ignored websocket requests cannot start it", message(answer));
        }
        house.admission.states.put("ign", ProcessState.READY);
        house.upstream.script((r, wire) -> {
            wire.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            wire.cut();
        });
        try (RawClient client = house.client()) {
            client.request("GET", "/upstream/ign/ws", "", "Connection: Upgrade", "Upgrade: websocket");
            assertEquals(101, client.answer().status());
        }
        assertTrue(house.admission.arrived.isEmpty());
    }

    @Test
    void aMultipartBodyIsRenamedInPlaceAndOtherwiseUntouched() throws Exception {
        String form =
                "--Bo\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\nContent-Type: audio/wav\r\n\r\nRIFF\r\n"
                        + "--Bo\r\nContent-Disposition: form-data; name=\"model\"\r\nX-Own: 1\r\n\r\nNAME\r\n--Bo--\r\n";
        try (RawClient client = house.client()) {
            client.request(
                    "POST",
                    "/v1/audio/transcriptions",
                    form.replace("NAME", "ren"),
                    "Content-Type: multipart/form-data; boundary=Bo");
            assertEquals(200, client.answer("POST").status());
            assertEquals(form.replace("NAME", "real"), house.upstream.next().body());
            client.request(
                    "POST",
                    "/v1/audio/transcriptions",
                    form.replace("NAME", "a"),
                    "Content-Type: multipart/form-data; boundary=Bo");
            assertEquals(200, client.answer("POST").status());
            assertEquals(form.replace("NAME", "a"), house.upstream.next().body());
        }
    }

    @Test
    void aLargeUploadGetsItsNewNameOnDisk() throws Exception {
        java.util.concurrent.atomic.AtomicReference<String> tail =
                new java.util.concurrent.atomic.AtomicReference<>("");
        house.upstream.script((r, wire) -> {
            tail.set(new String(r.bytes(), r.bytes().length - 20, 20, StandardCharsets.UTF_8));
            wire.send(StubUpstream.ok("{}"));
        });
        int size = 33 << 20;
        String end = "\",\"model\":\"al\"}";
        try (RawClient client = house.client()) {
            client.send("POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                    + (6 + size + end.length()) + "\r\n\r\n{\"x\":\"");
            byte[] some = "y".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 33; i++) {
                client.send(some);
            }
            client.send(end.replace("\"al\"", "\"or\""));
            assertEquals(404, client.answer("POST").status());
        }
        String json = "\",\"model\":\"onto\"}";
        try (RawClient client = house.client()) {
            client.send("POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                    + (6 + size + json.length()) + "\r\n\r\n{\"x\":\"");
            byte[] some = "y".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 33; i++) {
                client.send(some);
            }
            client.send(json);
            assertEquals(200, client.answer("POST").status());
        }
        assertTrue(tail.get().endsWith("y\",\"model\":\"upto\"}"), tail.get());
        try (var left = java.nio.file.Files.list(folder.resolve("bodies"))) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void aLargeUploadGoesThroughTheDiskAndLeavesNothingThere() throws Exception {
        int size = 40 << 20;
        java.util.concurrent.atomic.AtomicInteger got = new java.util.concurrent.atomic.AtomicInteger();
        house.upstream.script((r, wire) -> {
            got.set(r.bytes().length);
            wire.send(StubUpstream.ok("{}"));
        });
        String head = "{\"model\":\"a\",\"x\":\"";
        try (RawClient client = house.client()) {
            client.send("POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                    + (head.length() + size + 2) + "\r\n\r\n" + head);
            byte[] some = "y".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 40; i++) {
                client.send(some);
            }
            client.send("\"}");
            assertEquals(200, client.answer("POST").status());
        }
        assertEquals(head.length() + size + 2, got.get());
        try (var left = java.nio.file.Files.list(folder.resolve("bodies"))) {
            assertEquals(0, left.count());
        }
    }
}
