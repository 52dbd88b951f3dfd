package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turntable.testkit.Answer;
import dev.turntable.testkit.TurntableProcess;
import dev.turntable.testkit.Wait;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What operators, pages and monitors ask of the image. */
class ControlPlaneTest {
    private static final String FOX = model("fox", "--load-ms 50", "aliases: [org/fox]");
    private static final String OWL = model("owl", "--load-ms 50", "unlisted: true");

    private static TurntableProcess server(String more) {
        return TurntableProcess.configured("startPort: 34300\n" + more + "models:\n" + FOX + OWL)
                .start();
    }

    private static Answer with(TurntableProcess turntable, String method, String path, String... headers) {
        var request = turntable.http().request(path).method(method, BodyPublishers.noBody());
        return turntable.http().send(headers.length == 0 ? request : request.headers(headers));
    }

    /** Every route there is, our own too. */
    @Test
    @SpecCase("112")
    void keysGuardTheControlPlaneButForTheOpenRoutes() {
        try (var turntable = server("apiKeys: [sk-test]\n")) {
            for (String open : List.of("/health", "/wol-health", "/", "/upstream", "/favicon.ico")) {
                assertFalse(turntable.http().get(open).status() == 401, open);
            }
            JsonNode paths = Answer.parse(with(turntable, "GET", "/api/openapi.json", "x-api-key", "sk-test")
                            .expect(200)
                            .body())
                    .get("paths");
            int checked = 0;
            for (var path : paths.properties()) {
                for (var method : path.getValue().properties()) {
                    boolean open = method.getValue().has("security");
                    String filled = path.getKey().replaceAll("\\{[^}]*}", "1");
                    Answer answer = with(turntable, method.getKey().toUpperCase(), filled);
                    assertEquals(!open, answer.status() == 401, method.getKey() + " " + filled + " " + answer.status());
                    checked++;
                }
            }
            assertTrue(checked > 40, "routes checked: " + checked);
            assertEquals(
                    "Basic realm=\"llama-swap\"",
                    turntable.http().get("/running").header("WWW-Authenticate"));
        }
    }

    @Test
    void modelsAreLoadedAndUnloadedByNameWithoutARequest() {
        try (var turntable = server("")) {
            with(turntable, "POST", "/api/models/load/fox?wait").expect(200);
            with(turntable, "POST", "/api/models/load/owl?wait").expect(200);
            assertEquals(Map.of("owl", "ready"), turntable.states(), "fox had to leave for owl");
            assertEquals(
                    "OK",
                    with(turntable, "POST", "/api/models/unload/owl")
                            .expect(200)
                            .body());
            assertEquals(Map.of(), turntable.states());
            with(turntable, "POST", "/api/models/load/org%2Ffox?wait").expect(200);
            assertEquals(
                    "OK",
                    with(turntable, "POST", "/api/models/unload/org/fox")
                            .expect(200)
                            .body());
            assertEquals(Map.of(), turntable.states());
            assertEquals(3, turntable.history("type=load.asked").size());
        }
    }

    @Test
    void aHoldKeepsEverythingUnloadedUntilItIsLifted() {
        try (var turntable = server("")) {
            turntable.http().chat("fox").expect(200);
            with(turntable, "POST", "/api/hold?note=rendering").expect(200);
            Wait.until("fox has left", () -> turntable.states().isEmpty());
            assertTrue(turntable.http().chat("fox").expect(503).body().contains("rendering"));
            with(turntable, "POST", "/api/models/load/fox").expect(503);
            with(turntable, "DELETE", "/api/hold").expect(200);
            turntable.http().chat("fox").expect(200);
        }
    }

    /** An untouched model keeps running, and a bad file changes nothing. */
    @Test
    void aReloadIsADifferenceAndCanBeRolledBack() {
        String profile = "profiles: {p: {pins: {pinned: fox}}}\n";
        try (var turntable = server(profile)) {
            put(turntable, "{\"name\":\"p\"}").expect(200);
            turntable.http().chat("pinned").expect(200);
            String pid = turntable.awaitEvent("process.spawned").at("/data/pid").asText();
            turntable.config("startPort: 34300\n" + profile + "models:\n" + FOX + model("wren"));
            JsonNode changed =
                    with(turntable, "POST", "/api/config/reload").expect(200).json();
            assertEquals("wren", changed.at("/added/0").asText());
            assertEquals("owl", changed.at("/removed/0").asText());
            assertEquals(
                    "p",
                    turntable
                            .http()
                            .get("/api/profiles")
                            .expect(200)
                            .json()
                            .get("active")
                            .asText());
            assertEquals(Map.of("fox", "ready"), turntable.states());
            assertEquals(
                    pid, turntable.awaitEvent("process.spawned").at("/data/pid").asText());
            turntable.config("models: {a: {}}");
            JsonNode refused =
                    with(turntable, "POST", "/api/config/reload").expect(422).json();
            assertTrue(refused.at("/errors/0").asText().contains("config.yaml:"), refused.toString());
            assertEquals(
                    3, // the profile that stays pins a name of its own
                    turntable
                            .http()
                            .get("/v1/models")
                            .expect(200)
                            .json()
                            .get("data")
                            .size());
            JsonNode history =
                    turntable.http().get("/api/config/history").expect(200).json();
            String first = history.get("configs")
                    .get(history.get("configs").size() - 1)
                    .get("hash")
                    .asText();
            with(turntable, "POST", "/api/config/rollback?hash=" + first).expect(200);
            turntable.http().chat("owl").expect(200);
        }
    }

    private static Answer put(TurntableProcess turntable, String body) {
        return turntable
                .http()
                .send(turntable.http().request("/api/profiles/active").PUT(BodyPublishers.ofString(body)));
    }

    /** Streams of every kind end properly when the server stops, and do not hold it up. */
    @Test
    void openStreamsEndAtTheStop() {
        try (var turntable = server("")) {
            turntable.http().chat("fox").expect(200);
            try (Stream<String> events = turntable.http().lines("/api/events");
                    Stream<String> log = turntable.http().lines("/logs/stream/proxy");
                    Stream<String> history = turntable.http().lines("/api/history/stream?from=earliest")) {
                var counts = Stream.of(events, log, history)
                        .map(lines -> CompletableFuture.supplyAsync(lines::count))
                        .toList();
                with(turntable, "GET", "/health").expect(200);
                ProcessHandle.of(turntable.pid()).orElseThrow().destroy();
                counts.forEach(count -> assertTrue(count.join() > 0));
            }
        }
    }
}
