package dev.turntable.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.turntable.browser.Browser.Window;
import dev.turntable.testkit.TurntableProcess;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Trying models by hand. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlaygroundTest {
    private TurntableProcess turntable;
    private Browser browser;

    @BeforeAll
    void start() {
        turntable = TurntableProcess.with(
                        TurntableProcess.model("fox", "--load-until fox-may"),
                        TurntableProcess.model("slow", "--tokens 400 --token-ms 50"),
                        TurntableProcess.model("painter", "", "capabilities: {in: [text, image], out: [text, image]}"))
                .start();
        browser = new Browser();
    }

    @AfterAll
    void stop() {
        browser.close();
        turntable.close();
    }

    private static void say(Window window, String text) {
        window.page.getByLabel("Message").fill(text);
        window.page.getByLabel("Message").press("Enter");
    }

    @Test
    void oneSeesTheLoadThenTheAnswerAndIsLedToWhyItWaited() {
        try (Window window = browser.open(turntable, "#/models")) {
            window.page.getByRole(AriaRole.LINK, named("Playground")).click();
            window.page.locator("#view select").first().selectOption("fox");
            say(window, "hello");
            assertThat(window.page.locator("[data-waiting]")).containsText("starting");
            turntable.open("fox-may");
            assertThat(window.page.locator(".chat")).containsText("Hello from fox");
            assertThat(window.page.locator(".chat")).containsText(Pattern.compile("\\d+ tokens"));
            window.page
                    .locator(".chat")
                    .getByRole(
                            AriaRole.LINK,
                            new com.microsoft.playwright.Locator.GetByRoleOptions()
                                    .setName(java.util.regex.Pattern.compile("r-\\d+")))
                    .click();
            assertThat(window.page.locator("[data-why]")).containsText("because fox was not loaded");
        }
    }

    @Test
    void anAnswerIsStoppedAndTheServerKnows() {
        try (Window window = browser.open(turntable, "#/playground?model=slow")) {
            say(window, "a long story");
            assertThat(window.page.locator(".chat")).containsText("Hello from slow");
            window.page.getByRole(AriaRole.BUTTON, named("Stop")).click();
            assertThat(window.page.locator(".chat")).containsText("stopped");
            turntable.awaitEvent(
                    "request.finished", e -> e.at("/data/outcome").asText().equals("client_gone"));
        }
    }

    @Test
    void thoughtsStandApartAndMarkdownIsHarmless() {
        try (Window window = browser.open(turntable, "#/playground?model=slow")) {
            String stream = event("<thi")
                    + event("nk>let me see</think>**bold** ![p](http://127.0.0.1:9/spy.png) <script>spied=1</script>")
                    + "data: [DONE]\n\n";
            window.page.route(
                    "**/v1/chat/completions",
                    route -> route.fulfill(new com.microsoft.playwright.Route.FulfillOptions()
                            .setContentType("text/event-stream")
                            .setBody(stream)));
            say(window, "think");
            assertThat(window.page.locator(".thoughts")).hasText("let me see");
            assertThat(window.page.locator(".say strong")).hasText("bold");
            assertThat(window.page.locator(".say img[src], .say script")).hasCount(0);
        }
    }

    private static String event(String content) {
        return "data: {\"choices\":[{\"delta\":{\"content\":\"" + content + "\"}}]}\n\n";
    }

    @Test
    void whatAModelCanDoDecidesWhatIsOffered() {
        try (Window window = browser.open(turntable, "#/playground?model=painter")) {
            assertThat(window.page.getByRole(AriaRole.TAB, named("Images"))).isVisible();
            assertThat(window.page.getByRole(AriaRole.TAB, named("Speech"))).hasCount(0);
            window.js("location.hash = '#/playground?model=slow&mode=embeddings'");
            window.page.getByRole(AriaRole.BUTTON, named("Embed")).click();
            assertThat(window.page.locator("#view")).containsText("numbers. How alike");
        }
    }

    @Test
    void aSmallLoadTestCounts() {
        try (Window window = browser.open(turntable, "#/playground?model=painter&mode=load")) {
            window.page.getByLabel("Requests").fill("6");
            window.page.getByRole(AriaRole.BUTTON, named("Go")).click();
            assertThat(window.page.locator("#view")).containsText("6 of 6");
            assertTrue(turntable.history("type=request.arrived&model=painter").size() >= 6);
        }
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }
}
