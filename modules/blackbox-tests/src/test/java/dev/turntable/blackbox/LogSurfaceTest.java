package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.testkit.Http;
import dev.turntable.testkit.TurntableProcess;
import dev.turntable.testkit.Wait;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The logs as a browser, a person with curl and a monitor see them, and which requests leave a line. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LogSurfaceTest {
    @AutoClose
    private final TurntableProcess turntable = TurntableProcess.with(
                    model("fox", "--say the-fox-is-here", "aliases: [org/vixen]"))
            .start();

    private final Http http = turntable.http();

    @Test
    @SpecCase("117")
    void aBrowserIsSentToThePageForItsLogs() {
        assertEquals(
                "/ui/",
                http.raw("GET /logs", "", "Accept: text/html,application/xhtml+xml;q=0.9")
                        .expect(302)
                        .header("Location"));
        assertEquals(
                "text/plain",
                http.raw("GET /logs", "", "Accept: */*").expect(200).header("Content-Type"));
    }

    @Test
    @SpecCase("118")
    void aLogOfNobodyIsRefused() {
        assertEquals(
                "invalid logger. Use 'proxy', 'upstream' or a model's ID",
                http.raw("GET /logs/stream/no-such-model")
                        .expect(400)
                        .json()
                        .at("/error/message")
                        .asText());
    }

    @ParameterizedTest
    @SpecCase("119")
    @ValueSource(strings = {"fox", "org/vixen", "org%2Fvixen"})
    void theLogOfAModelBeginsWithWhatItHasSaid(String name) {
        http.chat("fox").expect(200);
        try (Stream<String> lines = http.lines("/logs/stream/" + name)) {
            assertEquals("the-fox-is-here", lines.iterator().next());
        }
    }

    @ParameterizedTest
    @SpecCase("120")
    @ValueSource(strings = {"no-history", "no-history=false"})
    void aLogWithoutHistoryBeginsWithWhatHappensNext(String query) {
        http.raw("GET /before-" + query).expect(404);
        awaitLogged("GET /before-" + query);
        var first = CompletableFuture.supplyAsync(() -> {
            try (Stream<String> lines = http.lines("/logs/stream?" + query)) {
                return lines.iterator().next();
            }
        });
        // Whether the stream is open shows only when something happens.
        Wait.until("a line", () -> {
            http.raw("GET /after-" + query);
            return first.isDone();
        });
        assertTrue(first.join().contains("/after-" + query), first.join());
    }

    @Test
    @SpecCase("136")
    void pollsOfMonitorsLeaveNoLine() {
        http.raw("GET /metrics").expect(200);
        http.raw("GET /metrics?x=1").expect(200);
        http.raw("GET /api/performance").expect(200);
        http.raw("GET /wol-health").expect(200);
        http.raw("GET /last-poll").expect(404);
        String logged = awaitLogged("GET /last-poll");
        assertFalse(logged.contains("/metrics"), logged);
        assertFalse(logged.contains("/api/performance"), logged);
        assertFalse(logged.contains("/wol-health"), logged);
    }

    @ParameterizedTest
    @SpecCase("137")
    @ValueSource(strings = {"X-Forwarded-For: 10.1.1.1, 10.2.2.2", "X-Real-IP: 10.1.1.1", "X-Forwarded-For: 10.1.1.1"})
    void aRequestIsLoggedWithTheClientItWasForwardedFor(String header) {
        String path = "/forwarded-" + header.hashCode();
        http.raw("GET " + path + "?secret=1", "", header, "User-Agent: a test").expect(404);
        String line = awaitLogged("GET " + path)
                .lines()
                .filter(l -> l.contains("GET " + path))
                .findFirst()
                .orElseThrow();
        assertTrue(line.contains("Request 10.1.1.1 \"GET " + path + " HTTP/1.1\" 404 19 \"a test\" "), line);
    }

    /** The log, once it has this line. */
    private String awaitLogged(String part) {
        return Wait.until(part + " in the log", () -> {
            String logged = http.raw("GET /logs").expect(200).body();
            return logged.contains(part) ? Optional.of(logged) : Optional.empty();
        });
    }
}
