package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.command;
import static dev.turntable.testkit.TurntableProcess.demoUpstream;
import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turntable.testkit.Answer;
import dev.turntable.testkit.Groups;
import dev.turntable.testkit.Http;
import dev.turntable.testkit.Story;
import dev.turntable.testkit.StubUpstream;
import dev.turntable.testkit.TurntableProcess;
import dev.turntable.testkit.Wait;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** How a model's process is started, seen to be ready, stopped, and missed when it dies. Times that must be sat out: {@link PatienceTest}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProcessTest {
    private static final int PICKY = TurntableProcess.freePorts();

    @AutoClose
    private final StubUpstream unasked = StubUpstream.answering((request, wire) -> wire.json(200, "{}"));

    @AutoClose
    private final TurntableProcess turntable = TurntableProcess.configured(new Groups()
                    .together(
                            model("plain"),
                            model("asked-twice"),
                            model("stubborn", "--ignore-term", "unloadTimeout: 1"),
                            model("hanging", "--health-hang"),
                            model("stopped-often"),
                            command(
                                    "wrapped",
                                    "sh -c '" + demoUpstream() + " --name wrapped & wait'",
                                    "checkEndpoint: /health"),
                            command(
                                    "orphaning",
                                    "sh -c 'setsid sleep 3600 & exec " + demoUpstream() + " --name orphaning'",
                                    "checkEndpoint: /health"),
                            command(
                                    "contained",
                                    "sleep 3600",
                                    "proxy: http://127.0.0.1:9",
                                    "checkEndpoint: none",
                                    "unloadTimeout: 20",
                                    "cmdStop: sh -c 'kill -9 ${PID}; while [ ! -e cleared-up ]; do sleep 0.05; done'"),
                            command(
                                    "uncooperative",
                                    "sleep 3600",
                                    "proxy: http://127.0.0.1:9",
                                    "checkEndpoint: none",
                                    "unloadTimeout: 1",
                                    "cmdStop: sh -c 'sleep 3601 & sleep 3602'"),
                            model("careful", "--term-ms 600", "unloadTimeout: 5"),
                            model("cutting"),
                            model("early", "--exit-at-start 3"),
                            model("crashing"),
                            command(
                                    "bereft",
                                    "sh -c '" + demoUpstream() + " --name bereft & wait'",
                                    "checkEndpoint: /health"),
                            model("impatient", "", "unloadTimeout: 0"),
                            command(
                                    "fleeting",
                                    "sh -c 'if [ -e began-once ]; then exec " + demoUpstream()
                                            + "; fi; touch began-once; exec " + demoUpstream()
                                            + " --exit-after-health 9'",
                                    "checkEndpoint: /health"),
                            // As if a container served it: this test listens in its place.
                            command(
                                    "picky",
                                    "sh -c ': docker; exec sleep 3600'",
                                    "proxy: http://127.0.0.1:" + PICKY,
                                    "checkEndpoint: /health"),
                            unasked.model("unasked"))
                    .yaml())
            .start();

    private final Http http = turntable.http();

    @Test
    @SpecCase("151")
    void aStartAndAStopPassThroughEveryStateOnce() {
        Story plain = turntable.story("plain");
        http.chat("plain").expect(200);
        plain.unload().expect(200);
        assertEquals(List.of("starting", "ready", "stopping", "stopped"), plain.states());
    }

    @Test
    @SpecCase("152")
    void aReadyModelIsNotStartedAgain() {
        Story twice = turntable.story("asked-twice");
        long pid = twice.pid();
        http.post("/api/models/load/asked-twice?wait", "").expect(200);
        assertEquals(pid, twice.pid());
        assertEquals(1, twice.count("start.ordered"));
        assertEquals(1, twice.count("process.spawned"));
    }

    @Test
    @SpecCase("153")
    void aRequestDuringAStopWaitsForTheKillAndGetsAFreshProcess() {
        Story stubborn = turntable.story("stubborn");
        long first = stubborn.pid();
        CompletableFuture<Answer> unloaded = CompletableFuture.supplyAsync(stubborn::unload);
        stubborn.await("stop.ordered");
        CompletableFuture<Answer> asked = stubborn.ask("");
        long second = asked.join().expect(200).json().at("/echo/pid").asLong();
        assertNotEquals(first, second);
        unloaded.join().expect(200);
        JsonNode exit = stubborn.await("process.exited");
        assertEquals(9, exit.at("/data/signal").asInt(), exit.toString());
        assertTrue(before(exit, stubborn.await("process.spawned", 2)), "it was gone before the next was started");
        stubborn.unload().expect(200); // the end of the server would have more patience with it
    }

    @Test
    @SpecCase("154")
    void anUnloadEndsAStartWhoseHealthEndpointHangs() {
        Story hanging = turntable.story("hanging");
        CompletableFuture<Answer> asked = hanging.ask("");
        hanging.await("process.spawned");
        hanging.unload().expect(200);
        assertEquals(
                "unspecific error: group: model unloaded", message(asked.join().expect(500)));
        http.readUntil("/logs/stream/proxy", "group: starting hanging failed: aborted");
        assertEquals(List.of("starting", "stopped"), hanging.states());
    }

    @Test
    @SpecCase("156")
    void howeverOftenAModelIsStoppedEveryStopSucceeds() {
        Story often = turntable.story("stopped-often");
        often.unload().expect(200);
        often.pid();
        List<CompletableFuture<Answer>> stops = List.of(
                CompletableFuture.supplyAsync(often::unload),
                CompletableFuture.supplyAsync(often::unload),
                CompletableFuture.supplyAsync(often::unload));
        stops.forEach(stop -> assertEquals("OK", stop.join().expect(200).body()));
        often.unload().expect(200);
        assertEquals(1, often.count("stop.ordered"), "there was one process to stop");
    }

    @Test
    @SpecCase("157")
    void aShellThatPutsTheServerInTheBackgroundGoesTogetherWithIt() {
        Story wrapped = turntable.story("wrapped");
        long server = wrapped.pid();
        long shell = wrapped.await("process.spawned").at("/data/pid").asLong();
        assertNotEquals(shell, server);
        wrapped.unload().expect(200);
        assertFalse(turntable.isAlive(server), "the server behind the shell");
        assertFalse(turntable.isAlive(shell), "the shell");
    }

    @Test
    @SpecCase(value = "158", differs = "who has left the process group is ended with its model all the same")
    void whoLeavesTheProcessGroupIsEndedWithItsModelAndNamed() {
        Story orphaning = turntable.story("orphaning");
        orphaning.pid();
        orphaning.unload().expect(200);
        JsonNode stragglers = orphaning.await("process.stragglers");
        JsonNode ended = stragglers.at("/data/ended/0");
        assertEquals("sleep 3600", ended.at("/command").asText(), stragglers.toString());
        assertFalse(turntable.isAlive(ended.at("/pid").asLong()));
        http.readUntil(
                "/logs/stream/proxy",
                "<orphaning> process " + ended.at("/pid").asLong()
                        + " had left the process group and was ended: sleep 3600");
        assertEquals(List.of("starting", "ready", "stopping", "stopped"), orphaning.states());
    }

    /** As {@code docker stop} does, which returns when the container has been cleared up. */
    @Test
    void theNextStartWaitsForACmdStopThatOutlivesItsProcess() {
        Story contained = turntable.story("contained");
        http.post("/api/models/load/contained?wait", "").expect(200);
        long pid = contained.await("process.spawned").at("/data/pid").asLong();
        CompletableFuture<Answer> unloaded = CompletableFuture.supplyAsync(contained::unload);
        Wait.until("its process is gone", () -> !turntable.isAlive(pid));
        http.post("/api/models/load/contained", "").expect(202);
        assertEquals("stopping", contained.state());
        turntable.open("cleared-up");
        unloaded.join().expect(200);
        JsonNode exit = contained.await("process.exited");
        assertTrue(before(exit, contained.await("process.spawned", 2)), "the place was free first");
        assertEquals(0, contained.count("kill.ordered"));
        assertEquals(0, contained.count("process.stop_failed"));
        contained.unload().expect(200);
    }

    @Test
    void aCmdStopThatHangsIsKilledWithItsChildrenWhenTheTimeIsOverAndMentioned() {
        Story uncooperative = turntable.story("uncooperative");
        http.post("/api/models/load/uncooperative?wait", "").expect(200);
        uncooperative.unload().expect(200);
        JsonNode failed = uncooperative.await("process.stop_failed");
        assertTrue(failed.at("/data/error").asText().startsWith("cmdStop was still running"), failed.toString());
        assertTrue(before(failed, uncooperative.await("process.exited")));
        assertEquals(
                List.of(),
                turntable.upstreams().stream()
                        .map(process -> process.info().commandLine().orElse(""))
                        .filter(command -> command.endsWith("sleep 3601") || command.endsWith("sleep 3602"))
                        .toList());
        uncooperative.logUntil("stop command failed: cmdStop was still running");
    }

    @Test
    @SpecCase("159")
    void aProcessThatNeedsItsGraceGetsIt() {
        Story careful = turntable.story("careful");
        careful.pid();
        careful.unload().expect(200);
        careful.logUntil("careful ends");
        assertEquals(0, careful.await("process.exited").at("/data/code").asInt());
        assertEquals(0, careful.count("kill.ordered"));
    }

    @Test
    @SpecCase("160")
    void anUpstreamThatBreaksOffItsAnswerIsLoggedAndServesTheNextRequest() {
        Story cutting = turntable.story("cutting");
        long pid = cutting.pid();
        assertThrows(
                UncheckedIOException.class,
                () -> http.chat("cutting", "\"demo\":{\"bytes\":100000,\"die\":\"middle\"}"));
        assertEquals("upstream_died", cutting.end(2).at("/data/outcome").asText());
        http.readUntil("/logs/stream/proxy", "<cutting> the upstream ended before its answer was complete");
        assertEquals(pid, cutting.pid());
    }

    @Test
    @SpecCase("165")
    void aChildThatExitsDuringItsStartIsToldAtOnce() {
        Story early = turntable.story("early");
        assertEquals(
                "unspecific error: upstream command exited prematurely: exit code 3",
                message(http.chat("early").expect(500)));
        assertEquals(3, early.await("process.exited").at("/data/code").asInt());
        assertEquals(0, early.count("timer.fired"), "nobody waited for the end of the start's budget");
        assertEquals("exited", early.await("swap.failed").at("/data/reason").asText());
    }

    @Test
    void aLoadThatIsWaitedForSaysWhyItFailed() {
        String message = message(http.post("/api/models/load/early?wait", "").expect(500));
        assertTrue(
                message.startsWith(
                        "model early did not become ready: upstream command exited prematurely: exit code 3"),
                message);
    }

    @Test
    @SpecCase("166")
    void aModelThatCrashesIsStartedAgainByTheNextRequest() {
        Story crashing = turntable.story("crashing");
        long pid = crashing.pid();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        crashing.await("process.exited");
        http.readUntil("/logs/stream/proxy", "<crashing> upstream process exited unexpectedly");
        assertNotEquals(pid, crashing.pid());
        assertEquals(List.of("starting", "ready", "stopped", "starting", "ready"), crashing.states());
    }

    @Test
    @SpecCase("167")
    void nothingButA200IsReadyAndRedirectsAreNotFollowed() {
        Queue<Integer> unhealthy = new ConcurrentLinkedQueue<>(List.of(204, 302, 201));
        Story picky = turntable.story("picky");
        CompletableFuture<Answer> asked = picky.ask("");
        picky.await("process.spawned");
        try (var server = StubUpstream.at(
                PICKY,
                (request, wire) -> wire.answer(
                        request.target().equals("/health")
                                ? Optional.ofNullable(unhealthy.poll()).orElse(200)
                                : 200,
                        "{}",
                        "Location: /elsewhere"))) {
            asked.join().expect(200);
            List<String> lines = lines(server);
            assertEquals("POST /v1/chat/completions", lines.getLast());
            assertTrue(lines.size() > 4, lines.toString());
            assertEquals(Set.of("GET /health"), Set.copyOf(lines.subList(0, lines.size() - 1)));
        }
        picky.unload().expect(200);
    }

    @Test
    @SpecCase("168")
    void aModelWithoutACheckIsReadyUnasked() {
        http.chat("unasked").expect(200);
        assertEquals(List.of("POST /v1/chat/completions"), lines(unasked));
    }

    @Test
    void aWrapperShellThatDiesTakesItsChildWithItAndTheNextRequestRecovers() {
        Story bereft = turntable.story("bereft");
        long server = bereft.pid();
        ProcessHandle.of(bereft.await("process.spawned").at("/data/pid").asLong())
                .orElseThrow()
                .destroyForcibly();
        bereft.await("process.exited");
        assertFalse(turntable.isAlive(server), "it would keep the port");
        assertNotEquals(server, bereft.pid());
    }

    /** Whoever waited for that process may get an error; who comes next gets a fresh one. */
    @Test
    void anUpstreamThatExitsRightAfterItBecameHealthyIsReplacedForTheNextRequest() {
        Story fleeting = turntable.story("fleeting");
        http.chat("fleeting");
        assertEquals(9, fleeting.await("process.exited").at("/data/code").asInt());
        http.chat("fleeting").expect(200);
        assertEquals(2, fleeting.count("process.spawned"));
    }

    @Test
    void anUnloadTimeoutOfZeroIsTheDefault() {
        Story impatient = turntable.story("impatient");
        impatient.pid();
        impatient.unload().expect(200);
        assertEquals(
                5_000_000, impatient.await("stop.ordered").at("/data/grace").asLong());
    }

    private static List<String> lines(StubUpstream stub) {
        return stub.requests().stream()
                .map(request -> request.method() + " " + request.target())
                .toList();
    }

    private static String message(Answer answer) {
        return answer.json().at("/error/message").asText();
    }

    private static boolean before(JsonNode one, JsonNode other) {
        return one.get("seq").asLong() < other.get("seq").asLong();
    }
}
