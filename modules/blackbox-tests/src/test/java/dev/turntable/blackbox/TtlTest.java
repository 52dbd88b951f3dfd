package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turntable.testkit.Answer;
import dev.turntable.testkit.Groups;
import dev.turntable.testkit.RawClient;
import dev.turntable.testkit.Story;
import dev.turntable.testkit.StubUpstream;
import dev.turntable.testkit.TurntableProcess;
import dev.turntable.testkit.Wait;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** When a model that nobody uses is unloaded. Its tests wait for seconds to pass, so they run beside each other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
class TtlTest {
    private static final String SECOND = "ttl: 1";

    @AutoClose
    private final StubUpstream stub = StubUpstream.answering(WebSocketTest::echo);

    @AutoClose
    private final TurntableProcess turntable = TurntableProcess.configured(new Groups()
                    .together(
                            model("brief", "", SECOND),
                            model("busy", "", SECOND),
                            model("meanwhile", "", SECOND),
                            model("forever", "", "ttl: 0"),
                            model("beside-forever", "", SECOND),
                            model(
                                    "returning",
                                    "",
                                    SECOND,
                                    "unloadTimeout: 30",
                                    "cmdStop: sh -c 'until [ -e may-stop ]; do sleep 0.01; done; kill ${PID}'"),
                            stub.model("socketed", SECOND, "compat: {ignoreWebsockets: true}"),
                            model("idle", "", SECOND),
                            model("loading", "--load-until idle-is-gone", SECOND))
                    .yaml())
            .start();

    @Test
    @SpecCase("161")
    void anIdleModelIsUnloadedAfterItsTtl() {
        Story brief = turntable.story("brief");
        brief.pid();
        JsonNode stop = brief.await("stop.ordered");
        assertEquals("ttl", stop.at("/data/reason").asText());
        Duration idle = between(brief.end(1), stop);
        assertTrue(idle.compareTo(Duration.ofSeconds(1)) >= 0 && idle.compareTo(Duration.ofSeconds(3)) < 0, "" + idle);
        turntable.http().readUntil("/logs/stream/proxy", "<brief> Unloading model, TTL of 1s reached");
    }

    @Test
    @SpecCase("162")
    void aRequestLongerThanTheTtlKeepsItsModelAndTheTimerCountsFromItsEnd() {
        Story busy = turntable.story("busy");
        CompletableFuture<Answer> served = busy.occupy("busy-is-over");
        outlive("meanwhile", 2);
        assertEquals("ready", busy.state());
        assertEquals(0, busy.count("ttl.armed"));
        turntable.open("busy-is-over");
        served.join().expect(200);
        assertTrue(between(busy.end(1), busy.await("stop.ordered")).compareTo(Duration.ofSeconds(1)) >= 0);
    }

    @Test
    @SpecCase("163")
    void aTtlOfZeroIsNever() {
        Story forever = turntable.story("forever");
        forever.pid();
        outlive("beside-forever", 1);
        assertEquals("ready", forever.state());
        assertEquals(0, forever.count("ttl.armed"), "nothing will ever fire");
    }

    @Test
    @SpecCase("164")
    void anIgnoredWebSocketDoesNotKeepItsModel() {
        Story socketed = turntable.story("socketed");
        // On a slow machine the second may be over before the socket asks: then the model is loaded again for it.
        try (var _ = Wait.until("a socket to the loaded model", () -> socketTo("socketed"))) {
            assertEquals(
                    "ttl",
                    socketed.await("stop.ordered", socketed.count("process.ready"))
                            .at("/data/reason")
                            .asText());
        }
    }

    private Optional<RawClient> socketTo(String model) {
        turntable.http().chat(model).expect(200);
        RawClient socket = RawClient.to(turntable).webSocket("/upstream/" + model + "/ws");
        if (socket.status() == 101) {
            return Optional.of(socket);
        }
        socket.close();
        return Optional.empty();
    }

    @Test
    void aRequestThatArrivesWhileATtlStopIsUnderWayGetsAFreshProcess() {
        Story returning = turntable.story("returning");
        long first = returning.pid();
        assertEquals("ttl", returning.await("stop.ordered").at("/data/reason").asText());
        CompletableFuture<Answer> asked = returning.ask("");
        assertEquals("stopping", returning.state());
        turntable.open("may-stop");
        assertNotEquals(first, asked.join().expect(200).json().at("/echo/pid").asLong());
    }

    @Test
    void anIdleTimerThatFiresDuringALoadEndsItsOwnModelOnly() {
        Story idle = turntable.story("idle");
        Story loading = turntable.story("loading");
        idle.pid();
        CompletableFuture<Answer> asked = loading.ask("");
        assertEquals("ttl", idle.await("stop.ordered").at("/data/reason").asText());
        idle.await("process.exited");
        assertEquals("starting", loading.state());
        assertEquals(0, loading.count("ttl.armed"), "its own time begins when it is idle");
        turntable.open("idle-is-gone");
        asked.join().expect(200);
        assertEquals(1, loading.count("process.spawned"));
    }

    /** Lets a model with a TTL of a second be loaded and unloaded so many times: that long passes. */
    private void outlive(String model, int lives) {
        Story other = turntable.story(model);
        for (int life = 1; life <= lives; life++) {
            other.pid();
            other.await("process.exited", life);
        }
    }

    private static Duration between(JsonNode one, JsonNode other) {
        return Duration.between(
                Instant.parse(one.get("time").asText()),
                Instant.parse(other.get("time").asText()));
    }
}
