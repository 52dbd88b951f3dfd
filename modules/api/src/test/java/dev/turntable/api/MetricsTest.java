package dev.turntable.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Outcome;
import dev.turntable.event.ProcessState;
import dev.turntable.event.Reason;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import dev.turntable.event.ShedReason;
import dev.turntable.event.SwapId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code /metrics} counts, and that it is counted from the journal alone. */
class MetricsTest {
    private static final String CONFIG = "models: {a: {cmd: \"run ${PORT}\"}, b: {cmd: \"run ${PORT}\"}}";
    private static final RunId RUN = new RunId(new ModelId("a"), 1);

    /** A life with everything in it: two requests, a refusal, a swap with an eviction, a failed and a cancelled one, a load, an exit. */
    private static void live(PlaneFixture fixture) {
        FakeCore core = fixture.core;
        Requests.finish(core, 1, "a", Outcome.OK);
        Requests.finish(core, 2, "a", Outcome.CLIENT_GONE);
        core.append(
                Requests.arrival(3, "a"),
                List.of(new Decision.RequestShed(
                        new RequestId(3), ShedReason.CONCURRENCY_LIMIT, "Too many requests", Optional.empty())));
        core.append(Requests.arrival(4, "b"), List.of());
        core.append(
                new Fact.ProcessReady(RUN, Duration.ofMillis(700), "200"),
                List.of(
                        new Decision.SwapStarted(
                                new SwapId(1),
                                RUN,
                                List.of(new RunId(new ModelId("b"), 2)),
                                Reason.REQUESTED,
                                "group",
                                Optional.empty(),
                                Optional.empty(),
                                0,
                                List.of(),
                                1),
                        new Decision.SwapFinished(
                                new SwapId(1),
                                RUN,
                                Duration.ofMillis(10),
                                Duration.ofMillis(20),
                                Duration.ofMillis(700)),
                        new Decision.SwapFailed(new SwapId(2), RUN, Reason.EXITED, "gone"),
                        new Decision.SwapCancelled(new SwapId(3), RUN, Reason.UNLOADED)));
        core.append(new Fact.ProcessExited(RUN, 137, java.util.OptionalInt.of(9), 0), List.of());
        core.append(
                new Fact.HttpServed(
                        "GET", "/running", "HTTP/1.1", 200, 10, "127.0.0.1", Optional.empty(), Duration.ZERO),
                List.of());
        core.move("a", ProcessState.READY);
    }

    private static String metrics(PlaneFixture fixture) {
        long head = fixture.journal.head();
        PlaneFixture.until("the metrics have seen all", () -> fixture.journal.status().followers().stream()
                .filter(f -> f.name().equals("metrics") || f.name().equals("control-plane"))
                .allMatch(f -> f.position() >= head));
        return fixture.get("/metrics").text();
    }

    private static void assertLine(String text, String line) {
        assertTrue(text.lines().anyMatch(line::equals), line + " in\n" + text);
    }

