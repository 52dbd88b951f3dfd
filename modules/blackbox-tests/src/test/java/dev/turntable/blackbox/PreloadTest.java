package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turntable.testkit.Groups;
import dev.turntable.testkit.Story;
import dev.turntable.testkit.StubUpstream;
import dev.turntable.testkit.TurntableProcess;
import java.util.List;
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
    void siblingsReplaceEachOtherAndTheLastOneStays() {
        try (var turntable = TurntableProcess.configured(
                        preloading("fox, owl") + "models:\n" + model("fox") + model("owl", "", "ttl: 600"))
                .start()) {
            Story owl = turntable.story("owl");
            owl.await("ttl.armed");
            assertEquals(
                    List.of("starting", "ready", "stopping", "stopped"),
                    turntable.story("fox").states());
            assertEquals("ready", owl.state());
            assertEquals(
                    "preloaded", owl.await("swap.started").at("/data/reason").asText());
        }
    }
}
