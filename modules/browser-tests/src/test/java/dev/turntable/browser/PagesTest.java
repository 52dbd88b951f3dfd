package dev.turntable.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.turntable.browser.Browser.Look;
import dev.turntable.browser.Browser.Window;
import dev.turntable.testkit.TurntableProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every page, with everything on it: it says what it should, and everybody can use it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PagesTest {
    /** Each place with something that must be seen before it is judged. */
    private static final List<String[]> PLACES = List.of(
            new String[] {"#/models", "wren"},
            new String[] {"#/models/wren", "Ask it"},
            new String[] {"#/models/a/b?tab=story", "process.ready"},
            new String[] {"#/playground", "Say something."},
            new String[] {"#/activity", "upstream died"},
            new String[] {"#/activity/r-2", "because owl was not loaded"},
            new String[] {"#/swaps", "s-2"},
            new String[] {"#/swaps/s-2", "Who waited"},
            new String[] {"#/time", "after commit"},
            new String[] {"#/record", "request.finished"},
            new String[] {"#/record/1.0", "Led to"},
            new String[] {"#/logs", "Another beside it"},
            new String[] {"#/performance", "Span"},
            new String[] {"#/configuration", "In force"},
            new String[] {"#/server", "Follower"});

    private static final String SERIOUS = "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations"
            + ".filter(v => ['serious', 'critical'].includes(v.impact))"
            + ".map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | ')))";

    private TurntableProcess turntable;
    private Browser browser;
    private String axe;

    @BeforeAll
    void start() {
        turntable = World.start();
        turntable.http().chat("slashed").expect(200);
        browser = new Browser();
        try (InputStream in = PagesTest.class.getResourceAsStream("/axe.min.js")) {
            axe = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    void stop() {
        browser.close();
        turntable.close();
    }

    @ParameterizedTest
    @EnumSource(Look.class)
    void everyPageShowsItselfAndAxeFindsNothingSerious(Look look) {
        try (Window window = browser.open(turntable.http().base(), "#/models", look, options -> {})) {
            window.js("window.axe || (() => {" + axe + "})()");
            var found = new ArrayList<String>();
            for (String[] place : PLACES) {
                window.js("location.hash = '" + place[0] + "'");
                assertThat(window.page.locator("#view")).containsText(place[1]);
                ((List<?>) window.js(SERIOUS)).forEach(serious -> found.add(place[0] + " " + serious));
                if (!window.js("document.documentElement.scrollWidth <= innerWidth")
                        .equals(true)) {
                    found.add(place[0] + " is wider than the window");
                }
            }
            assertEquals(List.of(), found, look.toString());
        }
    }

    @Test
    void everyOutcomeIsNamedAndNoneButOkLooksLikeOne() {
        try (Window window = browser.open(turntable, "#/activity")) {
            for (String outcome :
                    List.of("ok", "upstream error", "upstream died", "cancelled", "load failed", "shed")) {
                assertThat(window.page
                                .locator(
                                        "td .badge",
                                        new Page.LocatorOptions().setHasText(Pattern.compile("^" + outcome + "$")))
                                .first())
                        .isVisible();
            }
            Object colors = window.js("[...new Set([...document.querySelectorAll('td .badge')]"
                    + ".map(b => (b.textContent === 'ok') + getComputedStyle(b).color))].filter(c => c.endsWith("
                    + "getComputedStyle(document.querySelector('td .badge.o-ok')).color)).length");
            assertEquals(1, colors, "only ok is green");
        }
    }

    @Test
    void aRequestTellsWhyItWaitedAndLeadsToEverythingInvolved() {
        try (Window window = browser.open(turntable, "#/activity")) {
            window.page.getByRole(AriaRole.LINK, link("r-2")).click();
            assertThat(window.page.locator("[data-why]")).containsText("r-2 for owl waited");
            window.page
                    .locator("[data-why]")
                    .getByRole(AriaRole.LINK, named("s-2"))
                    .click();
            assertThat(window.page.getByRole(AriaRole.HEADING, heading("s-2"))).isVisible();
            window.page
                    .getByLabel("Who waited")
                    .getByRole(AriaRole.LINK, named("r-2"))
                    .click();
            assertThat(window.page.locator("[data-why]")).isVisible();
            window.page.getByRole(AriaRole.TAB, tab("Answer")).click();
            assertThat(window.page.locator("#view")).containsText("chat.completion");
            window.page.reload();
            assertThat(window.page.getByRole(AriaRole.TAB, tab("Answer"))).hasAttribute("aria-selected", "true");
            window.page.getByRole(AriaRole.TAB, tab("Log at that moment")).click();
            assertThat(window.page.locator("#view")).containsText("owl POST /v1/chat/completions");
            window.page.goBack();
            assertThat(window.page.getByRole(AriaRole.HEADING, heading("s-2"))).isVisible();
        }
    }

    @Test
    void aFailedModelSaysWhatItPrintedLastAndIsLoadedAgainByHand() {
        try (Window window = browser.open(turntable, "#/models?q=broken")) {
            assertThat(window.page.locator("#view")).containsText("out-of-memory");
            assertThat(window.page.locator(".state.s-failed")).isVisible();
            window.page.getByLabel("Load broken").click();
            assertThat(window.page.locator("#toasts")).containsText("Loading broken");
        }
    }

    @Test
    void aHoldIsABannerEverywhereUntilItIsLifted() {
        try (Window window = browser.open(turntable, "#/server")) {
            turntable.http().post("/api/hold?note=rendering", "").expect(200);
            try {
                window.go("#/logs");
                assertThat(window.page.locator(".banner.hold")).containsText("rendering");
                window.go("#/activity");
                window.page.getByRole(AriaRole.BUTTON, button("Lift the hold")).click();
                assertThat(window.page.locator(".banner.hold")).hasCount(0);
            } finally {
                turntable.http().send(turntable.http().request("/api/hold").DELETE());
            }
        }
    }

    @Test
    void timeTravelShowsWhatWasLoadedThen() {
        try (Window window = browser.open(turntable, "#/time")) {
            String swapped = turntable
                    .awaitEvent("swap.finished", e -> e.path("swap").asText().equals("s-1"))
                    .get("seq")
                    .asText();
            window.go("#/time?at=" + swapped);
            assertThat(window.page.getByLabel("Models then")).containsText("fox");
            assertThat(window.page.getByLabel("Models then")).not().containsText("owl");
            window.page.getByLabel("One commit forward").click();
            window.page.waitForCondition(() -> !window.page.url().endsWith("at=" + swapped));
        }
    }

    @Test
    void theKeyboardAloneIsEnough() {
        try (Window window = browser.open(turntable, "#/models")) {
            assertThat(window.page.getByLabel("Load fox")).isVisible();
            window.page.keyboard().press("Tab");
            assertEquals("Skip to the page", window.js("document.activeElement.textContent"));
            window.page.getByLabel("More for wren").focus();
            window.page.keyboard().press("Enter");
            assertThat(window.page
                            .getByRole(AriaRole.BUTTON, button("Copy curl"))
                            .first())
                    .isVisible();
            window.page.keyboard().press("Escape");
            assertEquals("More for wren", window.js("document.activeElement.getAttribute('aria-label')"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"activity", "models/wren", "models/a/b"})
    void aPlaceWrittenAsAPathLeadsThere(String path) {
        try (Window window = browser.open(turntable, path)) {
            window.page.waitForURL(Pattern.compile(".*/ui/#/" + path + "$"));
            assertThat(window.page.locator("main > h1"))
                    .hasText(path.startsWith("models/") ? path.substring(7) : "Activity");
        }
    }

    @Test
    void thePageIsSmall() {
        try (Window window = browser.open(turntable, "#/models")) {
            assertThat(window.page.getByLabel("Load fox")).isVisible();
            int bytes = ((Number) window.js(
                            "performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))"
                                    + ".reduce((n, e) => n + (e.name.includes('/api/') ? 0 : e.encodedBodySize), 0)"))
                    .intValue();
            assertTrue(bytes > 10_000 && bytes < 300_000, "bytes: " + bytes);
        }
    }

    private static Page.GetByRoleOptions link(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }

    private static com.microsoft.playwright.Locator.GetByRoleOptions named(String name) {
        return new com.microsoft.playwright.Locator.GetByRoleOptions()
                .setName(name)
                .setExact(true);
    }

    private static Page.GetByRoleOptions heading(String name) {
        return link(name);
    }

    private static Page.GetByRoleOptions tab(String name) {
        return link(name);
    }

    private static Page.GetByRoleOptions button(String name) {
        return link(name);
    }
}
