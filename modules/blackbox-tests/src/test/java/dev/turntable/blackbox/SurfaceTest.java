package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.testkit.Answer;
import dev.turntable.testkit.EchoPeer;
import dev.turntable.testkit.Http;
import dev.turntable.testkit.Received;
import dev.turntable.testkit.TurntableProcess;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which paths there are, where they lead, and whom they reach. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SurfaceTest {
    private static final String JSON = "Content-Type: application/json";

    @AutoClose
    private final EchoPeer peer = EchoPeer.named("far");

    @AutoClose
    private final TurntableProcess turntable = TurntableProcess.configured(
                    "models:\n" + model("fox", "", "aliases: [org/vixen]") + "peers:\n" + peer.entry("[fox]"))
            .start();

    private final Http http = turntable.http();

    @ParameterizedTest
    @SpecCase("115")
    @CsvSource({"/, /ui", "/?x=1, /ui", "/upstream, /ui/models", "/upstream?x=1, /ui/models"})
    void theRootAndTheBareUpstreamLeadToThePage(String path, String location) {
        assertEquals(location, http.raw("GET " + path).expect(302).header("Location"));
    }

    @ParameterizedTest
    @SpecCase("116")
    @ValueSource(
            strings = {
                "/does-not-exist",
                "/v1",
                "/v1/models/fox",
                "/api/tags",
                "/api/chat",
                "/slots",
                "/embeddings",
                "/v1/audio/translations"
            })
    void anUnknownPathIsNotFound(String path) {
        Answer answer = http.raw("GET " + path).expect(404);
        assertEquals("404 page not found\n", answer.body());
        assertEquals("text/plain; charset=utf-8", answer.header("Content-Type"));
        assertEquals("nosniff", answer.header("X-Content-Type-Options"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET /v1/chat/completions | POST
            POST /v1/models          | GET, HEAD
            GET /api/config/reload   | POST
            DELETE /v1/audio/voices  | GET, HEAD, POST
            """)
    void aKnownPathNamesTheMethodsItTakes(String request, String allowed) {
        Answer answer = http.raw(request).expect(405);
        assertEquals(allowed, answer.header("Allow"));
        assertEquals("Method Not Allowed\n", answer.body());
    }

    @ParameterizedTest
    @SpecCase("129")
    @ValueSource(
            strings = {
                "/chat/completions",
                "/responses",
                "/completions",
                "/messages",
                "/messages/count_tokens",
                "/embeddings",
                "/rerank",
                "/reranking"
            })
    void aPathBelowVReachesTheUpstreamWithoutIt(String path) {
        assertEquals(path, asked("POST /v" + path, "fox").target());
    }

    @Test
    @SpecCase("130")
    void anAudioTaskReachesTheUpstreamWithoutItsPrefix() {
        assertEquals(
                "/v1/tasks/run?x=1",
                asked("POST /audioapi/v1/tasks/run?x=1", "fox").target());
    }

    @Test
    @SpecCase("131")
    void aLocalModelServesItsNameAndThePeerItsFullName() {
        long pid = asked("POST /v1/embeddings", "fox").echo().get("pid").asLong();
        assertTrue(turntable.upstreams().stream().anyMatch(p -> p.pid() == pid), "a child of the server");
        Received received = asked("POST /v1/embeddings", "far/fox");
        assertEquals("far", received.by());
        assertEquals("fox", received.json().get("model").asText());
    }

    @Test
    @SpecCase("131a")
    void headAtUnloadUnloadsEverything() {
        asked("POST /v1/embeddings", "fox");
        assertEquals(Map.of("fox", "ready"), turntable.states());
        assertEquals("", http.raw("HEAD /unload").expect(200).body());
        assertEquals(Map.of(), turntable.states());
        assertTrue(turntable.upstreams().isEmpty(), "the answer came when it was gone");
    }

    @Test
    @SpecCase("131b")
    void escapesInAPathAreReadButPartNoSegments() {
        assertTrue(http.raw("GET /v1/%6dodels").expect(200).json().has("data"));
        http.raw("GET /v1%2Fmodels").expect(404);
        http.raw("GET /%2e%2e/v1/models").expect(404);
        http.raw("GET /v1/%zz").expect(400);
        assertEquals(
                "/v1/models?x=%2f",
                http.raw("GET /v1//x/../models?x=%2f").expect(307).header("Location"));
    }

    @ParameterizedTest
    @SpecCase("132")
    @ValueSource(strings = {"fox", "org/vixen", "org%2Fvixen"})
    void oneModelIsUnloadedUnderAnyOfItsNames(String name) {
        asked("POST /v1/embeddings", "fox");
        assertEquals(
                "OK", http.raw("POST /api/models/unload/" + name).expect(200).body());
        assertFalse(turntable.states().containsKey("fox"));
        assertEquals(
                "OK", http.raw("POST /api/models/unload/" + name).expect(200).body(), "unloaded already");
    }

    @ParameterizedTest
    @SpecCase("132")
    @ValueSource(strings = {"nope", "far/fox", "fox/"})
    void whatIsNoLocalModelCannotBeUnloaded(String name) {
        assertEquals(
                "model not found",
                http.raw("POST /api/models/unload/" + name)
                        .expect(404)
                        .json()
                        .at("/error/message")
                        .asText());
    }

    @ParameterizedTest
    @SpecCase("133")
    @CsvSource({"abc, 400, invalid capture ID", "999, 404, capture not found"})
    void aCaptureThatIsNoneSaysWhy(String id, int status, String message) {
        assertEquals(
                message,
                http.raw("GET /api/captures/" + id)
                        .expect(status)
                        .json()
                        .at("/error/message")
                        .asText());
    }

    /** Asks for a model by its name in the body, and what the upstream received. */
    private Received asked(String request, String model) {
        return Received.of(http.raw(request, "{\"model\":\"%s\"}".formatted(model), JSON, Received.PLEASE));
    }
}
