package dev.turntable.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.turntable.browser.Browser.Window;
import dev.turntable.testkit.TurntableProcess;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The faults that the page once had, one test each. Those that need a server that goes away are in {@link RestartTest}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BugsTest {
    private TurntableProcess turntable;
    private Browser browser;

    @BeforeAll
    void start() {
        turntable = World.start();
        browser = new Browser();
    }

    @AfterAll
    void stop() {
        browser.close();
        turntable.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"#/swaps", "#/logs", "#/activity", "#/record", "#/playground"})
    void aSelectOfModelsIsFullAlsoWhenItsPageIsOpenedDirectly(String place) {
        try (Window window = browser.open(turntable, place)) {
            assertThat(window.page
                            .locator("#view select option")
                            .filter(new com.microsoft.playwright.Locator.FilterOptions()
                                    .setHasText(Pattern.compile("^owl$"))))
                    .hasCount(1);
        }
    }

    @Test
    void olderSwapsStayWhenSomethingChanges() {
        for (int i = 0; i < 55; i++) { // each swaps the other out: more than one page of them
            turntable.http().chat(i % 2 == 0 ? "fox" : "owl").expect(200);
        }
        try (Window window = browser.open(turntable, "#/swaps")) {
            window.page.route(
                    "**/api/swaps?limit=100",
                    route -> route.resume(new com.microsoft.playwright.Route.ResumeOptions()
                            .setUrl(route.request().url().replace("limit=100", "limit=20"))));
            window.page.reload();
            var rows = window.page
                    .getByLabel("Swaps", new Page.GetByLabelOptions().setExact(true))
                    .locator("tbody tr");
            assertThat(rows).hasCount(20);
            window.page.getByRole(AriaRole.BUTTON, named("Older")).click();
            assertThat(window.page.locator("[data-total]")).containsText("all there are");
            int before = rows.count();
            assertTrue(before > 50, "rows: " + before);
            turntable.http().post("/api/models/unload/wren", "");
            turntable.http().chat("wren").expect(200);
            assertThat(rows).hasCount(before + 1);
        }
    }

    @Test
    void theFocusStaysWhereItIsWhenAStateChanges() {
        try (Window window = browser.open(turntable, "#/models")) {
            window.page.getByLabel("More for a/b").focus();
            turntable.http().chat("a/b").expect(200);
            assertThat(window.page.getByLabel("Unload a/b")).isVisible();
            assertEquals("More for a/b", window.js("document.activeElement.getAttribute('aria-label')"));
            turntable.http().post("/api/models/unload/a/b", "");
            assertThat(window.page.getByLabel("Load a/b")).isVisible();
            assertEquals("More for a/b", window.js("document.activeElement.getAttribute('aria-label')"));
        }
    }

    @Test
    void textSelectedInALogStaysSelectedAndNothingMoves() {
        try (Window window = browser.open(turntable, "#/logs?source=model:wren")) {
            var log = window.page.getByRole(AriaRole.LOG);
            assertThat(log).containsText("wren POST");
            window.js("getSelection().selectAllChildren(document.querySelector('pre div'))");
            String selected = (String) window.js("getSelection().toString()");
            turntable.http().chat("wren", "\"demo\":{\"say\":\"a-late-line\"}").expect(200);
            assertThat(window.page.getByText(Pattern.compile("new lines wait while text is selected")))
                    .isVisible();
            assertEquals(selected, window.js("getSelection().toString()"));
            window.js("getSelection().removeAllRanges()");
            assertThat(log).containsText("a-late-line");
        }
    }

    @Test
    void timesAge() {
        try (Window window = browser.open(turntable, "#/activity")) {
            turntable.http().chat("wren").expect(200);
            assertThat(window.page.locator("t-ago").first()).hasText(Pattern.compile("[0-2] s ago"));
            assertThat(window.page.locator("t-ago").first()).hasText(Pattern.compile("[4-6] s ago"));
        }
    }

    @Test
    void aBrokenEscapeInTheAddressIsTakenAsItStands() {
        try (Window window = browser.open(turntable, "#/models/100%")) {
            assertThat(window.page.locator("main > h1")).hasText("100%");
            assertThat(window.page.locator("#view")).containsText("There is no model of that name.");
        }
    }

    @Test
    void theBrandLeadsHomeFromAnyPlace() {
        try (Window window = browser.open(turntable, "activity")) {
            assertThat(window.page.locator("main > h1")).hasText("Activity");
            window.page.getByRole(AriaRole.LINK, named("Turntable")).click();
            assertThat(window.page.locator("main > h1")).hasText("Models");
        }
    }

    @Test
    void aBadRegularExpressionSaysSoAndHidesNothingMore() {
        try (Window window = browser.open(turntable, "#/logs?source=model:wren&filter=POST")) {
            var log = window.page.getByRole(AriaRole.LOG);
            assertThat(log).containsText("wren POST");
            assertThat(log).not().containsText("listening on");
            var filter = window.page.getByRole(AriaRole.SEARCHBOX);
            filter.fill("POST(");
            assertThat(window.page.getByRole(AriaRole.ALERT)).containsText("Unterminated group");
            assertThat(filter).hasAttribute("aria-invalid", "true");
            assertThat(log).not().containsText("listening on");
            filter.fill("listening");
            assertThat(log).containsText("listening on");
            assertThat(log).not().containsText("wren POST");
        }
    }

    @Test
    void anErrorInPlainTextIsSaid() {
        try (Window window = browser.open(turntable, "#/models")) {
            window.page.route(
                    "**/api/models/load/fox",
                    route -> route.fulfill(new com.microsoft.playwright.Route.FulfillOptions()
                            .setStatus(502)
                            .setContentType("text/plain")
                            .setBody("the proxy in front has no route")));
            turntable.http().post("/api/models/unload/fox", "");
            window.page.getByLabel("Load fox").click();
            assertThat(window.page.locator(".toast.bad")).hasText("the proxy in front has no route");
        }
    }

    @Test
    void olderEventsGoOnWhereTheListEndsThoughNewOnesCome() {
        try (Window window = browser.open(turntable, "#/record?model=wren")) {
            var rows = window.page.locator("t-event-list");
            assertThat(rows).containsText("process.ready");
            for (int i = 0; i < 30; i++) {
                turntable.http().chat("wren").expect(200);
            }
            window.page.waitForCondition(() -> seqs(window).size() > 100);
            while (window.page.getByRole(AriaRole.BUTTON, named("Older")).isVisible()) {
                int before = seqs(window).size();
                window.page.getByRole(AriaRole.BUTTON, named("Older")).click();
                window.page.waitForCondition(() -> seqs(window).size() > before
                        || !window.page
                                .getByRole(AriaRole.BUTTON, named("Older"))
                                .isVisible());
            }
            List<String> shown = seqs(window);
            List<String> recorded = turntable.history("model=wren&order=desc&limit=1000").stream()
                    .filter(event -> !event.get("type").asText().equals("http.served"))
                    .map(event -> event.get("id").asText())
                    .toList();
            assertEquals(recorded, shown);
        }
    }

    @SuppressWarnings("unchecked")
    private static List<String> seqs(Window window) {
        return (List<String>) window.js("document.querySelector('t-event-list').events.map(e => e.id)");
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }
}
