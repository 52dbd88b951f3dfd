package dev.turntable.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.options.AriaRole;
import dev.turntable.browser.Browser.Look;
import dev.turntable.browser.Browser.Window;
import dev.turntable.testkit.TurntableProcess;
import org.junit.jupiter.api.Test;

/** With keys the browser asks once and keeps what it was told: everything else works as without. */
class KeysTest {
    @Test
    void aKeyIsAskedForOnceAndGoodForThePageItsEventsAndThePlayground() {
        try (TurntableProcess turntable = TurntableProcess.configured(
                                "apiKeys: [a-secret]\nmodels:\n" + TurntableProcess.model("fox"))
                        .start();
                Browser browser = new Browser()) {
            assertEquals(401, turntable.http().get("/ui/").status());
            try (Window window = browser.open(
                    turntable.http().base(),
                    "#/playground?model=fox",
                    Look.LIGHT,
                    options -> options.setHttpCredentials("anybody", "a-secret"))) {
                assertThat(window.page.locator("aside footer .state")).hasText("live");
                window.page.getByLabel("Message").fill("hello");
                window.page.getByLabel("Message").press("Enter");
                assertThat(window.page.locator(".chat")).containsText("Hello from fox");
                window.js("location.hash = '#/models'");
                assertThat(window.page.getByLabel("Unload fox")).isVisible();
                window.js("location.hash = '#/configuration'");
                assertThat(window.page.locator("#view")).containsText("fox");
                assertThat(window.page.locator("#view")).not().containsText("a-secret");
                assertThat(window.page.getByRole(AriaRole.ALERT)).hasCount(0);
            }
        }
    }
}
