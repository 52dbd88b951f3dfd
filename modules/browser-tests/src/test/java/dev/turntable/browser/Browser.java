package dev.turntable.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import dev.turntable.testkit.TurntableProcess;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Chromium without a screen. Every window is a session of its own; what the page complains about in its console fails the test. */
final class Browser implements AutoCloseable {
    private static final int PATIENCE_MS = 20_000;

    /** What the browser itself says when a server is away, or refuses something a test asked for. */
    private static final List<String> EXPECTED = List.of(
            "Failed to load resource",
            "net::ERR_",
            "Refused to apply style from"); // a place written as a path, in the moment before it is led elsewhere

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;

    Browser() {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        String path = Optional.ofNullable(System.getenv("CHROMIUM")).orElse("/usr/bin/chromium");
        chromium = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Path.of(path))
                        .setArgs(List.of("--no-sandbox")));
    }

    /** How a window looks. */
    enum Look {
        LIGHT,
        DARK,
        PHONE
    }

    /** A window on the page of this server at this place: {@code #/models}. */
    Window open(TurntableProcess turntable, String place) {
        return open(turntable.http().base(), place, Look.LIGHT, options -> {});
    }

    Window open(
            URI server, String place, Look look, Consumer<com.microsoft.playwright.Browser.NewContextOptions> more) {
        var options = new com.microsoft.playwright.Browser.NewContextOptions()
                .setColorScheme(
                        look == Look.DARK
                                ? com.microsoft.playwright.options.ColorScheme.DARK
                                : com.microsoft.playwright.options.ColorScheme.LIGHT)
                .setViewportSize(look == Look.PHONE ? 390 : 1360, look == Look.PHONE ? 844 : 850)
                .setLocale("en-GB");
        more.accept(options);
        BrowserContext context = chromium.newContext(options);
        context.setDefaultTimeout(PATIENCE_MS);
        return new Window(context, server, place);
    }

    @Override
    public void close() {
        chromium.close();
        playwright.close();
    }

    /** One window; closing it says what the page complained about. */
    static final class Window implements AutoCloseable {
        private final BrowserContext context;
        private final URI server;
        private final List<String> complaints = new CopyOnWriteArrayList<>();
        final Page page;

        private Window(BrowserContext context, URI server, String place) {
            this.context = context;
            this.server = server;
            this.page = context.newPage();
            page.onConsoleMessage(message -> {
                if (message.type().equals("error") && EXPECTED.stream().noneMatch(message.text()::contains)) {
                    complaints.add(message.text());
                }
            });
            page.onPageError(complaints::add);
            go(place);
        }

        /** Opens the page anew, at this place. */
        Window go(String place) {
            page.navigate("about:blank");
            page.navigate(server + "/ui/" + place);
            return this;
        }

        /** What the page's own code says: {@code js("document.title")}. */
        Object js(String expression) {
            return page.evaluate(expression);
        }

        @Override
        public void close() {
            context.close();
            assertEquals(List.of(), complaints, "the page's console");
        }
    }
}
