package dev.turntable.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.Outcome;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import dev.turntable.event.Tokens;
import dev.turntable.journal.Fault;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Activity rows, their queries and statistics are llama-swap's (§8.2, §8.6), but live in the journal and survive restarts. */
class ActivityTest {
    @TempDir
    Path folder;

    private final World world = new World();
    private History history = History.open(world.journal);

    @AfterEach
    void close() {
        history.close();
        world.close();
    }

    private void reopen(int rows) {
        history.close();
        world.restart();
        history = History.open(world.journal, folder.resolve("read-models"), rows);
    }

    private List<Long> ids(String... parameters) {
        Map<String, List<String>> map = new TreeMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            map.computeIfAbsent(parameters[i], _ -> new ArrayList<>()).add(parameters[i + 1]);
        }
        return history.activity().page(ActivityFilter.parse(map)).rows().stream()
                .map(ActivityRow::id)
                .toList();
    }

    private static String json(ActivityRow row) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            row.write(out, true, ZoneId.of("Europe/Berlin"));
        }
        return text.toString();
    }

    /** Rows 1 to 5: models a b a b a, prompt tokens 10 30 20 40 50, generated twice that, cached 4 1 3 2 0, ever faster. */
    private void fiveRows() {
        RunId a = world.newRun(World.A);
        RunId b = world.newRun(World.B);
        long[] prompts = {10, 30, 20, 40, 50};
        long[] cached = {4, 1, 3, 2, 0};
        for (int i = 0; i < 5; i++) {
            double generation = 1_000.0 / (10 * (5 - i));
            double prompt = (prompts[i] - cached[i]) / (0.1 * (i + 1));
            world.served(
                    i % 2 == 0 ? a : b, new Tokens(prompts[i], prompts[i] * 2, cached[i], -1, -1, prompt, generation));
        }
    }

    @Test
    void aRowHasTheFieldsClientsKnowInTheirOrder() throws IOException {
        RequestId request = world.newRequest();
        RunId run = world.newRun(World.A);
        world.write(
                world.arrival(request, World.A, Optional.of("/v1/embeddings"), Optional.of("sel")),
                new Decision.RequestAdmitted(request, run, 7));
        world.write(world.end(
                request, 502, Optional.of(new Tokens(1, 2, -1, 0, 0, 111.5, 100)), Optional.of("502 Bad Gateway")));
        assertEquals(
                "{\"id\":1,\"timestamp\":\"2026-09-01T12:00:00+02:00\",\"model\":\"a\",\"req_path\":\"/v1/embeddings\",\"resp_content_type\":\"application/json\",\"resp_status_code\":502,"
                        + "\"tokens\":{\"cache_tokens\":-1,\"draft_tokens\":0,\"draft_acc_tokens\":0,\"input_tokens\":1,\"output_tokens\":2,\"prompt_per_second\":111.5,\"tokens_per_second\":100},"
                        + "\"duration_ms\":90,\"has_capture\":true,\"error_msg\":\"502 Bad Gateway\",\"metadata\":{\"fifo_priority\":\"7\",\"selector\":\"sel\"},"
                        + "\"outcome\":\"upstream_error\",\"request\":\"" + request + "\",\"run\":\"" + run
                        + "\",\"wait_ms\":0}",
                json(history.activity().row(1).orElseThrow()));
    }

    @Test
    void aRequestThatWasNeverGrantedHasNoPriority() throws IOException {
        RequestId request = world.newRequest();
        world.write(world.arrival(request, World.A));
        world.write(world.end(request, 429, Optional.empty(), Optional.empty()));
        String json = json(history.activity().row(1).orElseThrow());
        assertTrue(json.contains("\"input_tokens\":0") && json.contains("\"has_capture\":true,\"outcome\":"), json);
    }

    @Test
    void rowsAreFoundByTheirOutcomePathAndRequest() {
        RequestId lost = world.newRequest();
        world.write(world.arrival(lost, World.A, Optional.of("/v1/rerank"), Optional.empty()));
        world.write(new Fact.RequestFinished(
                lost,
                Outcome.UPSTREAM_DIED,
                200,
                5,
                Optional.empty(),
                Duration.ofMillis(3),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
        world.served(world.newRun(World.A), Tokens.NONE);
        assertEquals(List.of(1L), found("outcome", "upstream_died"));
        assertEquals(List.of(2L), found("outcome", "ok"));
        assertEquals(List.of(1L), found("path", "RERANK"));
        assertEquals(List.of(1L), found("request", lost.toString()));
        assertThrows(HistoryException.class, () -> found("outcome", "fine"));
    }

    private List<Long> found(String name, String value) {
        return history.activity().page(ActivityFilter.parse(Map.of(name, List.of(value)))).rows().stream()
                .map(ActivityRow::id)
                .toList();
    }

    @Test
    void aClientThatLeftIsNoSuccess() {
        RequestId request = world.newRequest();
        world.write(world.arrival(request, World.A));
        world.write(new Fact.RequestFinished(
                request,
                Outcome.CLIENT_GONE,
                0,
                0,
                Optional.empty(),
                Duration.ofMillis(5),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
        assertEquals(499, history.activity().row(1).orElseThrow().status());
    }

    @Test
    void requestsOutsideTheActivityLeaveNoRow() {
        RequestId request = world.newRequest();
        world.write(world.arrival(request, World.A, Optional.empty(), Optional.empty()));
        world.write(world.end(request, 200, Optional.empty(), Optional.empty()));
        assertEquals(List.of(), ids());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|5 4 3 2 1",
                "model=a|5 3 1",
                "model=a model=b|5 4 3 2 1",
                "model=zz|",
                "limit=2|5 4",
                "limit=2 page=2|3 2",
                "limit=2 page=9|",
                "page=9223372036854775807|",
                "order=ASC|1 2 3 4 5",
                "sort=prompt order=asc|1 3 2 4 5",
                "sort=generated|5 4 2 3 1",
                "sort=cached|1 3 4 2 5",
                "sort=model|4 2 5 3 1",
                "sort=gen_speed|5 4 3 2 1",
                "sort=prompt_speed|2 5 4 1 3",
                "sort=resp_status_code order=asc|1 2 3 4 5",
                "min_id=3|5 4 3",
                "max_id=2|2 1",
                "min_id=2 max_id=4|4 3 2",
                "start=2999-01-01T00:00:00Z|",
                "end=2001-01-01T00:00:00Z|",
                "end=2999-01-01T00:00:00+02:00|5 4 3 2 1",
                "limit= page= sort= order= start= end= min_id= max_id=|5 4 3 2 1"
            })
    void rowsAreFilteredSortedAndPaged(String query, String expected) {
        fiveRows();
        List<String> parameters = new ArrayList<>();
        for (String part : query == null ? new String[0] : query.split(" ")) {
            String[] pair = part.split("=", 2);
            parameters.addAll(List.of(pair[0], pair[1]));
        }
        List<Long> ids = ids(parameters.toArray(String[]::new));
        assertEquals(
                expected == null ? "" : expected,
                String.join(" ", ids.stream().map(Object::toString).toList()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "start=2026-01-01|invalid 'start' timestamp, use RFC3339 format",
                "end=yesterday|invalid 'end' timestamp, use RFC3339 format",
                "start=2027-01-01T00:00:00Z end=2026-01-01T00:00:00Z|start must be before end",
                "min_id=abc|min_id must be >= 1",
                "max_id=0|max_id must be >= 1",
                "min_id=4 max_id=2|min_id must be <= max_id",
                "limit=x|invalid limit",
                "limit=0|limit must be between 1 and 999",
                "limit=1000|limit must be between 1 and 999",
                "page=0|page must be >= 1",
                "page=x|page must be >= 1",
                "sort=nope|invalid sort column",
                "order=up|order must be asc or desc"
            })
    void aBadQueryIsRefusedInTheirWords(String query, String message) {
        List<String> parameters = new ArrayList<>();
        for (String part : query.split(" ")) {
            parameters.addAll(List.of(part.split("=", 2)));
        }
        HistoryException refused = assertThrows(HistoryException.class, () -> ids(parameters.toArray(String[]::new)));
        assertEquals(message, refused.getMessage());
        assertEquals(400, refused.code().status());
    }

    @Test
    void totalsCountWhatMatchesAndPagesAreZeroWhenNothingDoes() throws IOException {
        fiveRows();
        Activity.Page page =
                history.activity().page(ActivityFilter.parse(Map.of("model", List.of("b"), "limit", List.of("1"))));
        assertEquals(2, page.total());
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            history.activity()
                    .page(ActivityFilter.parse(Map.of("model", List.of("zz"))))
                    .write(out, _ -> false, ZoneId.of("UTC"));
        }
        assertEquals("{\"data\":[],\"page\":1,\"limit\":25,\"total\":0,\"total_pages\":0}", text.toString());
    }

    @Test
    void statisticsHaveHistogramsAndPercentiles() {
        fiveRows();
        assertEquals(
                "{\"total_requests\":2,\"total_input_tokens\":70,\"total_output_tokens\":140,\"total_cache_tokens\":3,\"prompt_histogram\":{\"bins\":[1,0,0,0,1],\"min\":95,\"max\":145,\"binSize\":10,\"p50\":120,\"p95\":142.5,\"p99\":144.5},"
                        + "\"gen_histogram\":{\"bins\":[1,0,0,0,1],\"min\":25,\"max\":50,\"binSize\":5,\"p50\":37.5,\"p95\":48.75,\"p99\":49.75}}",
                new String(history.activity().stats(Optional.of(" b ")).json(), StandardCharsets.UTF_8)
                        .replace("49.749999999999996", "49.75")
                        .replace("144.50000000000000", "144.5"));
        assertEquals(
                "{\"total_requests\":0,\"total_input_tokens\":0,\"total_output_tokens\":0,\"total_cache_tokens\":0,\"prompt_histogram\":null,\"gen_histogram\":null}",
                new String(history.activity().stats(Optional.of("zzz")).json(), StandardCharsets.UTF_8));
    }

    @Test
    void oneSpeedMakesOneBin() {
        RunId run = world.newRun(World.A);
        for (int i = 0; i < 3; i++) {
            world.served(run, new Tokens(1, 1, -1, -1, -1, 50, 5.5));
        }
        ActivityStats.Histogram histogram =
                history.activity().stats(Optional.empty()).generation().orElseThrow();
        assertEquals(new ActivityStats.Histogram(List.of(3), 5.5, 5.5, 0, 5.5, 5.5, 5.5), histogram);
    }

    @Test
    void theNewestRowsAreKeptAndIdsGoOn() {
        history.keepRows(3);
        fiveRows();
        assertEquals(List.of(5L, 4L, 3L), ids());
    }

    @Test
    void rowsSurviveARestartWithTheirIds() {
        fiveRows();
        reopen(1_000);
        assertEquals(List.of(5L, 4L, 3L, 2L, 1L), ids());
        world.served(world.newRun(World.A), Tokens.NONE);
        assertEquals(List.of(6L, 5L, 4L, 3L, 2L, 1L), ids());
        reopen(2);
        assertEquals(List.of(6L, 5L), ids());
    }

    @Test
    void savedModelsAreUsedAndDamagedOnesAreFoldedAgain() throws IOException {
        fiveRows();
        reopen(1_000);
        ids();
        history.close();
        Path file = folder.resolve("read-models");
        long head = world.journal.head();
        assertEquals(head, SavedModels.load(file, world.journal).orElseThrow().seq());
        byte[] bytes = Files.readAllBytes(file);
        for (int at = 0; at < bytes.length; at += 97) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 0x10;
            Files.write(file, damaged);
            assertEquals(Optional.empty(), SavedModels.load(file, world.journal), "byte " + at);
        }
        history = History.open(world.journal, file, 1_000);
        assertEquals(List.of(5L, 4L, 3L, 2L, 1L), ids());
    }

    @Test
    void modelsThatKnowMoreThanTheJournalAreFoldedAgain() {
        fiveRows();
        reopen(1_000);
        world.journal.awaitDurable(world.journal.head());
        world.served(world.newRun(World.A), Tokens.NONE);
        ids();
        history.close();
        ((dev.turntable.journal.MemoryJournal) world.journal).kill();
        world.disk.inject(new Fault.LoseUnforcedTail());
        world.journal = dev.turntable.journal.MemoryJournal.threaded(
                world.disk, dev.turntable.journal.JournalOptions.defaults());
        history = History.open(world.journal, folder.resolve("read-models"), 1_000);
        assertEquals(5, history.activity().page(ActivityFilter.parse(Map.of())).total());
    }

    @Test
    void aRequestOpenWhenTheModelsWereSavedStillGetsItsRow() {
        reopen(1_000);
        RequestId request = world.newRequest();
        world.write(world.arrival(request, World.A));
        history.activity();
        history.close();
        history = History.open(world.journal, folder.resolve("read-models"), 1_000);
        world.write(world.end(request, 200, Optional.empty(), Optional.empty()));
        assertEquals(List.of(1L), ids());
    }

    @Test
    void rowsAreAnnouncedByTheirIds() {
        List<Long> announced = new ArrayList<>();
        try (Activity.Subscription _ = history.onRow(announced::add)) {
            fiveRows();
            history.activity();
            assertEquals(List.of(1L, 2L, 3L, 4L, 5L), List.copyOf(announced));
        }
    }

    @Test
    void aRowHoldsNoMoreOfAModelsNameThanAPersonReads() {
        RequestId request = world.newRequest();
        world.write(world.arrival(request, new dev.turntable.event.ModelId("x".repeat(100_000))));
        world.write(world.end(request, 404, Optional.empty(), Optional.empty()));
        assertEquals(1_024, history.activity().row(1).orElseThrow().model().length());
    }
}