    @Test
    void beforeAnyModelMovedTheAnswerIsTheReferences() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            PlaneFixture.Reply reply = fixture.get("/metrics");
            assertEquals(200, reply.status());
            assertEquals("", reply.text());
            assertEquals("text/plain; version=0.0.4; charset=utf-8", reply.header("Content-Type"));
        }
    }

    @Test
    void withoutSamplingItIs503UntilThereIsSomethingOfOurs() {
        try (PlaneFixture fixture = PlaneFixture.with("performance: {disabled: true}\n" + CONFIG)) {
            assertEquals(503, fixture.get("/metrics").status());
            assertEquals(
                    "# performance monitor not available\n",
                    fixture.get("/metrics").text());
            fixture.core.move("a", ProcessState.STARTING);
            assertTrue(metrics(fixture).contains("turntable_models{state=\"starting\"} 1\n"));
        }
    }

    @Test
    void requestsAreCountedByTheirTrueOutcome() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            live(fixture);
            String text = metrics(fixture);
            assertLine(text, "turntable_requests_total{model=\"a\",outcome=\"ok\"} 1");
            assertLine(text, "turntable_requests_total{model=\"a\",outcome=\"client_gone\"} 1");
            assertLine(text, "turntable_requests_shed_total{reason=\"concurrency_limit\"} 1");
            assertLine(text, "turntable_request_seconds_count{model=\"a\"} 2");
            assertLine(text, "turntable_request_seconds_sum{model=\"a\"} 0.5");
            assertLine(text, "turntable_request_wait_seconds_count{model=\"a\"} 2");
            assertLine(text, "turntable_tokens_total{kind=\"input\",model=\"a\"} 11");
            assertLine(text, "turntable_tokens_total{kind=\"cached\",model=\"a\"} 0");
            assertLine(text, "turntable_requests_under_way 2");
            assertLine(text, "turntable_requests_waiting 1");
        }
    }

    @Test
    void swapsLoadsAndExitsAreCounted() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            live(fixture);
            String text = metrics(fixture);
            for (String result : List.of("finished", "failed", "cancelled")) {
                assertLine(text, "turntable_swaps_total{model=\"a\",result=\"" + result + "\"} 1");
            }
            assertLine(text, "turntable_evictions_total{model=\"b\"} 1");
            assertLine(text, "turntable_swap_phase_seconds_sum{phase=\"stop\"} 0.02");
            assertLine(text, "turntable_model_load_seconds_bucket{model=\"a\",le=\"0.5\"} 0");
            assertLine(text, "turntable_model_load_seconds_bucket{model=\"a\",le=\"1\"} 1");
            assertLine(text, "turntable_process_exits_total{code=\"137\",model=\"a\"} 1");
            assertLine(text, "turntable_models{state=\"ready\"} 1");
            assertLine(text, "turntable_journal_head " + fixture.journal.head());
            assertLine(text, "turntable_control_requests_total{status=\"200\"} 1");
        }
    }

    @Test
    void everyFamilyHasHelpAndTypeBeforeItsSamples() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            live(fixture);
            Set<String> typed = new TreeSet<>();
            metrics(fixture).lines().forEach(line -> {
                if (line.startsWith("# TYPE ")) {
                    assertTrue(typed.add(line.split(" ")[2]), line);
                } else if (!line.startsWith("#")) {
                    String name = line.split("[{ ]")[0].replaceAll("_(bucket|sum|count)$", "");
                    assertTrue(typed.contains(name) || typed.contains(line.split("[{ ]")[0]), line);
                }
            });
        }
    }

    @Test
    void theDocumentNamesExactlyTheFamiliesThereAre() throws IOException {
        String document = Files.readString(documentation("metrics.md"));
        Set<String> documented = new TreeSet<>();
        Matcher names = Pattern.compile("`(turntable_[a-z_]+)`").matcher(document);
        while (names.find()) {
            documented.add(names.group(1));
        }
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            live(fixture);
            Set<String> there = new TreeSet<>();
            metrics(fixture)
                    .lines()
                    .filter(l -> l.startsWith("# TYPE turntable_"))
                    .forEach(l -> there.add(l.split(" ")[2]));
            assertEquals(documented, there);
        }
    }

    /** What {@code metrics.md} names, {@code a_{b,c}} being two. */
    private static Set<String> documentedFamilies() throws IOException {
        Set<String> families = new TreeSet<>();
        Matcher names = Pattern.compile("`((?:turntable|llamaswap)_[a-z_]*)(?:\\{([a-z_,]+)\\}([a-z_]*))?`")
                .matcher(Files.readString(documentation("metrics.md")));
        while (names.find()) {
            if (names.group(2) == null) {
                families.add(names.group(1));
            } else {
                for (String part : names.group(2).split(",")) {
                    families.add(names.group(1) + part + names.group(3));
                }
            }
        }
        return families;
    }

    /** Every query of the dashboard and of its variables. */
    private static List<String> dashboardQueries() throws IOException {
        Object dashboard = JsonTree.parse(
                Files.readString(documentation("metrics.md").resolveSibling("../config/grafana-dashboard.json")));
        List<String> queries = new ArrayList<>();
        for (Object panel : JsonTree.list(dashboard, "panels")) {
            if (!"row".equals(JsonTree.at(panel, "type"))) {
                JsonTree.list(panel, "targets").forEach(target -> queries.add((String) JsonTree.at(target, "expr")));
            }
        }
        for (Object variable : JsonTree.list(dashboard, "templating/list")) {
            if ("query".equals(JsonTree.at(variable, "type"))) {
                queries.add((String) JsonTree.at(variable, "query/query"));
            }
        }
        return queries;
    }

    @Test
    void theDashboardAsksOnlyForWhatIsDocumented() throws IOException {
        Pattern family = Pattern.compile("\\b(?:(?:turntable|llamaswap)_\\w+|\\w+(?=\\{))");
        Set<String> documented = documentedFamilies();
        Set<String> asked = new TreeSet<>();
        for (String query : dashboardQueries()) {
            List<String> names = family.matcher(query.replaceAll("\"[^\"]*\"", ""))
                    .results()
                    .map(name -> name.group().replaceFirst("_seconds_(bucket|sum|count)$", "_seconds"))
                    .toList();
            assertTrue(!names.isEmpty(), query + " asks for nothing");
            asked.addAll(names);
        }
        Set<String> unknown = new TreeSet<>(asked);
        unknown.removeAll(documented);
        assertEquals(Set.of(), unknown);
        assertTrue(asked.size() > 20, asked + " is hardly a dashboard");
    }

    /** A file of the project's documentation, wherever the build runs. */
    static Path documentation(String name) {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve(".mvn"))) {
            folder = folder.getParent();
        }
        return folder.resolve("docs").resolve(name);
    }
}
