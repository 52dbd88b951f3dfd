package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turntable.testkit.Activity;
import dev.turntable.testkit.Answer;
import dev.turntable.testkit.Groups;
import dev.turntable.testkit.Http;
import dev.turntable.testkit.Order;
import dev.turntable.testkit.TurntableProcess;
import dev.turntable.testkit.Wait;
import org.junit.jupiter.api.Test;

/** The rows of requests that ended: asked for, counted, bounded, and still there after a restart. */
class ActivityTest {
    private static final String TWO =
            new Groups().together(model("fox"), model("owl")).yaml();

    private static TurntableProcess withRows(String yaml, String... models) {
        TurntableProcess turntable = TurntableProcess.configured(yaml).start();
        var activity = new Activity(turntable.http());
        for (String model : models) {
            activity.rowOf(() -> turntable.http().chat(model).expect(200));
        }
        return turntable;
    }

    @Test
    @SpecCase({"216", "217"})
    void rowsAreFilteredOrderedAndPagedAndWhatIsNoFilterIsRefused() {
        try (var turntable = withRows(TWO, "fox", "owl", "fox", "owl")) {
            var activity = new Activity(turntable.http());
            assertArrayEquals(new int[] {4, 3, 2, 1}, activity.ids(""));
            assertArrayEquals(new int[] {3, 1}, activity.ids("model=fox"));
            assertArrayEquals(new int[] {4, 3, 2, 1}, activity.ids("model=fox&model=owl"));
            assertArrayEquals(new int[] {}, activity.ids("model=nobody"));
            assertArrayEquals(new int[] {4, 3}, activity.ids("min_id=3"));
            assertArrayEquals(new int[] {2, 1}, activity.ids("max_id=2"));
            assertArrayEquals(new int[] {3}, activity.ids("min_id=2&max_id=3&model=fox"));
            assertArrayEquals(new int[] {4, 3, 2, 1}, activity.ids("start=2001-01-01T00:00:00Z"));
            assertArrayEquals(new int[] {}, activity.ids("end=2001-01-01T00:00:00Z"));
            assertArrayEquals(new int[] {2, 4}, activity.ids("order=asc&model=owl"));
            assertArrayEquals(new int[] {1}, activity.ids("limit=3&page=2"));
            assertArrayEquals(new int[] {4, 2, 3, 1}, activity.ids("sort=model"));
            JsonNode page = activity.page("limit=3&model=fox&model=owl");
            assertEquals(4, page.get("total").asInt());
            assertEquals(2, page.get("total_pages").asInt());

            assertRefused(turntable, "min_id=abc", "min_id must be >= 1");
            assertRefused(turntable, "max_id=0", "max_id must be >= 1");
            assertRefused(turntable, "min_id=3&max_id=2", "min_id must be <= max_id");
            assertRefused(turntable, "end=2026-01-01", "invalid 'end' timestamp, use RFC3339 format");
            assertRefused(turntable, "start=2026-01-02T00:00:00Z&end=2026-01-01T00:00:00Z", "start must be before end");
        }
    }

    private static void assertRefused(TurntableProcess turntable, String query, String message) {
        Answer answer = turntable.http().get("/api/metrics/activity?" + query).expect(400);
        assertEquals(message, answer.json().at("/error/message").asText(), query);
    }

    @Test
    @SpecCase(
            value = "218",
            differs =
                    "docs/from-llama-swap.md: rows are read from the journal, which is on disk with or without store.path; there is no SQLite file")
    void rowsAreStillThereAfterARestartAndNumbersGoOn() {
        try (var turntable = withRows(TWO, "fox", "owl")) {
            JsonNode before = new Activity(turntable.http()).page("").get("data");
            assertEquals(0, turntable.stop());
            turntable.start();
            var activity = new Activity(turntable.http());
            JsonNode after = activity.page("").get("data");
            assertEquals(withoutCaptures(before), withoutCaptures(after), "captures were in memory");
            assertEquals(
                    3,
                    activity.rowOf(() -> turntable.http().chat("fox")).get("id").asInt());
        }
    }

    private static String withoutCaptures(JsonNode rows) {
        return rows.toString().replace("\"has_capture\":true", "\"has_capture\":false");
    }

    @Test
    @SpecCase("219")
    void inMemoryAreTheNewestRows() {
        try (var turntable = withRows("metricsMaxInMemory: 3\n" + TWO, "fox", "fox", "fox", "fox", "fox")) {
            assertArrayEquals(new int[] {5, 4, 3}, new Activity(turntable.http()).ids(""));
        }
    }

    @Test
    @SpecCase("220")
    void equalSpeedsAreOneBin() {
        try (var turntable = TurntableProcess.with(model("fox")).start()) {
            var activity = new Activity(turntable.http());
            String timings = "{\"timings\":{\"prompt_n\":1,\"predicted_n\":1,\"prompt_per_second\":50,"
                    + "\"predicted_per_second\":5.5}}";
            for (int i = 0; i < 3; i++) {
                activity.rowOf(() -> turntable
                        .http()
                        .raw(
                                "POST /completion",
                                "{\"model\":\"fox\"}",
                                "Content-Type: application/json",
                                Order.answer(timings).line())
                        .expect(200));
            }
            JsonNode stats = turntable
                    .http()
                    .get("/api/metrics/stats?model=fox")
                    .expect(200)
                    .json();
            assertEquals(3, stats.get("total_requests").asInt());
            JsonNode histogram = stats.get("prompt_histogram");
            assertEquals("[3]", histogram.get("bins").toString());
            assertEquals(0, histogram.get("binSize").asDouble());
            assertEquals(50, histogram.get("p50").asDouble());
            assertEquals(5.5, stats.at("/gen_histogram/max").asDouble());
        }
    }

    @Test
    @SpecCase(
            value = "221",
            differs =
                    "docs/metrics.md: once a model was asked for, /metrics has families of our own to show, and so is 200")
    void withoutSamplesOfTheMachineThereIsNothingToShowUntilModelsAreUsed() {
        try (var turntable = TurntableProcess.configured("performance: {disabled: true}\nmodels:\n" + model("fox"))
                .start()) {
            Http http = turntable.http();
            assertEquals(
                    "{\"enabled\":false}\n",
                    http.get("/api/performance").expect(503).body());
            assertEquals(
                    "# performance monitor not available\n",
                    http.get("/metrics").expect(503).body());
            http.chat("fox").expect(200);
            Wait.until("the chat is counted", () -> http.get("/metrics")
                    .expect(200)
                    .body()
                    .contains("turntable_requests_total{model=\"fox\",outcome=\"ok\"} 1\n"));
            String metrics = http.get("/metrics").expect(200).body();
            assertTrue(metrics.startsWith("# performance monitor not available\n"), metrics);
        }
    }

    @Test
    void anAnswerNamesItsRequestAsTheRecordDoesWhateverAnUpstreamCallsIt() {
        try (var turntable = TurntableProcess.with(model("fox")).start()) {
            Http http = turntable.http();
            Answer answer = http.chat("fox", "\"demo\":{\"headers\":{\"X-Request-Id\":\"of-the-model\"}}")
                    .expect(200);
            assertEquals("r-1", answer.header("X-Request-Id"));
            var activity = new Activity(http);
            Wait.until(
                    "its row", () -> activity.page("request=r-1").get("total").asInt() == 1);
            assertEquals("r-2", http.chat("nobody").expect(404).header("X-Request-Id"));
        }
    }
}
