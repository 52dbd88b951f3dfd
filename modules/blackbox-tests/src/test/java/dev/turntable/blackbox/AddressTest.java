package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.command;
import static dev.turntable.testkit.TurntableProcess.demoUpstream;
import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turntable.testkit.Answer;
import dev.turntable.testkit.Groups;
import dev.turntable.testkit.Story;
import dev.turntable.testkit.StubUpstream;
import dev.turntable.testkit.TurntableProcess;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Somebody else listens where a model should: his answers are never the model's. The stranger is this JVM. */
class AddressTest {
    private static final long STRANGER = ProcessHandle.current().pid();

    private static StubUpstream stranger() {
        return StubUpstream.answering((request, wire) -> wire.json(200, "{\"echo\":{\"name\":\"stranger\"}}"));
    }

    private static String name(Answer answer) {
        return answer.expect(200).json().at("/echo/name").asText();
    }

    @Test
    void aTakenPortOfOursIsAnotherPortFromThenOn() {
        try (var stranger = stranger();
                var turntable = TurntableProcess.configured(
                                "startPort: " + stranger.port() + "\nmodels:\n" + model("fox"))
                        .start()) {
            Story fox = turntable.story("fox");
            assertEquals("fox", name(turntable.http().chat("fox")));
            JsonNode moved = fox.await("process.port_moved");
            assertEquals(stranger.port(), moved.at("/data/from").asInt());
            assertTrue(moved.at("/data/holder").asText().startsWith("process " + STRANGER + " ("), moved.toString());
            int port = moved.at("/data/to").asInt();
            assertEquals(port, fox.await("process.spawned").at("/data/port").asInt());
            turntable
                    .http()
                    .readUntil(
                            "/logs/stream/proxy", "<fox> port " + stranger.port() + " is taken by process " + STRANGER);

            turntable.signal("HUP");
            JsonNode reloaded = turntable.awaitEvent(
                    "config.applied", event -> event.at("/data/origin").asText().equals("sighup"));
            assertTrue(reloaded.at("/data/change/stale").isEmpty(), reloaded.toString());
            long pid = fox.pid();

            turntable.kill();
            turntable.start();
            turntable.awaitEvent("orphan.adopted");
            assertEquals(pid, fox.pid());
            assertTrue(stranger.requests().isEmpty());
        }
    }

    @Test
    void aTakenFixedAddressIsAFailedStartThatNamesTheHolder() {
        try (var stranger = stranger();
                var turntable = TurntableProcess.with(model("fox", "", "proxy: " + stranger.address()))
                        .start()) {
            String wanted = "127.0.0.1:" + stranger.port() + " is taken by process " + STRANGER + " (";
            String message = turntable
                    .http()
                    .chat("fox")
                    .expect(500)
                    .json()
                    .at("/error/message")
                    .asText();
            assertTrue(message.contains(wanted), message);
            Story fox = turntable.story("fox");
            assertTrue(
                    fox.await("process.spawn_failed").at("/data/error").asText().contains(wanted));
            assertTrue(turntable
                    .http()
                    .get("/api/why?model=fox")
                    .expect(200)
                    .body()
                    .contains(wanted));
            assertTrue(stranger.requests().isEmpty());
        }
    }

    @Test
    void aStrangerWhoComesDuringTheStartIsNamedAndTheModelIsWaitedFor() {
        int port = TurntableProcess.freePorts();
        String late =
                "sh -c 'while [ ! -e go ]; do sleep 0.05; done; exec ${env.TURNTABLE_BIN} demo-upstream --name fox --port "
                        + port + "'";
        try (var turntable = TurntableProcess.with(
                        command("fox", late, "proxy: http://127.0.0.1:" + port, "checkEndpoint: /health"))
                .start()) {
            Story fox = turntable.story("fox");
            CompletableFuture<Answer> asked = fox.ask("");
            fox.await("process.spawned");
            try (var _ = StubUpstream.at(port, (request, wire) -> wire.json(200, "{}"))) {
                JsonNode told = fox.await("process.stranger_answered");
                assertTrue(told.at("/data/holder").asText().startsWith("process " + STRANGER + " ("), told.toString());
                assertEquals("starting", fox.state());
            }
            turntable.open("go");
            assertEquals("fox", name(asked.join()));
            assertEquals(1, fox.count("process.stranger_answered"));
        }
    }

    @Test
    void twoModelsAtOneFixedAddressTakeTurns() {
        int port = TurntableProcess.freePorts();
        String at = "proxy: http://127.0.0.1:" + port;
        String demo = "${env.TURNTABLE_BIN} demo-upstream --port " + port + " --name ";
        try (var turntable = TurntableProcess.configured(new Groups()
                        .together(
                                command("fox", demo + "fox", at, "checkEndpoint: /health"),
                                command("owl", demo + "owl", at, "checkEndpoint: /health"))
                        .yaml())
                .start()) {
            for (String model : new String[] {"fox", "owl", "fox"}) {
                assertEquals(model, name(turntable.http().chat(model)));
            }
            assertEquals(
                    "evicted",
                    turntable
                            .story("fox")
                            .await("stop.ordered")
                            .at("/data/reason")
                            .asText());
        }
    }

    /** Its server has left the process group and ignores the stop: it would be there still, and answer for the next one. */
    @Test
    void aServerBehindSetsidNeverAnswersForTheNextStart() {
        try (var turntable = TurntableProcess.with(command(
                        "fox",
                        "sh -c 'setsid " + demoUpstream() + " --name fox --ignore-term & wait'",
                        "checkEndpoint: /health"))
                .start()) {
            Story fox = turntable.story("fox");
            long first = fox.pid();
            fox.unload().expect(200);
            assertTrue(!turntable.isAlive(first));
            assertTrue(fox.pid() != first);
            fox.await("process.stragglers");
        }
    }
}
