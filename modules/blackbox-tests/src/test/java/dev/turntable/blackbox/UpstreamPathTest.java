package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turntable.testkit.EchoPeer;
import dev.turntable.testkit.Http;
import dev.turntable.testkit.Received;
import dev.turntable.testkit.TurntableProcess;
import dev.turntable.testkit.Wait;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /upstream/<model>/<path>}: which model a path means, and what of it the model receives. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UpstreamPathTest {
    private static final String JSON = "Content-Type: application/json";

    @AutoClose
    private final EchoPeer one = EchoPeer.named("one");

    @AutoClose
    private final EchoPeer two = EchoPeer.named("two");

    @AutoClose
    private final TurntableProcess turntable = TurntableProcess.configured("""
                    groups: {all: {swap: false, members: [author, author/model, m1, cold, counted, variant]}}
                    selectors: {chosen: {strategy: pin, targets: [m1]}}
                    profiles:
                      pinned: {pins: {public: variant, author: m1, author/public: variant, off: null}}
                    models:
                    """
                    + model("author")
                    + model("author/model")
                    + model("m1", "", "aliases: [em/one]")
                    + model("cold")
                    + model("counted")
                    + model("variant", "", "useModelName: never-used-here")
                    + "peers:\n"
                    + one.entry("[shared, alone]")
                    + two.entry("[shared]"))
            .start();

    private final Http http = turntable.http();

    @ParameterizedTest
    @SpecCase("138")
    @CsvSource({
        "/upstream/author/model/v1/chat, author/model, /v1/chat",
        "/upstream/author/other/v1, author, /other/v1",
        "/upstream/author/model/, author/model, /",
        "/upstream/em/one/x?y=%7e, m1, /x?y=%7e"
    })
    void theLongestNameThatFitsIsTheModel(String path, String model, String rest) {
        Received received = Received.of(http.raw("GET " + path));
        assertEquals(model, received.by());
        assertEquals(rest, received.target());
    }

    @ParameterizedTest
    @SpecCase("139")
    @CsvSource({
        "GET, 301, /upstream/cold, /upstream/cold/",
        "HEAD, 301, /upstream/cold?x=%7e, /upstream/cold/?x=%7e",
        "POST, 308, /upstream/cold?x=1, /upstream/cold/?x=1",
        "DELETE, 308, /upstream/cold, /upstream/cold/"
    })
    void aNameAloneLeadsToItsRootAndStartsNothing(String method, int status, String path, String location) {
        assertEquals(location, http.raw(method + " " + path).expect(status).header("Location"));
        assertFalse(turntable.states().containsKey("cold"));
    }

    @ParameterizedTest
    @SpecCase("140")
    @ValueSource(strings = {"/api/x%2Fy", "/api/x%252Fy", "/%C3%A4/%e4?q=%2f", "/v/chat/completions", "/a%20b+c"})
    void theRestOfThePathKeepsItsEscapes(String rest) {
        assertEquals(rest, Received.of(http.raw("GET /upstream/m1" + rest)).target());
    }

    @ParameterizedTest
    @SpecCase("141")
    @ValueSource(strings = {"author%2Fmodel", "author%2fmodel", "%61uthor/model"})
    void theNameMayBeEscaped(String name) {
        Received received = Received.of(http.raw("GET /upstream/" + name + "/api/x%2Fy"));
        assertEquals("author/model", received.by());
        assertEquals("/api/x%2Fy", received.target());
    }

    @Test
    @SpecCase("142")
    void aFileOfAPageStartsNoModelButIsServedByOneThatRuns() {
        JsonNode error = http.raw("GET /upstream/cold/foo.js?v=1").expect(409).json();
        assertEquals(
                "model cold is not loaded; path matches upstream.ignorePaths",
                error.at("/error/message").asText());
        assertFalse(turntable.states().containsKey("cold"));
        assertEquals("cold", Received.of(http.raw("GET /upstream/cold/")).by());
        assertEquals(
                "/foo.js?v=1",
                Received.of(http.raw("GET /upstream/cold/foo.js?v=1")).target());
        assertEquals("one", Received.of(http.raw("GET /upstream/alone/foo.js")).by());
        http.raw("POST /api/models/unload/cold").expect(200);
    }

    @Test
    @SpecCase("143")
    void onlyAPostToAPathOfModelsLeavesARow() {
        http.raw("POST /upstream/counted/probe", "{}", JSON).expect(200);
        http.raw("GET /upstream/counted/v1/audio/voices").expect(200);
        http.raw("GET /upstream/counted/v1/chat/completions").expect(200);
        http.raw("POST /upstream/counted/v1/chat/completions", "{}", JSON).expect(200);
        List<String> rows = Wait.until("a row", () -> {
            JsonNode activity = http.get("/api/metrics/activity?model=counted").json();
            return activity.get("total").asInt() == 0
                    ? Optional.empty()
                    : Optional.of(StreamSupport.stream(activity.get("data").spliterator(), false)
                            .map(row -> row.get("req_path").asText())
                            .toList());
        });
        assertEquals(List.of("/v1/chat/completions"), rows);
    }

    @Test
    @SpecCase("144")
    void aSelectorIsNoModelHere() {
        assertNotFound("GET /upstream/chosen/v1/models");
    }

    @Test
    @SpecCase("145")
    void aPinLeadsToItsModelAndTheBodyStaysAsItIs() {
        String body = "{\"model\": \"public\"}";
        assertNotFound("POST /upstream/public/custom");
        profile("pinned");
        try {
            Received received = Received.of(http.raw("POST /upstream/public/custom", body, JSON));
            assertEquals("variant", received.by());
            assertEquals("/custom", received.target());
            assertEquals(body, received.body());
            assertNotFound("GET /upstream/off/custom");
        } finally {
            profile("");
        }
    }

    @ParameterizedTest
    @SpecCase("146")
    @CsvSource({
        "/upstream/author/public/x, variant, /x",
        "/upstream/author/other/x, m1, /other/x",
        "/upstream/author/publicity, m1, /publicity"
    })
    void theLongestPinThatFitsIsTaken(String path, String model, String rest) {
        profile("pinned");
        try {
            Received received = Received.of(http.raw("GET " + path));
            assertEquals(model, received.by());
            assertEquals(rest, received.target());
        } finally {
            profile("");
        }
    }

    private void profile(String name) {
        http.raw("PUT /api/profiles/active", "{\"name\":\"%s\"}".formatted(name))
                .expect(200);
    }

    @Test
    @SpecCase("147")
    void aNameOfTwoPeersMeansNeither() {
        assertNotFound("GET /upstream/shared/v1/models");
        assertEquals("two", Received.of(http.raw("GET /upstream/two/shared/x")).by());
        assertEquals("one", Received.of(http.raw("GET /upstream/alone/x")).by());
    }

    private void assertNotFound(String request) {
        assertEquals(
                "model not found",
                http.raw(request).expect(404).json().at("/error/message").asText());
    }
}
