package dev.turntable.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.testkit.RawAnswer;
import dev.turntable.testkit.RawClient;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every request passes before anybody else is asked (llama-swap §3.1). */
class FrontDoorTest {
    @TempDir
    Path folder;

    private House house;

    @BeforeEach
    void open() throws Exception {
        house = new House(folder, "apiKeys: [sk-one, 'sk:two', 'sk-ü']\nmodels: {a: {cmd: x, proxy: \"UP\"}}");
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

    @ParameterizedTest
    @CsvSource({
        "//v1/models, /v1/models",
        "/v1/./models?x=1, /v1/models?x=1",
        "/a/../v1/models?x=%zz, /v1/models?x=%zz",
        "/../v1/models, /v1/models",
        "/v1/models/., /v1/models",
        "/v1/models/.., /v1",
        "/nope//x, /nope/x",
        "/ui?a=b, /ui/?a=b",
    })
    void uncleanPathsAreRedirectedWithoutAKey(String asked, String clean) throws Exception {
        RawAnswer answer = get(asked);
        assertEquals(307, answer.status());
        assertEquals(clean, answer.header("Location"));
    }

    @Test
    void aRedirectOfAnotherMethodHasNoPage() throws Exception {
        try (RawClient client = house.client()) {
            RawAnswer answer = client.post("/v1//chat/completions?x=1", "{}");
            assertEquals(307, answer.status());
            assertEquals("", answer.text());
            assertEquals("", answer.header("Content-Type"));
        }
    }

    @Test
    void whoAcceptsJsonIsToldInJsonOfUnknownPathsAndWrongMethods() throws Exception {
        for (String accept : new String[] {"application/json", "text/event-stream, application/json;q=0.9"}) {
            RawAnswer unknown = get("/does-not-exist", "Accept: " + accept);
            assertEquals(404, unknown.status());
            assertTrue(unknown.text().contains("\"message\":\"404 page not found\""), unknown.text());
            RawAnswer wrong = get("/v1/messages", "Accept: " + accept);
            assertEquals(405, wrong.status());
            assertEquals("POST", wrong.header("Allow"));
            assertTrue(wrong.text().contains("\"type\":\"error\""), wrong.text());
        }
        assertEquals(
                "404 page not found\n", get("/does-not-exist", "Accept: */*").text());
    }

    @Test
    void unknownPathsAndWrongMethods() throws Exception {
        RawAnswer unknown = get("/does-not-exist");
        assertEquals(404, unknown.status());
        assertEquals("404 page not found\n", unknown.text());
        assertEquals("nosniff", unknown.header("X-Content-Type-Options"));
        RawAnswer wrong = get("/v1/chat/completions");
        assertEquals(405, wrong.status());
        assertEquals("POST", wrong.header("Allow"));
        assertEquals("Method Not Allowed\n", wrong.text());
        try (RawClient client = house.client()) {
            assertEquals("GET, HEAD", client.post("/running", "{}").header("Allow"));
        }
    }

    @Test
    void literalPartsMatchAfterDecodingButAnEncodedSlashSeparatesNothing() throws Exception {
        assertEquals(401, get("/%72unning").status());
        assertEquals(404, get("/v1%2Fmodels").status());
        assertEquals(404, get("/%2e%2e/v1/models").status());
    }

    @Test
    void aPreFlightIsAnsweredAnywhereWithoutAKey() throws Exception {
        try (RawClient client = house.client()) {
            client.request("OPTIONS", "/nope", "", "Access-Control-Request-Headers: X-Ok, bad header, x-foo");
            RawAnswer answer = client.answer();
            assertEquals(204, answer.status());
            assertEquals("X-Ok, x-foo", answer.header("Access-Control-Allow-Headers"));
            assertEquals("*", answer.header("Access-Control-Allow-Origin"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /api/models/unload/a, Origin: https://evil.example,      403",
        "POST, /api/models/unload/a, Origin: null,                      403",
        "POST, /api/models/unload/a, Sec-Fetch-Site: cross-site,        403",
        "POST, /api/models/unload/a, Sec-Fetch-Site: same-site,         403",
        "GET,  /unload,              Sec-Fetch-Site: cross-site,        403",
        "POST, /api/models/unload/a, Origin: http://HOST,               200",
        "POST, /api/models/unload/a, Sec-Fetch-Site: same-origin,       200",
        "POST, /api/models/unload/a, User-Agent: curl,                  200",
        "GET,  /running,             Origin: https://evil.example,      200",
        "POST, /v1/embeddings,       Origin: https://evil.example,      200",
        "POST, /v1/embeddings,       Sec-Fetch-Site: cross-site,        200",
    })
    void aPageOfAnotherSiteChangesNothing(String method, String path, String header, int status) throws Exception {
        try (RawClient client = house.client()) {
            String body = method.equals("POST") ? "{\"model\":\"a\"}" : "";
            client.request(
                    method,
                    path,
                    body,
                    "Authorization: Bearer sk-one",
                    header.replace("HOST", "127.0.0.1:" + house.port()));
            assertEquals(status, client.answer().status());
        }
    }

    @Test
    void headDoesTheWorkOfGetAndSendsNoBody() throws Exception {
        try (RawClient client = house.client()) {
            client.request("HEAD", "/health", "");
            RawAnswer answer = client.answer("HEAD");
            assertEquals(200, answer.status());
            assertEquals("2", answer.header("Content-Length"));
            assertEquals("OK", client.get("/health").text());
        }
    }

    @Test
    void keysAreAcceptedWhereTheContractSays() throws Exception {
        String basic = "Authorization: basic " + Base64.getEncoder().encodeToString("user:sk:two".getBytes());
        for (String good : new String[] {
            "Authorization: Bearer sk-one",
            "authorization: BEARER sk-one",
            basic,
            "x-api-key: sk-one",
            "Authorization: Bearer sk-ü"
        }) {
            assertEquals(200, get("/running", good).status(), good);
        }
        for (String bad : new String[] {
            "Authorization: Bearer nope",
            "Authorization: Bearer  sk-one",
            "Authorization: sk-one",
            "Authorization: Bearer SK-ONE",
            "X-Api-Key: ",
            "Cookie: api_key=sk-one"
        }) {
            RawAnswer answer = get("/running", bad);
            assertEquals(401, answer.status(), bad);
            assertEquals("Basic realm=\"llama-swap\"", answer.header("WWW-Authenticate"));
        }
    }

    @Test
    void aWrongBearerHidesAGoodXApiKeyAndABrokenBasicDoesNot() throws Exception {
        assertEquals(
                401,
                get("/running", "Authorization: Bearer nope", "X-Api-Key: sk-one")
                        .status());
        assertEquals(
                200,
                get("/running", "Authorization: Basic %%%", "X-Api-Key: sk-one").status());
    }

    @Test
    void openRoutesNeedNoKey() throws Exception {
        assertEquals(200, get("/health").status());
        assertEquals(401, get("/v1/models").status());
        assertEquals(401, get("/upstream/a/x").status());
    }

    @Test
    void everyAnswerIsPutOnTheRecordOnce() throws Exception {
        get("/health", "X-Forwarded-For: 7.7.7.7, 8.8.8.8", "User-Agent: ua/1");
        var served = house.admission.served.take();
        assertEquals("/health", served.path());
        assertEquals("7.7.7.7", served.client());
        assertEquals(2, served.bytes());
        assertEquals("ua/1", served.agent().orElseThrow());
        get("/metrics");
        get("/nope");
        assertEquals("/nope", house.admission.served.take().path());
        assertTrue(house.admission.served.isEmpty());
    }

    @Test
    void errorsTakeTheFormTheClientAccepts() throws Exception {
        assertEquals(
                "llama-swap: unauthorized: invalid or missing API key",
                get("/running", "Accept: text/plain").text());
        assertTrue(get("/running", "Accept: text/html").text().startsWith("<html><body><h1>llama-swap</h1>"));
        assertEquals(
                "{\"src\":\"llama-swap\",\"error\":{\"message\":\"unauthorized: invalid or missing API key\","
                        + "\"type\":\"authentication_error\",\"param\":null,\"code\":\"unauthorized\"}}",
                get("/running").text());
    }
}
