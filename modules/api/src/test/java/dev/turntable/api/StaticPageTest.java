package dev.turntable.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Decision;
import dev.turntable.event.EventType;
import dev.turntable.event.Fact;
import dev.turntable.ui.Page;
import io.helidon.http.Method;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** llama-swap §3.11: the page's files, deep links, packed copies, and that the page asks nobody else for anything. */
class StaticPageTest {
    private static final String CONFIG = "models: {}";

    @Test
    void filesHaveTheirTypesAndDeepLinksLeadIntoThePage() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            assertEquals("text/html; charset=utf-8", fixture.get("/ui/").header("Content-Type"));
            assertEquals(
                    "text/javascript; charset=utf-8", fixture.get("/ui/app.js").header("Content-Type"));
            assertEquals("text/css; charset=utf-8", fixture.get("/ui/app.css").header("Content-Type"));
            assertEquals(
                    fixture.get("/ui/").text(), fixture.get("/ui/some/route").text());
            assertTrue(fixture.get("/ui/").header("Content-Security-Policy").startsWith("default-src 'self';"));
            assertEquals(404, fixture.get("/ui/missing.js").status());
            assertEquals("404 page not found\n", fixture.get("/ui/missing.js").text());
            assertEquals(404, fixture.get("/ui/%2e%2e/Page.class").status());
        }
    }

    @Test
    void aKnownCopyIsNotSentAgain() {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            String tag = fixture.get("/ui/app.js").header("ETag");
            assertEquals(304, fixture.get("/ui/app.js", "If-None-Match", tag).status());
            assertEquals(
                    200, fixture.get("/ui/app.js", "If-None-Match", "\"other\"").status());
        }
    }

    /** From the first file on, everything that one names is followed: relative files, and libraries by the import map. */
    @Test
    void everythingThePageNamesIsThereAndOurs() {
        String index = text("index.html");
        Map<String, String> libraries = new HashMap<>();
        Pattern.compile("\"([^\"]+)\": \"\\./([^\"]+)\"")
                .matcher(index)
                .results()
                .forEach(m -> libraries.put(m.group(1), m.group(2)));
        Set<String> seen = new TreeSet<>();
        Deque<String> open = new ArrayDeque<>(List.of("index.html"));
        PAGES.forEach(page -> open.add("pages/" + page + ".js"));
        while (!open.isEmpty()) {
            String file = open.remove();
            if (!seen.add(file)) {
                continue;
            }
            String text = text(file);
            NAMES.matcher(text)
                    .results()
                    .map(m -> m.group(1))
                    .forEach(name -> open.add(resolve(file, name, libraries)));
            if (!file.startsWith("vendor/")) {
                assertTrue(!text.replace("http://www.w3.org/", "").contains("://"), file + " names another server");
            }
        }
        assertTrue(seen.stream().anyMatch(file -> file.contains("lit-html.js")), seen.toString());
    }

    private static final List<String> PAGES = List.of(
            "models",
            "model",
            "playground",
            "activity",
            "request",
            "swaps",
            "swap",
            "time",
            "record",
            "event",
            "logs",
            "performance",
            "configuration",
            "server");

    private static final Pattern NAMES = Pattern.compile(
            "(?:\\bfrom\\s*|\\bimport\\s*|\\bimport\\(|src=|link [^>]*href=)\"(\\.{1,2}/[^\"]+|@?[a-z][\\w/.-]*)\"");

    private static String text(String file) {
        return new String(
                Page.file(file)
                        .orElseThrow(() -> new AssertionError("no file " + file))
                        .bytes(),
                StandardCharsets.UTF_8);
    }

    private static String resolve(String from, String name, Map<String, String> libraries) {
        if (name.startsWith(".")) {
            return URI.create(from).resolve(name).toString();
        }
        return libraries.entrySet().stream()
                .filter(library -> library.getKey().equals(name)
                        || library.getKey().endsWith("/") && name.startsWith(library.getKey()))
                .max(Comparator.comparing(library -> library.getKey().length()))
                .map(library -> library.getValue()
                        + name.substring(
                                library.getKey().endsWith("/")
                                        ? library.getKey().length()
                                        : name.length()))
                .orElseThrow(() -> new AssertionError(from + " names " + name));
    }

    /** What the page leaves out by default, and the filter it offers, cover every type of event. */
    @Test
    void theRecordPageKnowsEveryEventType() {
        String text = text("data/events.js");
        List<String> groups = Pattern.compile("\"([a-z_]+\\.)\\*\"")
                .matcher(text)
                .results()
                .map(m -> m.group(1))
                .toList();
        Stream.of(Fact.class, Decision.class)
                .flatMap(kind -> Stream.of(kind.getPermittedSubclasses()))
                .map(type -> type.getAnnotation(EventType.class).value())
                .forEach(type -> assertTrue(groups.stream().anyMatch(type::startsWith), type));
    }

    @Test
    void filesArePackedForThoseWhoTakeIt() throws IOException {
        try (PlaneFixture fixture = PlaneFixture.with(CONFIG)) {
            PlaneFixture.Reply plain = fixture.get("/ui/app.css");
            PlaneFixture.Reply packed = fixture.get("/ui/app.css", "Accept-Encoding", "gzip");
            assertEquals("gzip", packed.header("Content-Encoding"));
            assertEquals("Accept-Encoding", packed.header("Vary"));
            assertTrue(packed.text().length() < plain.text().length() / 2);
            assertTrue(!packed.header("ETag").equals(plain.header("ETag")));
        }
    }

    @Test
    void aPackedCopyGoesToWhoTakesIt() {
        StaticPage page = new StaticPage(
                name -> Optional.ofNullable(Map.of(
                                "index.html", new Page.File("text/html", new byte[] {'p'}),
                                "index.html.br", new Page.File("", new byte[] {'b', 'r'}))
                        .get(name)),
                List.of());
        WebServer server = PlaneFixture.serve(
                List.of(Endpoint.open(Method.GET, "/ui/{file...}", page::file)), () -> PlaneFixture.load("models: {}"));
        try (PlaneFixture.Streamed br =
                        new PlaneFixture.Streamed(server.port(), "/ui/", "Accept-Encoding", "gzip, br;q=1");
                PlaneFixture.Streamed gzip =
                        new PlaneFixture.Streamed(server.port(), "/ui/", "Accept-Encoding", "gzip")) {
            br.await("\r\n\r\nbr");
            assertTrue(br.text().contains("Content-Encoding: br"));
            assertTrue(br.text().contains("Vary: Accept-Encoding"));
            gzip.await("Content-Encoding: gzip");
        } finally {
            server.stop();
        }
    }
}
