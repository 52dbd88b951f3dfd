package dev.turntable.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.browser.Browser.Window;
import dev.turntable.testkit.Http;
import dev.turntable.testkit.TurntableProcess;
import dev.turntable.testkit.Wait;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Two hundred models and ten thousand rows: no task of the page holds it up. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScaleTest {
    private static final int ROWS = 10_000;
    private static final int AT_ONCE = 250;

    /** A tenth of a second, and as much again for a machine on which everything else is being tested too. */
    private static final int LONG_MS = 200;

    private TurntableProcess turntable;
    private Browser browser;

    @BeforeAll
    void start() {
        String models = IntStream.rangeClosed(1, 200)
                .mapToObj(i -> TurntableProcess.model("model-%03d".formatted(i)))
                .collect(Collectors.joining());
        turntable = TurntableProcess.configured("metricsMaxInMemory: 20000\nmodels:\n" + models)
                .start();
        turntable.http().chat("model-007").expect(200);
        rows();
        browser = new Browser();
    }

    /** Rows cost nothing when no model has to answer. */
    private void rows() {
        var request = HttpRequest.newBuilder(turntable.http().base().resolve("/v1/chat/completions"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Http.chatBody("nobody", false, "")))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int sent = 0; sent < ROWS; sent += AT_ONCE) {
                List<CompletableFuture<HttpResponse<Void>>> answers = IntStream.range(0, AT_ONCE)
                        .mapToObj(_ -> client.sendAsync(request, HttpResponse.BodyHandlers.discarding()))
                        .toList();
                answers.forEach(CompletableFuture::join);
            }
        }
        Wait.until("all rows are there", () -> World.ended(turntable) > ROWS);
    }

    @AfterAll
    void stop() {
        browser.close();
        turntable.close();
    }

    private Window watched(String place) {
        Window window = browser.open(turntable, "#/server");
        assertThat(window.page.locator("#view")).containsText("Newest commit");
        window.js(
                "window.long = []; new PerformanceObserver(l => l.getEntries().forEach(e => long.push(e.duration))).observe({type: 'longtask'})");
        window.js("location.hash = '" + place + "'");
        return window;
    }

    private static void assertQuick(Window window) {
        double longest = ((Number) window.js("Math.max(0, ...long)")).doubleValue();
        assertTrue(longest < LONG_MS, "a task of " + longest + " ms");
    }

    @Test
    void twoHundredModelsAreListedSearchedAndUpdated() {
        try (Window window = watched("#/models")) {
            assertThat(window.page.locator("tbody tr td.name")).hasCount(200);
            turntable.http().chat("model-123").expect(200);
            assertThat(window.page.getByLabel("Unload model-123")).isVisible();
            window.page.getByLabel("Search models").fill("model-19");
            assertThat(window.page.locator("tbody tr td.name")).hasCount(10);
            assertQuick(window);
        }
    }

    @Test
    void tenThousandRowsAreCountedHonestlyAndScrolled() {
        try (Window window = watched("#/activity?limit=999")) {
            assertThat(window.page.locator("[data-total]"))
                    .containsText(Pattern.compile("1–999 of 10,00\\d requests\\s+kept"));
            assertTrue(((Number) window.js("document.querySelectorAll('t-rows tbody tr').length")).intValue() < 120);
            window.js("document.querySelector('.scroll.tall').scrollTop = 1e6");
            assertThat(window.page.locator("t-rows")).containsText("r-900"); // the last of the page
            window.page.getByText("Older").click();
            assertThat(window.page.locator("[data-total]")).containsText("1,000–1,998");
            window.page.locator("main select[aria-label=Model]").selectOption("model-007");
            assertThat(window.page.locator("[data-total]")).containsText("1–1 of 1 request");
            assertQuick(window);
        }
    }

    @Test
    void anExportHoldsEveryRow() {
        try (Window window = browser.open(turntable, "#/activity")) {
            assertThat(window.page.locator("[data-total]")).containsText("10,00");
            var download = window.page.waitForDownload(
                    () -> window.page.getByText("CSV").click());
            try (var lines = java.nio.file.Files.lines(download.path())) {
                assertTrue(lines.count() > ROWS);
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    @Test
    void aLogOfAThousandLinesASecondTakesATenthOfTheThread() {
        try (Window window = browser.open(turntable, "#/logs?source=model:model-007")) {
            assertThat(window.page.locator("pre")).containsText("listening");
            window.js(
                    "window.fed = 0; window.busy = 0; const log = document.querySelector('t-log'), add = log.add.bind(log);"
                            + "log.add = () => { const t = performance.now(); add(); document.querySelector('pre').offsetHeight; busy += performance.now() - t; };"
                            + "window.feed = setInterval(() => { for (let i = 0; i < 100; i++) log.fresh.push('[INFO] line ' + fed++ + ' of a model that talks a lot'); }, 100)");
            window.page.waitForCondition(() -> ((Number) window.js("fed")).intValue() >= 4_000);
            double busy = ((Number) window.js("clearInterval(feed), busy / fed")).doubleValue();
            assertTrue(busy < 0.1, "part of the thread: " + busy);
            assertThat(window.page.locator("pre")).containsText("line 3999");
        }
    }
}
