package dev.turntable.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.options.AriaRole;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.turntable.browser.Browser.Look;
import dev.turntable.browser.Browser.Window;
import dev.turntable.testkit.TurntableProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Behind a proxy that serves it below a path, the page asks for nothing outside of that. */
class PrefixTest {
    private static final String PREFIX = "/machines/left";

    @Test
    void thePageWorksBelowAPath() throws IOException {
        try (TurntableProcess turntable =
                        TurntableProcess.with(TurntableProcess.model("fox")).start();
                Browser browser = new Browser();
                Prefix proxy = new Prefix(turntable.http().base())) {
            try (Window window = browser.open(proxy.base(), "models/fox", Look.LIGHT, options -> {})) {
                assertThat(window.page.locator("main > h1")).hasText("fox");
                window.page.getByLabel("Load fox").click();
                assertThat(window.page.getByLabel("Unload fox")).isVisible();
                window.page
                        .getByRole(
                                AriaRole.LINK,
                                new com.microsoft.playwright.Page.GetByRoleOptions().setName("Playground"))
                        .click();
                window.page.getByLabel("Message").fill("hello");
                window.page.getByLabel("Message").press("Enter");
                assertThat(window.page.locator(".chat")).containsText("Hello from fox");
                window.js("location.hash = '#/logs?source=model:fox'");
                assertThat(window.page.getByRole(AriaRole.LOG)).containsText("fox POST");
            }
            assertEquals(List.of(), proxy.outside);
        }
    }

    /** A reverse proxy that takes its prefix off and passes answers on as they come. */
    private static final class Prefix implements AutoCloseable {
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .executor(threads)
                .build();
        private final List<String> outside = new CopyOnWriteArrayList<>();
        private final URI to;
        private final HttpServer server;

        Prefix(URI to) throws IOException {
            this.to = to;
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            server.createContext("/", this::pass);
            server.start();
        }

        URI base() {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + PREFIX);
        }

        private void pass(HttpExchange exchange) throws IOException {
            String path = exchange.getRequestURI().toString();
            try (exchange) {
                if (!path.startsWith(PREFIX + "/")) {
                    outside.add(path);
                    exchange.sendResponseHeaders(404, -1);
                    return;
                }
                var request = HttpRequest.newBuilder(URI.create(to + path.substring(PREFIX.length())))
                        .method(
                                exchange.getRequestMethod(),
                                HttpRequest.BodyPublishers.ofByteArray(
                                        exchange.getRequestBody().readAllBytes()));
                for (String name : List.of("Accept", "Content-Type")) {
                    List<String> values = exchange.getRequestHeaders().getOrDefault(name, List.of());
                    values.forEach(value -> request.header(name, value));
                }
                answer(exchange, client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
        }

        private static void answer(HttpExchange exchange, HttpResponse<java.io.InputStream> answer) throws IOException {
            for (String name : List.of("Content-Type", "Content-Security-Policy", "Location", "ETag")) {
                answer.headers().firstValue(name).ifPresent(v -> exchange.getResponseHeaders()
                        .set(name, v));
            }
            exchange.sendResponseHeaders(answer.statusCode(), 0);
            try (var in = answer.body();
                    var out = exchange.getResponseBody()) {
                byte[] piece = new byte[8192];
                for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                    out.write(piece, 0, n);
                    out.flush();
                }
            } catch (UncheckedIOException left) {
                // the page went elsewhere
            }
        }

        @Override
        public void close() {
            server.stop(0);
            client.shutdownNow();
            threads.shutdownNow();
        }
    }
}
