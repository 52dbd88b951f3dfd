package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turntable.testkit.Answer;
import dev.turntable.testkit.RawClient;
import dev.turntable.testkit.Story;
import dev.turntable.testkit.TurntableProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A SIGTERM: what is under way comes to its end, what would never end is ended, and then the models go. */
class ShutdownTest {
    /** The longest a stop may wait for requests; far above what a stop takes that waits for nothing. */
    private static final Duration DRAIN = Duration.ofSeconds(30);

    @Test
    @SpecCase("6")
    void aStreamUnderWayEndsByItselfAndThenTheModelIsStopped() {
        try (var turntable = TurntableProcess.with(model("fox")).start()) {
            try (Stream<String> stream = turntable.http().chatStream("fox", "\"demo\":{\"tokens\":30,\"gap_ms\":30}")) {
                var lines = stream.iterator();
                lines.next();
                turntable.signal("TERM");
                String last = "";
                while (lines.hasNext()) {
                    String line = lines.next();
                    last = line.isEmpty() ? last : line;
                }
                assertEquals("data: [DONE]", last);
            }
            assertEquals(0, turntable.stop());
            turntable.assertNothingLeft();
            turntable.start();
            List<String> steps =
                    List.of("server.stopping", "request.finished", "stop.ordered", "server.drained", "server.stopped");
            assertEquals(
                    steps,
                    turntable.history("order=asc&limit=1000").stream()
                            .map(event -> event.get("type").asText())
                            .filter(steps::contains)
                            .toList());
        }
    }

    @Test
    @SpecCase("7")
    void anOpenEventStreamEndsAtOnceAndDelaysNothing() {
        try (var turntable = TurntableProcess.with(model("fox")).start();
                Stream<String> events = turntable.http().lines("/api/events")) {
            var lines = events.iterator();
            assertEquals("event:message", lines.next());
            long began = System.nanoTime();
            turntable.signal("TERM");
            while (lines.hasNext()) {
                lines.next();
            }
            assertEquals(0, turntable.stop());
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            assertTrue(took.compareTo(DRAIN.dividedBy(2)) < 0, "it took " + took);
        }
    }

    @Test
    void aStartUnderWayIsBrokenOffAtOnceAndHasItsOwnUnloadTimeout() {
        try (var turntable = TurntableProcess.with(model("fox", "--never-ready --ignore-term", "unloadTimeout: 3"))
                .start()) {
            CompletableFuture<Answer> waiting = turntable.story("fox").ask("");
            turntable.story("fox").logUntil(" listening on "); // only from here on does it ignore the signal
            turntable.signal("TERM");
            waiting.join().expect(503);
            assertEquals(0, turntable.stop());
            turntable.start();
            Duration took = between(
                    turntable.awaitEvent("server.stopping"),
                    turntable.story("fox").await("process.exited"));
            assertTrue(took.compareTo(Duration.ofSeconds(3)) >= 0, "it has its grace, and had " + took);
            assertTrue(
                    took.compareTo(Duration.ofSeconds(8)) < 0,
                    "its grace is not what is left of 30 s, but was " + took);
            assertEquals(
                    "shed", turntable.story("fox").end(1).at("/data/outcome").asText());
        }
    }

    @Test
    void aSecondSignalCutsAndKillsWhatIsLeftAndIsOnRecord() {
        try (var turntable = TurntableProcess.with(model("fox", "--ignore-term", "unloadTimeout: 60"))
                .start()) {
            Story fox = turntable.story("fox");
            CompletableFuture<Answer> served = fox.occupy("never");
            turntable.signal("TERM");
            turntable.awaitLine("received SIGTERM, shutting down");
            turntable.signal("INT");
            served.exceptionally(cut -> null).join();
            assertEquals(0, turntable.stop());
            turntable.start();
            assertEquals(
                    "SIGTERM",
                    turntable.awaitEvent("server.stopping").at("/data/signal").asText());
            JsonNode forced = turntable.awaitEvent("server.forced");
            assertEquals("SIGINT", forced.at("/data/signal").asText());
            JsonNode exit = fox.await("process.exited");
            assertEquals(9, exit.at("/data/signal").asInt());
            assertTrue(between(forced, exit).compareTo(Duration.ofSeconds(1)) < 0);
            JsonNode end = fox.end(1);
            assertEquals("cancelled", end.at("/data/outcome").asText());
            assertEquals("stopping", end.at("/data/error").asText());
        }
    }

    /** Megabytes wait for it; neither the stop nor the model's grace does. */
    @Test
    void aStreamWhoseReaderDoesNotReadDoesNotHoldTheStop() {
        try (var turntable = TurntableProcess.with(model("fox", "--quiet --term-ms 300"))
                        .start();
                var logs = RawClient.withSmallBuffer(turntable);
                var events = RawClient.withSmallBuffer(turntable);
                var answer = RawClient.withSmallBuffer(turntable)) {
            turntable.http().chat("fox").expect(200);
            logs.ask("GET /logs/stream/fox");
            events.ask("GET /api/events");
            String line = "x".repeat(400_000);
            for (int i = 0; i < 15; i++) {
                turntable
                        .http()
                        .chat("fox", "\"demo\":{\"say\":\"" + line + "\"}")
                        .expect(200);
            }
            answer.chat("fox", "\"demo\":{\"bytes\":50000000}");
            turntable.story("fox").await("request.admitted", 17);
            turntable.signal("TERM");
            assertEquals(0, turntable.stop());
            turntable.start();
            Duration took = between(turntable.awaitEvent("server.stopping"), turntable.awaitEvent("server.stopped"));
            assertTrue(took.compareTo(Duration.ofSeconds(8)) < 0, "it took " + took);
            assertEquals(
                    0,
                    turntable
                            .story("fox")
                            .await("process.exited")
                            .at("/data/code")
                            .asInt());
        }
    }

    /** As {@code nohup} does with SIGHUP, and a shell with the SIGINT of a background job. */
    @Test
    void signalsThatItWasStartedToIgnoreAreHeard() {
        try (var turntable = TurntableProcess.with(model("fox"))
                .startedBy("sh", "-c", "trap '' HUP INT TERM; exec \"$@\"", "sh")
                .start()) {
            turntable.signal("HUP");
            turntable.awaitEvent(
                    "config.applied", event -> event.at("/data/origin").asText().equals("sighup"));
            turntable.signal("INT");
            assertEquals(0, turntable.stop());
            turntable.start();
            assertEquals(
                    "SIGINT",
                    turntable.awaitEvent("server.stopping").at("/data/signal").asText());
        }
    }

    private static Duration between(JsonNode one, JsonNode other) {
        return Duration.between(
                Instant.parse(one.get("time").asText()),
                Instant.parse(other.get("time").asText()));
    }
}
