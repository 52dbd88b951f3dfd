package dev.turntable.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.ProcessState;
import dev.turntable.testkit.RawAnswer;
import dev.turntable.testkit.RawClient;
import dev.turntable.testkit.StubUpstream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client says to us and not to the upstream: the key of our door, upgrades nobody can follow, an expectation we have met. */
class PassingHeadersTest {
    @TempDir
    Path folder;

    private House house;

    private void open(String more) throws Exception {
        house = new House(folder, """
                models: {a: {cmd: x, proxy: "UP"}}
                peers:
                  open: {proxy: "UP", models: [o]}
                  keyed: {proxy: "UP", models: [k], apiKey: sk-peer}
                """ + more);
        house.admission.states.put("a", ProcessState.READY);
    }

    @BeforeEach
    void open() throws Exception {
        open("apiKeys: [sk-ours, sk-second]\n");
    }

    @AfterEach
    void close() throws Exception {
        house.close();
    }

    private StubUpstream.Request passed(String model, String... headers) throws Exception {
        try (RawClient client = house.client()) {
            assertEquals(
                    200,
                    client.post("/v1/chat/completions", "{\"model\":\"" + model + "\"}", headers)
                            .status());
        }
        return house.upstream.next();
    }

    private static boolean contains(StubUpstream.Request request, String text) {
        return request.head().toLowerCase(Locale.ROOT).contains(text);
    }

    @Test
    void theKeyThatOpenedOurDoorStaysHereInWhateverFormItCame() throws Exception {
        String basic = Base64.getEncoder().encodeToString("me:sk-second".getBytes(StandardCharsets.UTF_8));
        for (String header : new String[] {
            "Authorization: Bearer sk-ours",
            "authorization: bearer sk-ours",
            "Authorization: Basic " + basic,
            "X-Api-Key: sk-second"
        }) {
            for (String model : new String[] {"a", "open/o"}) {
                StubUpstream.Request seen = passed(model, header);
                assertFalse(contains(seen, "authorization:") || contains(seen, "x-api-key:"), seen.head());
            }
            StubUpstream.Request keyed = passed("keyed/k", header);
            assertTrue(keyed.has("authorization: Bearer sk-peer") && keyed.has("x-api-key: sk-peer"), keyed.head());
            assertFalse(contains(keyed, "sk-ours") || contains(keyed, "sk-second"), keyed.head());
        }
    }

    @Test
    void aKeyThatIsNotOursPassesBesideOurs() throws Exception {
        StubUpstream.Request seen = passed("a", "Authorization: Bearer sk-ours", "X-Api-Key: theirs");
        assertTrue(seen.has("x-api-key: theirs"), seen.head());
        assertFalse(contains(seen, "authorization:"), seen.head());
    }

    @Test
    void withoutKeysOfOursEveryKeyPasses() throws Exception {
        house.close();
        open("");
        for (String model : new String[] {"a", "open/o"}) {
            StubUpstream.Request seen = passed(model, "Authorization: Bearer x", "x-api-key: y");
            assertTrue(seen.has("authorization: Bearer x") && seen.has("x-api-key: y"), seen.head());
        }
    }

    @Test
    void anUpgradeThatIsNoWebSocketStopsHereWithAllThatBelongsToIt() throws Exception {
        StubUpstream.Request seen = passed(
                "a",
                "Authorization: Bearer sk-ours",
                "Connection: Upgrade, HTTP2-Settings",
                "Upgrade: h2c",
                "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA");
        assertEquals("{\"model\":\"a\"}", seen.body());
        for (String gone : new String[] {"connection:", "upgrade:", "http2-settings:"}) {
            assertFalse(contains(seen, "\r\n" + gone), seen.head());
        }
        StubUpstream.Request tls =
                passed("a", "Authorization: Bearer sk-ours", "Connection: upgrade", "Upgrade: TLS/1.3, irc/6.9");
        assertFalse(contains(tls, "upgrade"), tls.head());
    }

    @Test
    void aHostThatConnectionNamesStays() throws Exception {
        StubUpstream.Request seen = passed("a", "Authorization: Bearer sk-ours", "Connection: host, x-one", "X-One: 1");
        assertTrue(contains(seen, "\r\nhost: "), seen.head());
        assertFalse(contains(seen, "x-one"), seen.head());
    }

    @Test
    void whatAnUpstreamSaysOfItsConnectionStopsHereInInterimAnswersToo() throws Exception {
        house.upstream.script(
                (r, wire) -> wire.send(
                        "HTTP/1.1 103 Early Hints\r\nConnection: X-Hop\r\nX-Hop: 1\r\nLink: </a>\r\n\r\n"
                                + "HTTP/1.1 200 OK\r\nConnection: X-Hop\r\nX-Hop: 1\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\n{}"));
        try (RawClient client = house.client()) {
            client.request("GET", "/upstream/a/x", "", "Authorization: Bearer sk-ours");
            RawAnswer early = client.answer();
            assertEquals("</a>", early.header("Link"));
            assertEquals("", early.header("X-Hop"));
            RawAnswer end = client.answer();
            assertEquals("", end.header("X-Hop") + end.header("Upgrade"));
        }
    }

    @Test
    void anUpgradeThatNobodyAskedForIsAnError() throws Exception {
        house.upstream.script((r, wire) -> {
            wire.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
            wire.cut();
        });
        try (RawClient client = house.client()) {
            assertEquals(
                    502,
                    client.get("/upstream/a/x", "Authorization: Bearer sk-ours", "Connection: Upgrade", "Upgrade: h2c")
                            .status());
        }
    }

    @Test
    void anExpectationThatWeHaveMetIsNotTheUpstreams() throws Exception {
        for (String target : new String[] {"/v1/completions", "/upstream/a/v1/completions"}) {
            try (RawClient client = house.client()) {
                String body = "{\"model\":\"a\"}";
                client.send("POST " + target + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk-ours\r\n"
                        + "Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: "
                        + body.length() + "\r\n\r\n");
                assertEquals(100, client.answer().status());
                client.send(body);
                assertEquals(200, client.answer("POST").status());
            }
            StubUpstream.Request seen = house.upstream.next();
            assertFalse(contains(seen, "expect:"), seen.head());
            assertEquals("{\"model\":\"a\"}", seen.body());
        }
    }

    @Test
    void aRequestThatAPeerSendsBackIsRefused() throws Exception {
        StubUpstream.Request out = passed("open/o", "Authorization: Bearer sk-ours", "X-Turntable-Hops: other");
        String hops = out.head()
                .lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("x-turntable-hops:"))
                .findFirst()
                .orElseThrow();
        assertTrue(hops.startsWith("X-Turntable-Hops: other, "), hops);
        try (RawClient client = house.client()) {
            for (String target : new String[] {"/v1/chat/completions", "/upstream/a/x", "/comfyui/"}) {
                RawAnswer back = client.post(target, "{\"model\":\"open/o\"}", "Authorization: Bearer sk-ours", hops);
                assertEquals(508, back.status(), target);
            }
            assertEquals(
                    200,
                    client.post(
                                    "/v1/chat/completions",
                                    "{\"model\":\"a\"}",
                                    "Authorization: Bearer sk-ours",
                                    "X-Turntable-Hops: other")
                            .status(),
                    "another server's mark is not ours");
        }
    }

    @Test
    void aModelOfOurOwnSeesNoMark() throws Exception {
        assertFalse(contains(passed("a", "Authorization: Bearer sk-ours"), "x-turntable"));
    }
}
