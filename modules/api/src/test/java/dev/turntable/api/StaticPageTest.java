package dev.turntable.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Decision;
import dev.turntable.event.EventType;
import dev.turntable.event.Fact;
import dev.turntable.ui.Page;
import io.helidon.http.Method;
import io.helidon.webserver.WebServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
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

    @Test
    void everythingThePageNamesIsThereAndOurs() {
        Matcher names = Pattern.compile("(?:import .*? from|src=|href=)\\s*\"([^\"#]+)\"")
                .matcher("");
        for (String file : List.of(
                "index.html",
                "app.js",
                "api.js",
                "dom.js",
                "store.js",
                "models.js",
                "activity.js",
                "swaps.js",
                "history.js",
                "logs.js",
                "performance.js",
                "server.js")) {
            String text = new String(Page.file(file).orElseThrow().bytes(), StandardCharsets.UTF_8);
            names.reset(text);
            while (names.find()) {
                String name = names.group(1).replaceFirst("^(/ui|\\.)/", "");
                assertTrue(Page.file(name).isPresent(), file + " names " + names.group(1));
            }
            assertTrue(!text.replace("http://www.w3.org/", "").contains("://"), file + " names another server");
        }
    }

    /** A page hears only the event names it asks for, so it must know all of them. */
    @Test
    void theHistoryPageKnowsEveryEventType() {
        String text = new String(Page.file("history.js").orElseThrow().bytes(), StandardCharsets.UTF_8);
        Matcher names = Pattern.compile("\"([a-z_.]+)\"").matcher(text.substring(text.indexOf("const EVENT_TYPES = ")));
        Set<String> known = new TreeSet<>();
        while (names.find()) {
            known.add(names.group(1));
        }
        Set<String> there = new TreeSet<>();
        Stream.of(Fact.class, Decision.class)
                .flatMap(kind -> Stream.of(kind.getPermittedSubclasses()))
                .forEach(type -> there.add(type.getAnnotation(EventType.class).value()));
        assertEquals(there, known);
    }

    @Test
    void aPackedCopyGoesToWhoTakesIt() {
        StaticPage page = new StaticPage(name -> Optional.ofNullable(Map.of(
                        "index.html", new Page.File("text/html", new byte[] {'p'}),
                        "index.html.br", new Page.File("", new byte[] {'b', 'r'}))
                .get(name)));
        RouteTable table = new RouteTable().open(Method.GET, "/ui/{file...}", page::file);
        WebServer server =
                WebServer.builder().port(0).routing(table::register).build().start();
        try (PlaneFixture.Streamed br =
                        new PlaneFixture.Streamed(server.port(), "/ui/", "Accept-Encoding", "gzip, br;q=1");
                PlaneFixture.Streamed gzip =
                        new PlaneFixture.Streamed(server.port(), "/ui/", "Accept-Encoding", "gzip")) {
            br.await("\r\n\r\nbr");
            assertTrue(br.text().contains("Content-Encoding: br"));
            assertTrue(br.text().contains("Vary: Accept-Encoding"));
            gzip.await("\r\n\r\np");
        } finally {
            server.stop();
        }
    }
}
