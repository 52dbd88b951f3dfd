package dev.turntable.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.turntable.browser.Browser.Window;
import dev.turntable.testkit.TurntableProcess;
import org.junit.jupiter.api.Test;

/** A change of the configuration, seen before it is made: mistakes where they stand, what would restart, then the way back. */
class ConfigurationTest {
    private static String yaml(String more) {
        return "models:\n" + TurntableProcess.model("fox", more);
    }

    @Test
    void aChangeIsTriedThenMadeThenTakenBack() {
        try (TurntableProcess turntable =
                        TurntableProcess.configured(yaml("--load-ms 1")).start();
                Browser browser = new Browser();
                Window window = browser.open(turntable, "#/configuration")) {
            var plan = window.page.locator("[data-plan]");
            assertThat(plan).containsText("It says what is in force");
            var file = window.page.getByLabel("Configuration file");
            String text = file.inputValue();

            file.fill(text.replace("concurrencyLimit: 1000", "concurrencyLimit: many"));
            assertThat(plan).containsText("Refused");
            assertThat(window.page.locator(".lines b.error")).hasCount(1);
            file.fill(text.replace("--load-ms 1", "--load-ms 2"));
            assertThat(plan).containsText("Models that restart: fox");
            assertThat(window.page.locator(".lines b.error")).hasCount(0);
            window.page.getByText("Throw the copy away").click();
            assertThat(plan).containsText("It says what is in force");

            turntable.config(yaml("--load-ms 3"));
            window.page.getByText("Check again").click();
            assertThat(plan).containsText("Models that restart: fox");
            window.page.getByText("Reload from disk").click();
            assertThat(plan).containsText("It says what is in force");

            window.page
                    .getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName("History"))
                    .click();
            window.page.getByLabel("Compare").last().click();
            assertThat(window.page.locator(".diff .add")).containsText("--load-ms 3");
            window.page.getByText("Go back to it").click();
            assertThat(window.page.locator("tbody tr")).hasCount(3);
            assertThat(window.page.locator("tbody tr").first()).containsText("rollback");
        }
    }
}
