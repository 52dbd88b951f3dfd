package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.testkit.TurntableProcess;
import dev.turntable.testkit.Wait;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A SIGHUP: the file is read again, and only what it changes changes. */
class ReloadTest {
    private static final String GROUP = "groups: {all: {swap: false, members: [fox, owl]}}\n";
    private static final String PROFILES = "profiles: {p: {pins: {pinned: fox}}}\n";

    @Test
    @SpecCase("14")
    void aFileWithAMistakeChangesNothingAndIsWarnedOf() {
        try (var turntable = TurntableProcess.with(model("fox")).start()) {
            long pid = pid(turntable, "fox");
            turntable
                    .config("models: {fox: {proxy: 'http://localhost:${PORT}'}}")
                    .signal("HUP");
            String warning = turntable.awaitLine("[WARN]");
            assertTrue(warning.contains("proxy uses ${PORT} but cmd does not"), warning);
            assertEquals(pid, pid(turntable, "fox"));
        }
    }

    @Test
    @SpecCase(
            value = "15",
            differs = "a reload is a difference: what it changes is stopped, a model that is the same goes on serving")
    void aReloadStopsTheModelsItChangesAndNoOther() {
        try (var turntable = TurntableProcess.configured(GROUP + "models:\n" + model("fox") + model("owl"))
                .start()) {
            long fox = pid(turntable, "fox");
            long owl = pid(turntable, "owl");
            reload(turntable, GROUP + "models:\n" + model("fox") + model("owl", "--tokens 3"));
            Wait.until("owl is gone", () -> turntable.states().equals(Map.of("fox", "ready")));
            assertTrue(turntable.upstreams().stream().noneMatch(p -> p.pid() == owl));
            assertEquals(fox, pid(turntable, "fox"));
            assertEquals(
                    3,
                    turntable
                            .http()
                            .chat("owl")
                            .expect(200)
                            .json()
                            .at("/usage/completion_tokens")
                            .asInt());
        }
    }

    @Test
    @SpecCase(value = "16", differs = "a profile that the new configuration has stays active; its end is on record")
    void theActiveProfileOutlivesAReloadThatKeepsItAndItsEndIsOnRecord() {
        String yaml = PROFILES + "models:\n" + model("fox");
        try (var turntable = TurntableProcess.configured(yaml).start()) {
            turntable.http().raw("PUT /api/profiles/active", "{\"name\":\"p\"}").expect(200);
            reload(turntable, yaml + "logLevel: debug\n");
            assertEquals(
                    "p",
                    turntable.http().get("/api/profiles").json().get("active").asText());
            turntable.http().chat("pinned").expect(200);
            turntable.config("models:\n" + model("fox")).signal("HUP");
            assertEquals(
                    "p",
                    turntable
                            .awaitEvent("profile.ended", e -> true)
                            .at("/data/profile")
                            .asText());
            assertTrue(
                    turntable.http().get("/api/profiles").json().get("active").isNull());
            turntable.http().chat("pinned").expect(404);
        }
    }

    @Test
    void aConfigurationWithoutAModelReplacesOneWithModelsOnlyWhenAskedTo() {
        try (var turntable = TurntableProcess.with(model("fox")).start()) {
            long fox = pid(turntable, "fox");
            turntable.config("").signal("HUP");
            var refused = turntable.awaitEvent("config.rejected", e -> true);
            assertTrue(refused.at("/data/errors/0").asText().contains("POST /api/config/reload?empty=true"));
            turntable.http().raw("POST /api/config/reload", "").expect(422);
            assertEquals(fox, pid(turntable, "fox"));
            turntable.http().raw("POST /api/config/reload?empty=true", "").expect(200);
            turntable.http().chat("fox").expect(404);
        }
    }

    @Test
    void aWatchedFileThatIsEmptyForAMomentTakesNothingAway() {
        String yaml = "models:\n" + model("fox");
        try (var turntable =
                TurntableProcess.configured(yaml).arguments("-watch-config").start()) {
            long fox = pid(turntable, "fox");
            turntable.config("");
            turntable.config("models:\n" + model("fox") + model("owl"));
            var applied = turntable.awaitEvent(
                    "config.applied", e -> e.at("/data/origin").asText().equals("watch"));
            assertEquals("[\"owl\"]", applied.at("/data/change/added").toString());
            assertEquals(fox, pid(turntable, "fox"));
        }
    }

    private static void reload(TurntableProcess turntable, String yaml) {
        turntable.config(yaml).signal("HUP");
        turntable.awaitEvent(
                "config.applied", e -> e.at("/data/origin").asText().equals("sighup"));
    }

    private static long pid(TurntableProcess turntable, String model) {
        return turntable.http().chat(model).expect(200).json().at("/echo/pid").asLong();
    }
}
