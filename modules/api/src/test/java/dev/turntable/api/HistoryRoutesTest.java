package dev.turntable.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Outcome;
import dev.turntable.event.ProcessState;
import dev.turntable.journal.Journal;
import dev.turntable.journal.JournalOptions;
import dev.turntable.journal.MemoryDisk;
import dev.turntable.journal.MemoryJournal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The record over HTTP (docs/http-api.md): the right question reaches the history, and its refusals become the right status. */
class HistoryRoutesTest {
    private static final String CONFIG = "models: {a: {cmd: \"run ${PORT}\"}}";

    @Test
    void aPageIsFilteredOrderedAndContinued() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            fixture.core.move("a", ProcessState.STARTING);
            Requests.finish(fixture.core, 1, "a", Outcome.OK);
            Object page = fixture.get("/api/history?type=request.*&order=desc&limit=2")
                    .json();
            assertEquals("request.finished", JsonTree.at(page, "events/0/type"));
            assertEquals("r-1", JsonTree.at(page, "events/0/request"));
            assertEquals("request.admitted", JsonTree.at(page, "events/1/type"));
            String next = (String) JsonTree.at(page, "next");
            Object more = fixture.get("/api/history?type=request.*&order=desc&before=" + next)
                    .json();
            assertEquals(1, JsonTree.list(more, "events").size());
        }
    }

    @Test
    void oneEventAndItsChain() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            Requests.finish(fixture.core, 1, "a", Outcome.OK);
            assertEquals(
                    "request.arrived",
                    JsonTree.at(fixture.get("/api/history/1.0").json(), "type"));
            Object chain = fixture.get("/api/history/1.1/causes").json();
            assertEquals("request.arrived", JsonTree.at(chain, "causes/0/type"));
            assertEquals(404, fixture.get("/api/history/99.0").status());
            assertEquals(400, fixture.get("/api/history/nonsense").status());
        }
    }

    @Test
    void aBadFilterAndAForeignCursorAreTold() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            assertEquals(400, fixture.get("/api/history?limit=0").status());
            assertEquals(400, fixture.get("/api/history?nonsense=1").status());
            assertEquals(400, fixture.get("/api/history?after=!!").status());
            assertEquals(400, fixture.get("/api/history?type=nope.nope").status());
            assertEquals(400, fixture.get("/api/history?type=%20").status());
            try (Journal other = MemoryJournal.stepped(new MemoryDisk("other"), JournalOptions.defaults())) {
                String foreign = other.cursors().of(1, 0);
                assertEquals(409, fixture.get("/api/history?after=" + foreign).status());
            }
        }
    }

    @Test
    void theStreamGoesFromThePastIntoThePresentAndResumes() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            Requests.finish(fixture.core, 1, "a", Outcome.OK);
            String last;
            try (PlaneFixture.Streamed stream = fixture.open("/api/history/stream?from=earliest&type=request.*")) {
                stream.await("event: request.finished");
                Requests.finish(fixture.core, 2, "a", Outcome.CLIENT_GONE);
                stream.await("client_gone");
                List<String> ids =
                        stream.text().lines().filter(l -> l.startsWith("id: ")).toList();
                last = ids.get(ids.size() - 2).substring(4).strip();
            }
            try (PlaneFixture.Streamed again = fixture.open("/api/history/stream?after=x", "Last-Event-ID", last)) {
                again.await("client_gone");
                assertFalse(again.text().contains("request.arrived"));
            }
        }
    }

    @Test
    void withoutACursorTheStreamIsLiveOnly() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            Requests.finish(fixture.core, 1, "a", Outcome.OK);
            try (PlaneFixture.Streamed stream = fixture.open("/api/history/stream")) {
                stream.await("text/event-stream");
                Requests.finish(fixture.core, 2, "a", Outcome.OK);
                stream.await("event: request.finished");
                assertFalse(stream.text().contains("\"r-1\""));
            }
        }
    }

    @Test
    void swapsAndTheJournalAnswer() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            assertEquals(List.of(), JsonTree.at(fixture.get("/api/swaps").json(), "swaps"));
            assertEquals(404, fixture.get("/api/swaps/s-9").status());
            assertEquals(400, fixture.get("/api/swaps/nonsense").status());
            fixture.core.move("a", ProcessState.STARTING);
            Object status = fixture.get("/api/journal").json();
            assertEquals(1L, JsonTree.at(status, "head"));
            assertTrue(JsonTree.list(status, "followers").stream()
                    .anyMatch(f -> "control-plane".equals(JsonTree.at(f, "name"))));
        }
    }

    @Test
    void activityAndCapturesAnswer() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            assertEquals(
                    "{\"total_requests\":0,\"total_input_tokens\":0,\"total_output_tokens\":0,\"total_cache_tokens\":0,\"prompt_histogram\":null,\"gen_histogram\":null}\n",
                    fixture.get("/api/metrics/stats?model=zzz").text());
            Requests.finish(fixture.core, 1, "a", Outcome.OK);
            Object row =
                    JsonTree.at(fixture.get("/api/metrics/activity?model=a").json(), "data/0");
            assertEquals(1L, JsonTree.at(row, "id"));
            assertEquals(false, JsonTree.at(row, "has_capture"));
            assertEquals(
                    "limit must be between 1 and 999",
                    JsonTree.at(fixture.get("/api/metrics/activity?limit=0").json(), "error/message"));
            assertEquals(
                    "capture not found",
                    JsonTree.at(fixture.get("/api/captures/1").json(), "error/message"));
            assertEquals(
                    "invalid capture ID",
                    JsonTree.at(fixture.get("/api/captures/1.5").json(), "error/message"));
            fixture.captures.captured(Captures.of(1));
            Object capture = fixture.get("/api/captures/1").json();
            assertEquals("aGk=", JsonTree.at(capture, "req_body"));
            assertEquals(null, JsonTree.at(capture, "resp_body"));
            assertEquals(true, JsonTree.at(fixture.get("/api/metrics/activity").json(), "data/0/has_capture"));
        }
    }
}
