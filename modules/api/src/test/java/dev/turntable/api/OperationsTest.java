package dev.turntable.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Actor;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.ProcessState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What an operator sees and asks for (llama-swap §3.6, §3.7, and our own load and hold). */
class OperationsTest {
    private static final String CONFIG = """
            startPort: 7100
            globalTTL: 900
            models:
              a: {cmd: "run --port ${PORT}", name: A, description: " d ", aliases: [x/y]}
              org/m: {cmd: "run --port ${PORT}", ttl: 0}
            profiles: {p: {description: two, pins: {b: a, off: null}}}
            selectors: {sel: {strategy: pin, targets: [a]}}
            """;

    private static String message(PlaneFixture.Reply reply) {
        return (String) JsonTree.at(reply.json(), "error/message");
    }

    @Test
    void runningShowsWhatIsNotStoppedSortedWithEffectiveSettings() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            assertEquals("{\"running\":[]}\n", fixture.get("/running").text());
            fixture.core.move("org/m", ProcessState.READY);
            fixture.core.move("a", ProcessState.STARTING);
            assertEquals(
                    List.of(
                            Map.of(
                                    "model",
                                    "a",
                                    "state",
                                    "starting",
                                    "cmd",
                                    "run --port 7100",
                                    "proxy",
                                    "http://localhost:7100",
                                    "ttl",
                                    900L,
                                    "name",
                                    "A",
                                    "description",
                                    " d "),
                            Map.of(
                                    "model",
                                    "org/m",
                                    "state",
                                    "ready",
                                    "cmd",
                                    "run --port 7101",
                                    "proxy",
                                    "http://localhost:7101",
                                    "ttl",
                                    0L,
                                    "name",
                                    "",
                                    "description",
                                    "")),
                    JsonTree.at(fixture.get("/running").json(), "running"));
        }
    }

    @Test
    void unloadAnswersOnlyWhenEverythingHasStopped() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            fixture.core.stopSlowly();
            fixture.core.move("a", ProcessState.READY);
            CompletableFuture<PlaneFixture.Reply> reply = CompletableFuture.supplyAsync(() -> fixture.get("/unload"));
            PlaneFixture.until(
                    "the wish is on the record",
                    () -> fixture.core.told().contains(new Fact.UnloadAsked(List.of(), Actor.OPERATOR)));
            assertFalse(reply.isDone());
            fixture.core.move("a", ProcessState.STOPPED);
            assertEquals("OK", reply.join().text());
            assertEquals("text/plain; charset=utf-8", reply.join().header("Content-Type"));
        }
    }

    @Test
    void aModelThatStartsAgainDoesNotHoldTheUnloadUp() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            fixture.core.stopSlowly();
            fixture.core.move("a", ProcessState.READY);
            CompletableFuture<PlaneFixture.Reply> reply =
                    CompletableFuture.supplyAsync(() -> fixture.post("/api/models/unload"));
            PlaneFixture.until("the model stops", () -> fixture.core.state(new ModelId("a")) == ProcessState.STOPPING);
            fixture.core.move("a", ProcessState.STOPPED);
            fixture.core.move("a", ProcessState.STARTING);
            assertEquals("{\"msg\":\"ok\"}\n", reply.join().text());
        }
    }

    @Test
    void oneModelIsUnloadedByIdAliasOrEncodedSlash() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            for (String path : List.of("a", "x/y", "org%2Fm", "org/m")) {
                PlaneFixture.Reply reply = fixture.post("/api/models/unload/" + path);
                assertEquals(200, reply.status(), path);
                assertEquals("OK", reply.text());
            }
            List<ModelId> a = List.of(new ModelId("a"));
            List<ModelId> m = List.of(new ModelId("org/m"));
            assertEquals(
                    List.of(a, a, m, m),
                    fixture.core.told().stream()
                            .map(f -> ((Fact.UnloadAsked) f).models())
                            .toList());
        }
    }

    @Test
    void selectorsPinsAndOtherNamesAreNotUnloaded() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            fixture.send("PUT", "/api/profiles/active", Optional.of("{\"name\":\"p\"}"));
            for (String path : List.of("sel", "b", "nope", "a/", "")) {
                PlaneFixture.Reply reply = fixture.post("/api/models/unload/" + path);
                assertEquals(404, reply.status(), path);
                assertEquals("model not found", message(reply));
            }
        }
    }

    @Test
    void anOperatorLoadsAModelAndMayWaitForIt() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            PlaneFixture.Reply asked = fixture.post("/api/models/load/x/y");
            assertEquals(202, asked.status());
            assertEquals("a", JsonTree.at(asked.json(), "model"));
            assertEquals(List.of(new Fact.LoadAsked(new ModelId("a"), Actor.OPERATOR)), fixture.core.told());
            CompletableFuture<PlaneFixture.Reply> waiting =
                    CompletableFuture.supplyAsync(() -> fixture.post("/api/models/load/org%2Fm?wait"));
            PlaneFixture.until("it starts", () -> fixture.core.state(new ModelId("org/m")) == ProcessState.STARTING);
            fixture.core.move("org/m", ProcessState.READY);
            assertEquals(200, waiting.join().status());
            assertEquals("ready", JsonTree.at(waiting.join().json(), "state"));
            assertEquals(404, fixture.post("/api/models/load/nope").status());
        }
    }

    @Test
    void aLoadThatFailsIsToldToWhoWaits() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            CompletableFuture<PlaneFixture.Reply> waiting =
                    CompletableFuture.supplyAsync(() -> fixture.post("/api/models/load/a?wait=1"));
            PlaneFixture.until("it starts", () -> fixture.core.state(new ModelId("a")) == ProcessState.STARTING);
            fixture.core.move("a", ProcessState.STOPPED);
            assertEquals(500, waiting.join().status());
        }
    }

    @Test
    void aLoadThatHasToWaitForOthersIsWaitedFor() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            fixture.core.startLater();
            CompletableFuture<PlaneFixture.Reply> waiting =
                    CompletableFuture.supplyAsync(() -> fixture.post("/api/models/load/a?wait"));
            PlaneFixture.until("it is asked for", () -> !fixture.core.told().isEmpty());
            fixture.core.move("org/m", ProcessState.STOPPING);
            fixture.core.move("org/m", ProcessState.STOPPED);
            assertFalse(waiting.isDone());
            fixture.core.move("a", ProcessState.STARTING);
            fixture.core.move("a", ProcessState.READY);
            assertEquals(200, waiting.join().status());
        }
    }

    @Test
    void whileAHoldIsInForceNothingIsLoaded() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            fixture.post("/api/hold?note=rendering");
            PlaneFixture.Reply reply = fixture.post("/api/models/load/a");
            assertEquals(503, reply.status());
            assertEquals("a hold is in force: rendering", message(reply));
        }
    }

    @Test
    void aHoldIsPlacedShownAndLifted() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            assertEquals(Map.of("held", false), fixture.get("/api/hold").json());
            assertEquals(
                    Map.of("held", true, "note", "rendering"),
                    fixture.post("/api/hold?note=rendering").json());
            assertEquals(
                    Map.of("held", true, "note", "rendering"),
                    fixture.get("/api/hold").json());
            assertEquals(
                    Map.of("held", false),
                    fixture.send("DELETE", "/api/hold", Optional.empty()).json());
            assertEquals(400, fixture.post("/api/hold?note=" + "x".repeat(501)).status());
        }
    }

    @Test
    void profilesAreListedWithEmptyTargetsForDisabledPins() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            assertEquals(
                    "{\"active\":null,\"profiles\":[{\"id\":\"p\",\"description\":\"two\",\"pins\":{\"b\":\"a\",\"off\":\"\"}}]}\n",
                    fixture.get("/api/profiles").text());
        }
    }

    @Test
    void aProfileIsSwitchedOnAndOffAndTheSameValueTellsTheCoreNothing() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            assertEquals(
                    "{\"active\":\"p\"}\n",
                    activate(fixture, "{\"x\":[1],\"name\":\"p\"} rest").text());
            assertEquals(
                    "{\"active\":\"p\"}\n",
                    activate(fixture, "{\"name\":\"p\"}").text());
            assertEquals(
                    "{\"active\":null}\n", activate(fixture, "{\"name\":\"\"}").text());
            assertEquals(
                    "{\"active\":null}\n", activate(fixture, "{\"name\":null}").text());
            assertEquals(
                    List.of(Optional.of("p"), Optional.<String>empty()),
                    fixture.core.told().stream()
                            .map(f -> ((Fact.ProfileActivated) f).profile())
                            .toList());
        }
    }

    @Test
    void aBadProfileRequestSaysWhyAndChangesNothing() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            activate(fixture, "{\"name\":\"p\"}");
            Map<String, String> bad = Map.of(
                    "[]", "invalid profile request",
                    "{", "invalid profile request",
                    "", "invalid profile request",
                    "null", "profile name is required",
                    "{}", "profile name is required",
                    "{\"name\":5}", "profile name must be a string or null",
                    "{\"name\":{}}", "profile name must be a string or null");
            bad.forEach((body, text) -> {
                PlaneFixture.Reply reply = activate(fixture, body);
                assertEquals(400, reply.status(), body);
                assertEquals(text, message(reply), body);
            });
            PlaneFixture.Reply unknown = activate(fixture, "{\"name\":\"P\"}");
            assertEquals(404, unknown.status());
            assertEquals("profile \"P\" not found", message(unknown));
            assertEquals("p", JsonTree.at(fixture.get("/api/profiles").json(), "active"));
        }
    }

    private static PlaneFixture.Reply activate(PlaneFixture fixture, String body) {
        return fixture.send("PUT", "/api/profiles/active", Optional.of(body));
    }

    @Test
    void nobodyToCancelIsSaid() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            for (String id : List.of("999999", "abc", "0")) {
                PlaneFixture.Reply reply = fixture.post("/api/inflight/" + id + "/cancel");
                assertEquals(404, reply.status());
                assertEquals("inflight request not found", message(reply));
            }
        }
    }

    @Test
    void theFixedAnswersAreTheReferences() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            for (String path : List.of("/health", "/wol-health")) {
                assertEquals("OK", fixture.get(path).text());
            }
            assertEquals(302, fixture.get("/?x=1").status());
            assertEquals("/ui", fixture.get("/?x=1").header("Location"));
            assertEquals("/ui/models", fixture.get("/upstream?x=1").header("Location"));
            assertTrue(fixture.get("/").text().startsWith("<a href=\"/ui\">"));
            assertEquals(
                    Map.of("version", "1.2.3", "commit", "abcdef", "build_date", "2026-01-01T00:00:00Z"),
                    fixture.get("/api/version").json());
        }
    }

    @Test
    void errorsTakeTheFormTheClientAskedFor() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            PlaneFixture.Reply text =
                    fixture.send("POST", "/api/models/unload/nope", Optional.of(""), "Accept", "text/plain");
            assertEquals("llama-swap: model not found", text.text());
            assertEquals("text/plain", text.header("Content-Type"));
        }
    }
}
