package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.testkit.Answer;
import dev.turntable.testkit.TurntableProcess;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Clients that leave, ask nonsense, or send a lot. */
class ClientTest {
    @Test
    void everyEventOfAStreamIsPassedOnAtOnce() {
        try (var turntable = TurntableProcess.with(model("fox")).start();
                // The second event would come in an hour: the first can only arrive by itself.
                var lines = turntable.http().chatStream("fox", "\"demo\":{\"tokens\":2,\"gap_ms\":3600000}")) {
            assertTrue(lines.iterator().next().startsWith("data: {"));
        }
    }

    @Test
    void aClientThatHangsUpInAStreamIsRecordedAsGone() {
        try (var turntable = TurntableProcess.with(model("fox")).start()) {
            try (var lines = turntable.http().chatStream("fox", "\"demo\":{\"tokens\":100000,\"gap_ms\":10}")) {
                lines.iterator().next();
                turntable.http().hangUp();
            }
            turntable.awaitEvent(
                    "request.finished", e -> e.at("/data/outcome").asText().equals("client_gone"));
            turntable.http().chat("fox").expect(200);
        }
    }

    @Test
    void aClientThatHangsUpWhileItWaitsIsForgotten() {
        try (var turntable = TurntableProcess.with(model("fox", "--never-ready"), model("owl"))
                .start()) {
            CompletableFuture<Answer> queued = turntable.http().chatLater("fox", "");
            turntable.awaitEvent("process.spawned");
            turntable.http().hangUp();
            turntable.awaitEvent("request.abandoned");
            assertTrue(queued.isCompletedExceptionally() || !queued.isDone());
        }
    }

    @Test
    void nonsenseIsRefusedAndNothingIsStarted() {
        try (var turntable = TurntableProcess.with(model("fox")).start()) {
            int status = turntable
                    .http()
                    .post("/v1/chat/completions", "{\"model\": oh no")
                    .status();
            assertTrue(status >= 400 && status < 500, "status " + status);
            Answer unknown = turntable.http().chat("no-such-model");
            assertEquals(404, unknown.status());
            assertEquals(
                    "no router for requested model",
                    unknown.json().at("/error/message").asText());
            assertEquals(0, turntable.upstreams().size());
        }
    }

    @Test
    void aBodyOfFiftyMegabytesReachesTheUpstream() {
        try (var turntable = TurntableProcess.with(model("fox")).start()) {
            String large = "x".repeat(50 << 20);
            turntable.http().chat("fox", "\"padding\":\"" + large + "\"").expect(200);
            turntable.http().chat("fox").expect(200);
        }
    }
}
