package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.demoUpstream;
import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turntable.testkit.Story;
import dev.turntable.testkit.TurntableProcess;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Names, settings, timers: what a model has from its beginning to its end. */
class LifecycleTest {
    /** By a preload, a request, an operator, and by taking over what an earlier server left. */
    @Test
    void everyWayOfLoadingUsesTheSameSettingsAndTimers() {
        try (var turntable = TurntableProcess.configured("hooks: {on_startup: {preload: [fox]}}\nmodels:\n"
                        + model("fox", "", "ttl: 600", "unloadTimeout: 7", "env: [\"COLOUR=red\"]"))
                .start()) {
            Story fox = turntable.story("fox");
            assertSettings(fox, 1);
            turntable.http().chat("fox").expect(200);
            assertSettings(fox, 2);
            turntable.http().post("/api/models/load/fox", "").expect(202);
            fox.await("process.ready", 3);
            turntable.kill();
            turntable.start();
            fox.await("orphan.adopted");
            assertSettings(fox, 3);
            assertEquals(3, fox.count("process.spawned"));
        }
    }

    /** Unloads the model, which is being loaded for this time. */
    private static void assertSettings(Story fox, int life) {
        fox.await("process.ready", life);
        int armed = fox.count("ttl.armed");
        var argv = fox.turntable()
                .http()
                .get("/upstream/fox/argv?env=COLOUR")
                .expect(200)
                .json();
        assertEquals("red", argv.at("/env/COLOUR").asText());
        JsonNode timer = fox.await("ttl.armed", armed + 1);
        assertEquals(
                Instant.parse(timer.get("time").asText()).plusSeconds(600),
                Instant.parse(timer.at("/data/due").asText()));
        fox.unload().expect(200);
        assertEquals(
                7_000_000, fox.await("stop.ordered", life).at("/data/grace").asLong());
    }

    @Test
    void anAliasAndTheNameForTheUpstream() {
        try (var turntable = TurntableProcess.with(model("fox", "", "aliases: [gpt-4o]", "useModelName: real-fox"))
                .start()) {
            assertEquals(
                    "real-fox",
                    turntable
                            .http()
                            .chat("gpt-4o")
                            .expect(200)
                            .json()
                            .get("model")
                            .asText());
            assertEquals(Map.of("fox", "ready"), turntable.states());
        }
    }

    @Test
    void modelsOfAnOldStyleProfileRunSideBySide() {
        try (var turntable = TurntableProcess.configured(
                        "profiles:\n  pair: [fox, owl]\nmodels:\n" + model("fox") + model("owl") + model("wren"))
                .start()) {
            assertEquals(
                    "fox",
                    turntable
                            .http()
                            .chat("pair:fox")
                            .expect(200)
                            .json()
                            .at("/echo/name")
                            .asText());
            turntable.http().chat("pair:owl").expect(200);
            assertEquals(Map.of("fox", "ready", "owl", "ready"), turntable.states());
            assertTrue(turntable.http().chat("pair:wren").status() >= 400, "not in the profile");
            assertEquals(Map.of("fox", "ready", "owl", "ready"), turntable.states(), "and nothing was swapped for it");
        }
    }

    @Test
    void theEnvironmentAndTheArgumentsReachTheUpstream() {
        try (var turntable = TurntableProcess.configured(
                        "models:\n  fox:\n    cmd: %s --name 'a fox' # not a comment\n    env: [\"COLOUR=red\"]\n"
                                .formatted(demoUpstream()))
                .start()) {
            var argv = turntable
                    .http()
                    .get("/upstream/fox/argv?env=COLOUR")
                    .expect(200)
                    .json();
            assertEquals("red", argv.at("/env/COLOUR").asText());
            assertTrue(argv.get("argv").toString().contains("\"a fox\""), argv.toString());
        }
    }
}
