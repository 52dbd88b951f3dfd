package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turntable.testkit.Answer;
import dev.turntable.testkit.DemoUpstreamProcess;
import dev.turntable.testkit.Groups;
import dev.turntable.testkit.Http;
import dev.turntable.testkit.RawClient;
import dev.turntable.testkit.Story;
import dev.turntable.testkit.TurntableProcess;
import dev.turntable.testkit.Wait;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Times that the specification sets and that somebody has to sit out, up to half a minute: beside each other and all other tests. */
@Execution(ExecutionMode.CONCURRENT)
class PatienceTest {
    private static final Duration VERY_LONG = Duration.ofMinutes(2);

    @Test
    @SpecCase("155")
    void aStopOfTheServerEndsAStartAtOnceHoweverLongItsBudget() {
        try (var turntable =
                TurntableProcess.with(model("fox", "--health-hang")).start()) {
            turntable.http().post("/api/models/load/fox", "").expect(202);
            turntable.story("fox").await("process.spawned");
            Instant asked = Instant.now();
            assertEquals(0, turntable.stop());
            assertTrue(Duration.between(asked, Instant.now()).compareTo(Duration.ofSeconds(15)) < 0);
            turntable.start();
            assertEquals(List.of("starting", "shutdown"), turntable.story("fox").states());
        }
    }

    @Test
    @SpecCase(
            value = "168a",
            differs =
                    "a probe that hangs has a limit of its own and counts against the start's budget, whatever responseHeader says")
    void aHealthEndpointThatHangsUsesUpTheBudgetOfTheStart() {
        try (var turntable = TurntableProcess.configured("healthCheckTimeout: 1\n"
                        + new Groups()
                                .together(
                                        model("hanging", "--health-hang"),
                                        model("limited", "--health-hang", "timeouts: {responseHeader: 1}"))
                                .yaml())
                .start()) {
            List<Story> both =
                    Stream.of("hanging", "limited").map(turntable::story).toList();
            List<CompletableFuture<Answer>> asked =
                    both.stream().map(story -> story.ask("")).toList();
            for (CompletableFuture<Answer> answer : asked) {
                String message =
                        answer.join().expect(500).json().at("/error/message").asText();
                assertTrue(message.startsWith("unspecific error: health check timed out after 15s"), message);
            }
            for (Story story : both) {
                assertTrue(story.count("process.probe_timed_out") > 1);
                assertEquals(
                        "start_timed_out",
                        story.await("swap.failed").at("/data/reason").asText());
            }
        }
    }

    @Test
    @SpecCase(
            value = "168b",
            differs = "a start that is called off has its model's unloadTimeout, and not five seconds")
    void aStartThatIsCalledOffAndIgnoresItIsKilledAfterItsUnloadTimeoutAndStartingTillThen() {
        try (var turntable = TurntableProcess.with(model("fox", "--never-ready --ignore-term", "unloadTimeout: 1"))
                .start()) {
            Story fox = turntable.story("fox");
            CompletableFuture<Answer> asked = fox.ask("");
            fox.logUntil(" listening on "); // only from here on does it ignore the signal
            CompletableFuture<Answer> unloaded = CompletableFuture.supplyAsync(fox::unload);
            asked.join().expect(500);
            assertEquals("starting", fox.state());
            unloaded.join().expect(200);
            assertEquals(List.of("starting", "stopped"), fox.states());
            JsonNode exit = fox.await("process.exited");
            assertEquals(9, exit.at("/data/signal").asInt());
            Duration took = between(fox.await("stop.ordered"), exit);
            assertTrue(
                    took.compareTo(Duration.ofSeconds(1)) >= 0 && took.compareTo(Duration.ofSeconds(4)) < 0, "" + took);
        }
    }

    /** What is served may end within the thirty seconds of llama-swap §1.3; who waits is told at once, and nothing that comes after is taken. */
    @Test
    @SpecCase(
            value = {"187", "234"},
            differs = "whoever waits is told at once, with 503, and not when the thirty seconds are over")
    void aStopTellsWhoWaitsAtOnceAndWaitsForWhatItServes() {
        try (var peer = DemoUpstreamProcess.start("--name", "peer");
                var turntable = TurntableProcess.configured("peers: {far: {proxy: %s, models: [there]}}\nmodels:\n%s%s"
                                .formatted(peer.http().base(), model("fox", "--never-ready"), model("owl")))
                        .start()) {
            CompletableFuture<Answer> loading = chat(turntable, "fox", "");
            turntable.story("fox").await("process.spawned");
            CompletableFuture<Answer> queued = chat(turntable, "owl", "");
            turntable.story("owl").await("request.queued");
            Path gate = turntable.scratch().resolve("peer-may-answer");
            CompletableFuture<Answer> finishing = chat(turntable, "there", "\"demo\":{\"until\":\"" + gate + "\"}");
            turntable.story("there").await("request.arrived");
            CompletableFuture<Answer> hanging = chat(turntable, "there", "\"demo\":{\"hang\":true}");
            turntable.story("there").await("request.arrived", 2);

            turntable.signal("TERM");
            for (CompletableFuture<Answer> waiting : List.of(loading, queued)) {
                assertEquals(
                        "unspecific error: group is shutting down",
                        waiting.join().expect(503).json().at("/error/message").asText());
            }
            Wait.until("nobody new is let in", () -> refused(turntable));
            turntable.open("peer-may-answer");
            assertEquals(
                    "peer", finishing.join().expect(200).json().at("/echo/name").asText());
            assertThrows(CompletionException.class, hanging::join);
            assertEquals(0, turntable.stop());
            turntable.start();
            assertEquals(
                    "ok", turntable.story("there").end(1).at("/data/outcome").asText());
            assertEquals(
                    "cancelled",
                    turntable.story("there").end(2).at("/data/outcome").asText());
        }
    }

    @Test
    void aModelWhoseRequestTookTheWholeDrainStillGetsItsGrace() {
        try (var turntable =
                TurntableProcess.with(model("fox", "--term-ms 1500")).start()) {
            Story fox = turntable.story("fox");
            CompletableFuture<Answer> served = chat(turntable, "fox", "\"demo\":{\"until\":\"never\"}");
            fox.await("request.admitted");
            turntable.signal("TERM");
            served.exceptionally(cut -> null).join();
            assertEquals(0, turntable.stop());
            turntable.start();
            JsonNode stop = fox.await("stop.ordered");
            assertTrue(between(turntable.awaitEvent("server.stopping"), stop).compareTo(Duration.ofSeconds(29)) > 0);
            assertEquals(5_000_000, stop.at("/data/grace").asLong());
            assertEquals(0, fox.await("process.exited").at("/data/code").asInt(), "it ended in its own time");
        }
    }

    private static CompletableFuture<Answer> chat(TurntableProcess turntable, String model, String more) {
        Http http = turntable.http();
        return CompletableFuture.supplyAsync(
                () -> http.send(http.request("/v1/chat/completions")
                        .timeout(VERY_LONG)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(Http.chatBody(model, false, more)))),
                Thread::startVirtualThread);
    }

    private static boolean refused(TurntableProcess turntable) {
        try (var _ = RawClient.to(turntable)) {
            return false;
        } catch (UncheckedIOException e) {
            return true;
        }
    }

    private static Duration between(JsonNode one, JsonNode other) {
        return Duration.between(
                Instant.parse(one.get("time").asText()),
                Instant.parse(other.get("time").asText()));
    }
}
