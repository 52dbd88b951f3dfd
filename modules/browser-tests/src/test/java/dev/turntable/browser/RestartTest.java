package dev.turntable.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.options.AriaRole;
import dev.turntable.browser.Browser.Window;
import dev.turntable.testkit.TurntableProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The server goes away under open pages and comes back: they say so, reconnect by themselves, and show nothing stale. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestartTest {
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

    @Test
    void everyPageGoesOnAfterARestart() {
        try (Window models = browser.open(turntable, "#/models");
                Window activity = browser.open(turntable, "#/activity");
                Window performance = browser.open(turntable, "#/performance");
                Window record = browser.open(turntable, "#/record");
                Window log = browser.open(turntable, "#/logs?source=model:wren")) {
            assertThat(models.page.getByLabel("Unload wren")).isVisible();
            assertThat(activity.page.locator("[data-total]")).containsText("of 8 requests");
            assertThat(performance.page.locator(".uplot").first()).isVisible();
            assertThat(log.page.getByRole(AriaRole.LOG)).containsText("wren POST");
            assertThat(record.page.locator("t-event-list")).containsText("request.finished");

            turntable.stop();
            assertThat(models.page.getByRole(AriaRole.ALERT)).containsText("does not answer");
            assertThat(models.page.getByRole(AriaRole.STATUS).first()).hasText("disconnected");
            assertThat(performance.page.locator("#view").getByRole(AriaRole.ALERT))
                    .isVisible();

            turntable.start();
            turntable.http().chat("wren", "\"demo\":{\"say\":\"back-again\"}").expect(200);
            assertThat(models.page.getByRole(AriaRole.ALERT)).hasCount(0);
            assertThat(models.page.getByLabel("Unload wren")).isVisible();
            assertThat(models.page.getByLabel("Load fox")).isVisible();
            assertThat(activity.page.locator("[data-total]")).containsText("of 9 requests");
            assertThat(performance.page.getByRole(AriaRole.ALERT)).hasCount(0);
            assertThat(record.page.locator("t-event-list")).containsText("server.listening");
            assertThat(log.page.getByRole(AriaRole.LOG)).containsText("back-again");
            assertEquals("Models · Turntable · 1 ready", models.page.title());
        }
    }
}
