package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turntable.testkit.Answer;
import dev.turntable.testkit.Image;
import dev.turntable.testkit.Running;
import dev.turntable.testkit.TurntableProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What happened is on the record, can be asked about, survives restarts and crashes, and is what the core decides again. */
class RecordTest {
    private static final String FOX = model("fox", "--say fox-speaks", "ttl: 600");
    private static final String OWL = model("owl", "--say owl-speaks");

    /** Ports of its own, since other tests may run beside this one. */
    private static TurntableProcess server(String... models) {
        return TurntableProcess.configured("startPort: 34100\nmodels:\n" + String.join("", models));
    }

    private static String run(TurntableProcess turntable, int expected, String... words) {
        var command = new ArrayList<>(List.of(Image.COMMAND.toString()));
        command.addAll(List.of(words));
        command.addAll(List.of("-data-dir", turntable.dataDir().toString()));
        Running process = Running.start(turntable.scratch(), Map.of(), command);
        assertEquals(expected, process.exitCode(), process.text());
        return process.text();
    }

    private static List<String> types(TurntableProcess turntable, String query) {
        return turntable.history("limit=1000&" + query).stream()
                .map(event -> event.get("type").asText())
                .toList();
    }

    @Test
    void aSwapIsOnTheRecordFromTheRequestToTheFirstByte() {
        try (var turntable = server(FOX, OWL).start()) {
            turntable.http().chat("fox").expect(200);
            turntable.http().chat("owl").expect(200);
            turntable.story("owl").end(1); // tells when the first byte came
            assertEquals(
                    List.of("swap.started", "swap.finished", "swap.started", "swap.finished"),
                    types(turntable, "type=swap.*"));
            JsonNode swap =
                    turntable.http().get("/api/swaps").expect(200).json().at("/swaps/0");
            assertEquals("owl", swap.get("model").asText());
            assertEquals("ready", swap.get("outcome").asText());
            List<String> steps = new ArrayList<>();
            double last = 0;
            for (JsonNode step : swap.get("timeline")) {
                steps.add(step.get("step").asText());
                assertTrue(step.get("ms").asDouble() >= last, swap.toString());
                last = step.get("ms").asDouble();
            }
            assertTrue(
                    steps.containsAll(List.of(
                            "asked",
                            "begun",
                            "stop_ordered",
                            "stopped",
                            "start_ordered",
                            "spawned",
                            "ready",
                            "first_byte")),
                    steps.toString());
            assertEquals(1, swap.get("waited").size());
            String exit = turntable
                    .awaitEvent("process.exited", e -> e.get("model").asText().equals("fox"))
                    .get("id")
                    .asText();
            JsonNode causes = turntable
                    .http()
                    .get("/api/history/" + exit + "/causes")
                    .expect(200)
                    .json()
                    .get("causes");
            assertEquals("stop.ordered", causes.get(0).get("type").asText());
            assertTrue(turntable
                    .http()
                    .get("/api/why?model=fox")
                    .expect(200)
                    .json()
                    .get("answer")
                    .asText()
                    .contains("evicted to make room for owl"));
        }
    }

    @Test
    void theRecordGoesOnOverARestartAndACrash() {
        try (var turntable = server(FOX, OWL).start()) {
            turntable.http().chat("fox").expect(200);
            turntable.http().chat("fox").expect(200);
            long before = turntable
                    .history("order=desc&limit=1")
                    .getFirst()
                    .get("seq")
                    .asLong();
            assertEquals(0, turntable.stop());
            turntable.start();
            assertEquals(List.of("fox", "fox"), rows(turntable));
            List<Long> seqs = turntable.history("limit=1000").stream()
                    .map(e -> e.get("seq").asLong())
                    .distinct()
                    .toList();
            for (int i = 0; i < seqs.size(); i++) {
                assertEquals(i + 1, seqs.get(i), "seqs are dense over the restart");
            }
            assertTrue(seqs.getLast() > before);
            turntable.http().chat("owl").expect(200);
            turntable.kill();
            turntable.start();
            assertEquals(List.of("owl", "fox", "fox"), rows(turntable));
            assertEquals(3, turntable.history("type=server.started").size());
        }
    }

