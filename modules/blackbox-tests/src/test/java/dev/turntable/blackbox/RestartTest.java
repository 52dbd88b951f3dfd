package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turntable.testkit.Image;
import dev.turntable.testkit.Running;
import dev.turntable.testkit.TurntableProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a stop, a start and a crash leave behind, and what the record says about it. */
class RestartTest {
    @Test
    void theHistoryGoesOnWithTheNextSeq() {
        try (var turntable = TurntableProcess.with(model("fox")).start()) {
            turntable.http().chat("fox").expect(200);
            long before = head(turntable);
            assertEquals(0, turntable.stop());
            turntable.start();
            List<JsonNode> after = turntable.history("order=asc&limit=1000");
            assertTrue(after.stream()
                    .anyMatch(e -> e.get("seq").asLong() <= before
                            && e.get("type").asText().equals("process.ready")));
            assertTrue(head(turntable) > before);
            long expected = after.getFirst().get("seq").asLong();
            for (JsonNode event : after) {
                assertTrue(
                        event.get("seq").asLong() == expected
                                || event.get("seq").asLong() == expected + 1,
                        "dense");
                expected = event.get("seq").asLong();
            }
        }
    }

    @Test
    void aCrashLeavesNoOrphan() {
        try (var turntable = TurntableProcess.with(model("fox")).start()) {
            long pid = turntable
                    .http()
                    .chat("fox")
                    .expect(200)
                    .json()
                    .at("/echo/pid")
                    .asLong();
            turntable.kill();
            assertEquals(
                    List.of(pid),
                    turntable.upstreams().stream().map(ProcessHandle::pid).toList(),
                    "it outlives the crash");
            turntable.start();
            assertEquals(
                    pid,
                    turntable
                            .http()
                            .chat("fox")
                            .expect(200)
                            .json()
                            .at("/echo/pid")
                            .asLong(),
                    "adopted");
            assertEquals(1, turntable.upstreams().size());
        }
    }

    @Test
    void aStopBreaksAStartThatWaitsForHealth() {
        try (var turntable =
                TurntableProcess.with(model("fox", "--never-ready")).start()) {
            turntable.http().chatLater("fox", "");
            turntable.awaitEvent("process.spawned");
            assertEquals(0, turntable.stop());
            turntable.assertNothingLeft();
        }
    }

    @Test
    void aRecordedJournalDecidedAgainGivesTheSameDecisions() {
        try (var turntable = TurntableProcess.with(model("fox"), model("owl")).start()) {
            for (String name : List.of("fox", "owl", "fox", "nobody")) {
                turntable.http().chat(name);
            }
            turntable.http().get("/unload");
            assertEquals(0, turntable.stop());
            Running verify = Running.start(
                    Path.of("").toAbsolutePath(),
                    Map.of(),
                    List.of(
                            Image.COMMAND.toString(),
                            "journal",
                            "verify",
                            "-data-dir",
                            turntable.dataDir().toString()));
            assertEquals(0, verify.exitCode(), verify.text());
        }
    }

    private static long head(TurntableProcess turntable) {
        return turntable.history("limit=1&order=desc").getFirst().get("seq").asLong();
    }
}
