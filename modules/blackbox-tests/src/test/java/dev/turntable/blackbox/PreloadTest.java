package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turntable.testkit.Groups;
import dev.turntable.testkit.StubUpstream;
import dev.turntable.testkit.TurntableProcess;
import dev.turntable.testkit.Wait;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Models that are loaded before anybody asks (llama-swap §5.9). */
class PreloadTest {
    private static String preloading(String names) {
        return "hooks: {on_startup: {preload: [" + names + "]}}\n";
    }

    @Test
    void eachIsLoadedAndAskedForItsRootAndLeavesNoRow() {
        try (var stub = StubUpstream.answering((request, wire) -> wire.json(200, "{}"));
                var turntable = TurntableProcess.configured(
                                preloading("\"\", vixen, nobody") + "models:\n" + stub.model("fox", "aliases: [vixen]"))
                        .start()) {
            assertEquals("ok", turntable.story("fox").end(1).at("/data/outcome").asText());
            assertEquals(
                    "GET /",
                    stub.requests().getFirst().method() + " "
                            + stub.requests().getFirst().target());
            assertEquals(1, stub.requests().size());
            turntable.http().readUntil("/logs/stream/proxy", "preloading model: fox");
            assertEquals(
                    0,
                    turntable
                            .http()
                            .get("/api/metrics/activity")
                            .json()
                            .get("total")
                            .asInt());
        }
    }

    @Test
    void oneThatFailsIsToldAndTheNextIsLoadedAllTheSame() {
        try (var stub = StubUpstream.answering((request, wire) -> wire.json(404, "{}"));
                var turntable = TurntableProcess.configured(preloading("broken, rootless, fox")
                                + new Groups()
                                        .together(
                                                model("broken", "--exit-at-start 3"),
                                                stub.model("rootless"),
                                                model("fox"))
                                        .yaml())
                        .start()) {
            assertEquals("ok", turntable.story("fox").end(1).at("/data/outcome").asText());
            String log = turntable.http().readUntil("/logs/stream/proxy", "<fox> Health check passed");
            assertEquals(
                    List.of(
                            "[ERROR] failed to preload model broken: status 500",
                            "[ERROR] failed to preload model rootless: status 404"),
                    log.lines()
                            .filter(line -> line.contains("failed to preload"))
                            .toList());
            assertEquals("ready", turntable.story("rootless").state());
        }
    }

    @Test
    void aPreloadNeverEndsAModelThatRuns() {
        try (var turntable = TurntableProcess.configured(
                        preloading("fox, owl") + "models:\n" + model("fox") + model("owl"))
                .start()) {
            var shed = turntable.awaitEvent("request.shed", e -> true);
            assertEquals("would_evict", shed.at("/data/reason").asText());
            assertEquals(Map.of("fox", "ready"), turntable.states());
            turntable
                    .http()
                    .readUntil("/logs/stream/proxy", "did not preload model owl: it would end a model that runs");
        }
    }

    @Test
    void aReloadPreloadsWhatItAddedAndNothingElse() {
        String models = "models:\n" + model("fox") + model("owl");
        try (var turntable = TurntableProcess.configured(preloading("fox") + together("fox, owl") + models)
                .start()) {
            assertEquals("ok", turntable.story("fox").end(1).at("/data/outcome").asText());
            turntable.http().get("/unload");
            Wait.until("fox is gone", () -> turntable.states().isEmpty());
            reload(turntable, preloading("fox") + "# a comment\n" + together("fox, owl") + models);
            reload(turntable, preloading("fox, hare") + together("fox, owl, hare") + models + model("hare"));
            turntable.story("hare").end(1);
            assertEquals(Map.of("hare", "ready"), turntable.states());
        }
    }

    private static String together(String members) {
        return "groups: {g: {swap: false, members: [" + members + "]}}\n";
    }

    private static void reload(TurntableProcess turntable, String yaml) {
        turntable.config(yaml);
        turntable.http().raw("POST /api/config/reload", "").expect(200);
    }
}