    private static List<String> rows(TurntableProcess turntable) {
        JsonNode data =
                turntable.http().get("/api/metrics/activity").expect(200).json().get("data");
        List<String> models = new ArrayList<>();
        for (int i = 0; i < data.size(); i++) {
            assertEquals(data.size() - i, data.get(i).get("id").asInt());
            models.add(data.get(i).get("model").asText());
        }
        return models;
    }

    @Test
    void aJournalOfARealServerDecidedAgainGivesTheSameDecisionsAndTheSameState() {
        try (var turntable = server(FOX, OWL, model("bad", "--exit-at-start 3")).start()) {
            turntable.http().chat("fox").expect(200);
            var waiting = turntable.http().chatLater("fox", "\"demo\":{\"delay_ms\":200}");
            turntable.http().chat("owl").expect(200);
            assertEquals(200, waiting.join().status());
            turntable.http().chat("bad").expect(500);
            turntable.http().chat("fox").expect(200);
            turntable.http().get("/unload").expect(200);
            JsonNode state = turntable.http().get("/api/state").expect(200).json();
            String live = run(turntable, 0, "journal", "verify");
            assertTrue(live.contains("decided again: the same"), live);
            String replayed = run(
                    turntable, 0, "journal", "replay", "-to", state.get("seq").asText());
            assertTrue(replayed.contains("state hash " + state.get("state_hash").asText()), replayed);
            assertTrue(
                    run(turntable, 0, "why", "bad").contains("its process ended before it became ready (exit code 3)"));
            assertEquals(0, turntable.stop());
            assertTrue(run(turntable, 0, "journal", "verify").contains("decided again: the same"));
        }
    }

    @Test
    void aReaderOfTheStreamResumesAcrossARestartWithoutLossOrRepetition() {
        try (var turntable = server(FOX).start()) {
            turntable.http().chat("fox").expect(200);
            String cursor;
            try (Stream<String> lines = turntable.http().lines("/api/history/stream?from=earliest")) {
                cursor = lines.filter(line -> line.startsWith("id: "))
                        .skip(4)
                        .findFirst()
                        .orElseThrow()
                        .substring(4);
            }
            String expected = turntable
                    .history("limit=1&after=" + cursor)
                    .getFirst()
                    .get("id")
                    .asText();
            assertEquals(0, turntable.stop());
            turntable.start();
            try (Stream<String> lines = turntable.http().lines("/api/history/stream?after=" + cursor)) {
                String data = lines.filter(line -> line.startsWith("data: "))
                        .findFirst()
                        .orElseThrow()
                        .substring(6);
                assertEquals(expected, Answer.parse(data).get("id").asText());
            }
        }
    }

    @Test
    void logStreamsAreNeverMixedAndKnowWhatWasBeforeTheRestart() {
        try (var turntable = server(FOX, OWL).start()) {
            turntable.http().chat("fox").expect(200);
            turntable.http().chat("owl").expect(200);
            assertEquals(0, turntable.stop());
            turntable.start();
            String fox = first(turntable, "/logs/stream/fox", "fox-speaks");
            assertTrue(!fox.contains("owl-speaks") && !fox.contains("Health check"), fox);
            String proxy = first(turntable, "/logs/stream/proxy", "<owl> Health check passed");
            assertTrue(!proxy.contains("-speaks"), proxy);
            assertTrue(turntable.http().get("/logs").expect(200).body().contains("<fox> Health check passed"));
            String upstream = first(turntable, "/logs/stream/upstream", "owl-speaks");
            assertTrue(upstream.contains("fox-speaks"), upstream);
            turntable.http().get("/logs/stream/nobody").expect(400);
            assertTrue(
                    turntable.output().stream().noneMatch(line -> line.contains("Health check")), "stdout begins anew");
        }
    }

    /** The lines of a stream up to the one that holds this text. */
    private static String first(TurntableProcess turntable, String path, String until) {
        var seen = new ArrayList<String>();
        try (Stream<String> lines = turntable.http().lines(path)) {
            lines.peek(seen::add).anyMatch(line -> line.contains(until));
        }
        return String.join("\n", seen);
    }

    @Test
    void aFailedStartShowsWhatTheProcessSaid() {
        try (var turntable =
                server(model("bad", "--say no-memory-left --exit-at-start 3")).start()) {
            turntable.http().chat("bad").expect(500);
            String log = turntable.http().get("/logs").expect(200).body();
            assertTrue(log.contains("[INFO] <bad> | no-memory-left"), log);
        }
    }
}
