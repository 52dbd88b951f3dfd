package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turntable.testkit.Answer;
import dev.turntable.testkit.Groups;
import dev.turntable.testkit.RawClient;
import dev.turntable.testkit.Story;
import dev.turntable.testkit.StubUpstream;
import dev.turntable.testkit.TurntableProcess;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Unloading models that load, wait or run, one and all. */
class UnloadTest {
    private static final String GATED_STOP = "cmdStop: sh -c 'until [ -e may-stop ]; do sleep 0.01; done; kill ${PID}'";

    @Test
    @SpecCase("184")
    void anUnloadOfALoadingModelErrsWhoWaitsAndStopsTheProcess() {
        try (var turntable =
                TurntableProcess.with(model("fox", "--never-ready")).start()) {
            Story fox = turntable.story("fox");
            CompletableFuture<Answer> asked = fox.ask("");
            fox.await("process.spawned");
            fox.unload().expect(200);
            assertUnloaded(asked.join());
            assertEquals(Map.of(), turntable.states());
            assertTrue(turntable.upstreams().isEmpty());
        }
    }

    @Test
    @SpecCase(
            value = "184",
            differs =
                    "a swap that is still evicting others is cancelled by the unload of its target: nothing is loaded for nobody")
    void anUnloadWhileOthersAreEvictedForTheModelCancelsItsSwap() {
        try (var turntable = TurntableProcess.with(model("fox", "", "unloadTimeout: 30", GATED_STOP), model("owl"))
                .start()) {
            Story fox = turntable.story("fox");
            Story owl = turntable.story("owl");
            fox.pid();
            CompletableFuture<Answer> asked = owl.ask("");
            fox.await("stop.ordered");
            CompletableFuture<Answer> unloaded = CompletableFuture.supplyAsync(owl::unload);
            assertUnloaded(asked.join());
            turntable.open("may-stop");
            unloaded.join().expect(200);
            fox.pid();
            assertEquals(0, owl.count("start.ordered"));
        }
    }

    @Test
    @SpecCase("185")
    void anUnloadOfAQueuedModelErrsItsRequestsAndNoOthers() {
        try (var turntable =
                TurntableProcess.with(model("fox"), model("owl"), model("wren")).start()) {
            CompletableFuture<Answer> busy = turntable.story("fox").occupy("fox-is-done");
            Story owl = turntable.story("owl");
            CompletableFuture<Answer> unloaded = owl.ask("");
            CompletableFuture<Answer> waiting = turntable.story("wren").ask("");
            owl.unload().expect(200);
            assertUnloaded(unloaded.join());
            assertFalse(busy.isDone());
            assertFalse(waiting.isDone());
            turntable.open("fox-is-done");
            busy.join().expect(200);
            waiting.join().expect(200);
            assertEquals(0, owl.count("start.ordered"));
        }
    }

    @Test
    @SpecCase("186")
    void anUnloadOfEverythingBeginsWithTheShortestTimeoutsAndStopsEqualOnesTogether() {
        try (var turntable = TurntableProcess.configured(new Groups()
                        .together(
                                model("patient", "", "unloadTimeout: 60"),
                                model("short", "--term-ms 200", "unloadTimeout: 1"),
                                model("stubborn", "--ignore-term", "unloadTimeout: 1"))
                        .yaml())
                .start()) {
            Story patient = turntable.story("patient");
            Story quick = turntable.story("short");
            Story stubborn = turntable.story("stubborn");
            patient.pid();
            quick.pid();
            stubborn.pid();
            turntable.http().get("/unload").expect(200);
            assertEquals(seq(quick.await("stop.ordered")), seq(stubborn.await("stop.ordered")), "both at once");
            assertTrue(seq(quick.await("process.exited")) <= seq(patient.await("stop.ordered")));
            assertTrue(seq(stubborn.await("process.exited")) <= seq(patient.await("stop.ordered")));
            assertEquals(9, stubborn.await("process.exited").at("/data/signal").asInt());
            assertEquals(Map.of(), turntable.states());
        }
    }

    @Test
    void aStreamCutByAnUnloadIsCancelledAndItsEndIsOnRecordWhenTheUnloadAnswers() {
        try (var turntable = TurntableProcess.with(model("fox")).start()) {
            Story fox = turntable.story("fox");
            try (Stream<String> stream =
                    turntable.http().chatStream("fox", "\"demo\":{\"tokens\":10000,\"gap_ms\":30}")) {
                stream.iterator().next();
                fox.unload().expect(200);
                assertCutByUnload(fox);
            }
            String request = fox.await("request.arrived").get("request").asText();
            String why = turntable
                    .http()
                    .get("/api/why?request=" + request)
                    .expect(200)
                    .body();
            assertTrue(why.contains("because operator had fox#1 stopped"), why);
        }
    }

    @Test
    void aClientThatDoesNotReadHoldsUpNoUnload() {
        try (var turntable = TurntableProcess.with(model("fox")).start();
                var client = RawClient.withSmallBuffer(turntable)) {
            Story fox = turntable.story("fox");
            client.chat("fox", "\"demo\":{\"bytes\":20000000}");
            fox.await("request.admitted");
            fox.unload().expect(200);
            assertCutByUnload(fox);
        }
    }

    @Test
    void aTunnelCutByAnUnloadIsCancelled() {
        try (var stub = StubUpstream.answering(WebSocketTest::echo);
                var turntable = TurntableProcess.with(stub.model("fox")).start();
                var socket = RawClient.to(turntable).webSocket("/upstream/fox/ws")) {
            Story fox = turntable.story("fox");
            assertEquals(101, socket.status());
            fox.unload().expect(200);
            assertCutByUnload(fox);
        }
    }

    private static void assertCutByUnload(Story model) {
        List<JsonNode> ends = model.events("request.finished");
        assertEquals(1, ends.size(), "on record when the unload answers");
        assertEquals("cancelled", ends.getFirst().at("/data/outcome").asText());
        assertEquals("unloaded", ends.getFirst().at("/data/error").asText());
    }

    private static void assertUnloaded(Answer answer) {
        assertEquals(
                "unspecific error: group: model unloaded",
                answer.expect(500).json().at("/error/message").asText());
    }

    private static long seq(JsonNode event) {
        return event.get("seq").asLong();
    }
}
