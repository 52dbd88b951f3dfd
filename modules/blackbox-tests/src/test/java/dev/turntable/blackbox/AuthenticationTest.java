package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.turntable.testkit.Answer;
import dev.turntable.testkit.Http;
import dev.turntable.testkit.TurntableProcess;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in where keys are configured, and what a browser asks before it dares to send one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuthenticationTest {
    private static final String GUARDED = "GET /running";

    static final List<List<String>> ACCEPTED = List.of(
            List.of("Authorization: Bearer sk-one"),
            List.of("Authorization: Bearer sk-two"),
            List.of("Authorization: Basic " + base64("anybody:sk-one")),
            List.of("Authorization: Basic " + base64(":sk-one")),
            List.of("x-api-key: sk-one"));

    static final List<List<String>> REFUSED = List.of(
            List.of(),
            List.of("Authorization: Bearer sk-three"),
            List.of("Authorization: Bearer sk-on"),
            List.of("Authorization: Basic " + base64("sk-one:wrong")),
            List.of("Authorization: sk-one"),
            List.of("x-api-key: SK-ONE"),
            List.of("Authorization: Bearer wrong", "x-api-key: sk-one"));

    static final List<List<String>> IN_ANY_CASE = List.of(
            List.of("Authorization: bearer sk-one"),
            List.of("Authorization: BEARER sk-one"),
            List.of("authorization: BASIC " + base64("x:sk-one")),
            List.of("authorization: basic " + base64("x:sk-one")));

    static final List<List<String>> MALFORMED_BASIC = List.of(
            List.of("Authorization: Basic %%%", "x-api-key: sk-one"),
            List.of("Authorization: Basic " + base64("no colon"), "x-api-key: sk-one"),
            List.of("Authorization: Basic " + base64("empty:"), "x-api-key: sk-one"));

    @AutoClose
    private final TurntableProcess turntable = TurntableProcess.configured(
                    "apiKeys: [sk-one, sk-two]\nmodels:\n" + model("fox"))
            .start();

    private final Http http = turntable.http();

    @Test
    @SpecCase("107")
    void preflightsAreAnsweredOnAnyPathWithoutAKey() {
        Answer answer = http.raw("OPTIONS /no/such/path").expect(204);
        assertEquals("", answer.body());
        assertEquals("*", answer.header("Access-Control-Allow-Origin"));
        assertEquals("GET, POST, PUT, PATCH, DELETE, OPTIONS", answer.header("Access-Control-Allow-Methods"));
        assertEquals(
                "Content-Type, Authorization, Accept, X-Requested-With", answer.header("Access-Control-Allow-Headers"));
        assertEquals("86400", answer.header("Access-Control-Max-Age"));
    }

    @Test
    @SpecCase("108")
    void aPreflightIsGrantedTheHeadersThatAreNames() {
        assertEquals("X-Ok, x-foo", allowed("X-Ok, bad header, x-foo"));
        assertEquals("", allowed("bad header"));
    }

    private String allowed(String wanted) {
        return http.raw("OPTIONS /v1/models", "", "Access-Control-Request-Headers: " + wanted)
                .expect(204)
                .header("Access-Control-Allow-Headers");
    }

    @ParameterizedTest
    @SpecCase("109")
    @FieldSource("ACCEPTED")
    void aKeyIsTakenAsBearerAsPasswordAndAsApiKey(List<String> headers) {
        http.raw(GUARDED, "", headers.toArray(String[]::new)).expect(200);
    }

    @ParameterizedTest
    @SpecCase("109")
    @FieldSource("REFUSED")
    void anyOtherKeyIsRefusedAndTheBrowserAskedForOne(List<String> headers) {
        Answer answer = http.raw(GUARDED, "", headers.toArray(String[]::new)).expect(401);
        assertEquals("Basic realm=\"llama-swap\"", answer.header("WWW-Authenticate"));
        assertEquals(
                "unauthorized: invalid or missing API key",
                answer.json().at("/error/message").asText());
    }

    @ParameterizedTest
    @SpecCase("110")
    @FieldSource("IN_ANY_CASE")
    void theSchemeMayBeWrittenInAnyCase(List<String> headers) {
        http.raw(GUARDED, "", headers.toArray(String[]::new)).expect(200);
    }

    @ParameterizedTest
    @SpecCase("111")
    @FieldSource("MALFORMED_BASIC")
    void aBasicHeaderWithoutAKeyLeavesTheWordToTheApiKey(List<String> headers) {
        http.raw(GUARDED, "", headers.toArray(String[]::new)).expect(200);
    }

    @ParameterizedTest
    @SpecCase("112")
    @ValueSource(strings = {"/health", "/wol-health", "/", "/favicon.ico", "/upstream"})
    void aFewRoutesAreOpen(String path) {
        assertNotEquals(401, http.raw("GET " + path).status());
    }

    @ParameterizedTest
    @SpecCase("112")
    @ValueSource(
            strings = {
                "GET /metrics",
                "GET /ui/",
                "GET /v1/models",
                "GET /comfyui/",
                "GET /comfyui",
                "GET /upstream/fox/",
                "POST /v1/chat/completions",
                "GET /unload"
            })
    void theOthersWantAKey(String request) {
        http.raw(request).expect(401);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes());
    }
}
