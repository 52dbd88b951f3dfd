package dev.turntable.blackbox;

import static dev.turntable.blackbox.TurntableProcess.demoUpstream;
import static dev.turntable.blackbox.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Time to live, unloading, names, groups: the rules of a model's life, on the real thing. */
class LifecycleTest {
    @Test
    void anUnusedModelIsUnloadedAfterItsTtl() {
        try (var turntable = TurntableProcess.with(model("fox", "", "ttl: 1")).start()) {
            turntable.http().chat("fox").expect(200);
            assertEquals(
                    "ttl",
                    turntable.awaitEvent("stop.ordered").at("/data/reason").asText());
            Wait.until("it is gone", () -> turntable.upstreams().isEmpty());
        }
    }

    @Test
    void aRequestLongerThanTheTtlKeepsItsModel() {
        try (var turntable = TurntableProcess.with(model("fox", "", "ttl: 1")).start()) {
            long pid = turntable
                    .http()
                    .chat("fox")
                    .expect(200)
                    .json()
                    .at("/echo/pid")
                    .asLong();
            turntable.http().chat("fox", "\"demo\":{\"delay_ms\":1500}").expect(200);
            assertEquals(
                    pid,
                    turntable
                            .http()
                            .chat("fox")
                            .expect(200)
                            .json()
                            .at("/echo/pid")
                            .asLong());
        }
    }

    @Test
    void unloadStopsEverything() {
        try (var turntable = TurntableProcess.with(model("fox")).start()) {
            turntable.http().chat("fox").expect(200);
            turntable.http().get("/unload").expect(200);
            Wait.until(
                    "nothing runs",
                    () -> turntable.states().isEmpty() && turntable.upstreams().isEmpty());
        }
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
