package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turntable.testkit.Answer;
import dev.turntable.testkit.Http;
import dev.turntable.testkit.TurntableProcess;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The errors the server itself answers with: in the form the client takes, and with the words clients test for. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ErrorBodyTest {
    private static final String JSON = "Content-Type: application/json";

    /** What is never started needs no command that works; the name wants escaping. */
    private static final String AWKWARD = "  '<b>&''\"':\n    cmd: nothing\n    proxy: http://127.0.0.1:9\n";

    @AutoClose
    private final TurntableProcess turntable = TurntableProcess.configured(
                    "apiKeys: [sk]\nmodels:\n" + model("fox") + model("broken", "--exit-at-start 3") + AWKWARD)
            .start();

    private final Http http = turntable.http();

    @ParameterizedTest
    @SpecCase("113")
    @CsvSource(delimiter = '|', textBlock = """
            text/plain                    | text/plain | llama-swap: no router for requested model
            text/html, text/plain;q=0.1   | text/plain | llama-swap: no router for requested model
            text/html,application/json    | text/html  | <html><body><h1>llama-swap</h1><p>no router for requested model</p></body></html>
            """)
    void anErrorComesAsTextOrHtmlWhereTheClientTakesThat(String accept, String type, String body) {
        Answer answer = ask("POST /v1/chat/completions", "{\"model\":\"no-such\"}", "Accept: " + accept);
        assertEquals(404, answer.status());
        assertTrue(answer.header("Content-Type").startsWith(type), answer.toString());
        assertEquals(body, answer.body());
    }

    @Test
    @SpecCase("113")
    void whatAUserWroteIsEscapedInHtml() {
        Answer answer = ask("GET /upstream/%3Cb%3E&'%22/x.js", "", "Accept: text/html");
        assertEquals(
                "<html><body><h1>llama-swap</h1><p>model &lt;b&gt;&amp;&#39;&#34; is not loaded;"
                        + " path matches upstream.ignorePaths</p></body></html>",
                answer.expect(409).body());
    }

    @ParameterizedTest
    @SpecCase("114")
    @CsvSource(delimiter = '|', textBlock = """
            PUT /api/profiles/active                 | {}                   | 400 | invalid_request_error | bad_request    | profile name is required
            POST /v1/chat/completions                | {}                   | 404 | invalid_request_error | not_found      | no model id could be identified
            POST /v1/chat/completions                | {"model":"no-such"}  | 404 | invalid_request_error | not_found      | no router for requested model
            POST /upstream/%3Cb%3E&'%22/x.js         | {}                   | 409 | invalid_request_error | conflict       | model <b>&'" is not loaded; path matches upstream.ignorePaths
            POST /v1/chat/completions                | {"model":"broken"}   | 500 | server_error          | internal_error | unspecific error: upstream command exited prematurely: exit code 3
            """)
    void aJsonErrorHasItsTypeAndCode(
            String request, String body, int status, String type, String code, String message) {
        assertError(ask(request, body, JSON), status, type, code, message);
    }

    @Test
    @SpecCase("114")
    void aMissingKeyIsAnErrorOfTheSameForm() {
        assertError(
                http.raw("GET /running"),
                401,
                "authentication_error",
                "unauthorized",
                "unauthorized: invalid or missing API key");
    }

    @Test
    @SpecCase(value = "114", differs = "an upstream that ends without an answer is a 502 with a body, not an empty one")
    void anUpstreamWithoutAnAnswerIsAnErrorOfTheSameForm() {
        Answer answer = ask("POST /v1/chat/completions", "{\"model\":\"fox\",\"demo\":{\"die\":\"before\"}}", JSON);
        assertError(
                answer,
                502,
                "server_error",
                "bad_gateway",
                answer.json().at("/error/message").asText());
    }

    private Answer ask(String request, String body, String header) {
        return http.raw(request, body, JSON, header, "x-api-key: sk");
    }

    private static void assertError(Answer answer, int status, String type, String code, String message) {
        JsonNode error = answer.expect(status).json();
        assertEquals("application/json", answer.header("Content-Type"));
        assertEquals("llama-swap", error.get("src").asText());
        assertEquals(message, error.at("/error/message").asText());
        assertEquals(type, error.at("/error/type").asText());
        assertEquals(code, error.at("/error/code").asText());
        assertTrue(error.at("/error/param").isNull(), error.toString());
        assertTrue(!error.at("/error/param").isMissingNode(), error.toString());
    }
}
