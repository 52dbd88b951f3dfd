package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.testkit.EchoPeer;
import dev.turntable.testkit.Http;
import dev.turntable.testkit.Received;
import dev.turntable.testkit.TurntableProcess;
import dev.turntable.testkit.Wait;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** {@code /comfyui/}: the one model with a path of its own, which only a look at its page may start. */
class ComfyUiTest {
    @Test
    @SpecCase({"148", "149"})
    void onlyItsPageStartsIt() {
        try (var turntable = TurntableProcess.with(model("comfyui_auto")).start()) {
            Http http = turntable.http();
            assertLeadsToThePage(http, "GET", 301);
            assertLeadsToThePage(http, "HEAD", 301);
            assertLeadsToThePage(http, "POST", 308);
            assertNotLoaded(http);
            assertEquals(Map.of(), turntable.states());

            assertEquals(
                    "/?token=v", Received.of(http.raw("GET /comfyui/?token=v")).target());
            assertEquals(Map.of("comfyui_auto", "ready"), turntable.states());
            assertEquals(
                    "/api/a%2Fb?x=1",
                    Received.of(http.raw("GET /comfyui/api/a%2Fb?x=1")).target());
        }
    }

    @Test
    @SpecCase("149")
    void whileItStartsOnlyThePageWaits() {
        try (var turntable =
                TurntableProcess.with(model("comfyui_auto", "--never-ready")).start()) {
            Http http = turntable.http();
            var page = CompletableFuture.supplyAsync(() -> http.raw("GET /comfyui/"));
            Wait.until("it starts", () -> turntable.states().equals(Map.of("comfyui_auto", "starting")));
            assertNotLoaded(http);
            http.raw("GET /unload").expect(200);
            assertTrue(
                    page.join().body().contains("model unloaded"), page.join().toString());
        }
    }

    @Test
    @SpecCase("150")
    void aPeerOfThatNameDoesNotCount() {
        try (var peer = EchoPeer.named("far");
                var turntable = TurntableProcess.configured(
                                "models:\n" + model("fox") + "peers:\n" + peer.entry("[comfyui_auto]"))
                        .start()) {
            for (String path : new String[] {"/comfyui/", "/comfyui/api/prompt"}) {
                assertEquals(
                        "local model comfyui_auto not found",
                        turntable
                                .http()
                                .raw("GET " + path)
                                .expect(404)
                                .json()
                                .at("/error/message")
                                .asText());
            }
        }
    }

    private static void assertLeadsToThePage(Http http, String method, int status) {
        assertEquals(
                "/comfyui/?token=v",
                http.raw(method + " /comfyui?token=v").expect(status).header("Location"));
    }

    private static void assertNotLoaded(Http http) {
        assertEquals(
                "model comfyui_auto is not loaded; only /comfyui/ can start it",
                http.raw("POST /comfyui/api/prompt", "{}")
                        .expect(409)
                        .json()
                        .at("/error/message")
                        .asText());
    }
}
