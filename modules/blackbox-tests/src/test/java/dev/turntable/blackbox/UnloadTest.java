package dev.turntable.blackbox;

import static dev.turntable.blackbox.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Unloading models that load, wait or run, one and all. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnloadTest {
    private static final String GATED_STOP = "cmdStop: sh -c 'until [ -e may-stop ]; do sleep 0.01; done; kill ${PID}'";

    @AutoClose
    private final TurntableProcess turntable = TurntableProcess.configured(new Groups()
                    .together(model("loading", "--never-ready"))
                    .swapping(model("leaving", "", "unloadTimeout: 30", GATED_STOP), model("evicting"))
                    .swapping(model("busy"), model("queued"), model("next"))
                    .yaml())
            .start();

    @Test
    @SpecCase("184")
    void anUnloadOfALoadingModelErrsWhoWaitsAndStopsTheProcess() {
        Story loading = turntable.story("loading");
        CompletableFuture<Answer> asked = loading.ask("");
        long pid = loading.await("process.spawned").at("/data/pid").asLong();
        loading.unload().expect(200);
        assertUnloaded(asked.join());
        assertEquals("stopped", loading.state());
        assertFalse(turntable.isAlive(pid));
    }

    @Test
    @SpecCase(
            value = "184",
            differs =
                    "architecture.md §4: a swap that is still evicting others is cancelled by the unload of its target: nothing is loaded for nobody")
    void anUnloadWhileOthersAreEvictedForTheModelCancelsItsSwap() {
        Story leaving = turntable.story("leaving");
        Story evicting = turntable.story("evicting");
        leaving.pid();
        CompletableFuture<Answer> asked = evicting.ask("");
        leaving.await("stop.ordered");
        CompletableFuture<Answer> unloaded = CompletableFuture.supplyAsync(evicting::unload);
        assertUnloaded(asked.join());
        turntable.open("may-stop");
        unloaded.join().expect(200);
        leaving.pid();
        assertEquals(0, evicting.count("start.ordered"));
    }

    @Test
    @SpecCase("185")
    void anUnloadOfAQueuedModelErrsItsRequestsAndNoOthers() {
        CompletableFuture<Answer> busy = turntable.story("busy").occupy("busy-is-done");
        Story queued = turntable.story("queued");
        CompletableFuture<Answer> unloaded = queued.ask("");
        CompletableFuture<Answer> waiting = turntable.story("next").ask("");
        queued.unload().expect(200);
        assertUnloaded(unloaded.join());
        assertFalse(busy.isDone());
        assertFalse(waiting.isDone());
        turntable.open("busy-is-done");
        busy.join().expect(200);
        waiting.join().expect(200);
        assertEquals(0, queued.count("start.ordered"));
    }

    @Test
    @SpecCase("186")
    void anUnloadOfEverythingBeginsWithTheShortestTimeoutsAndStopsEqualOnesTogether() {
        try (var own = TurntableProcess.configured(new Groups()
                        .together(
                                model("patient", "", "unloadTimeout: 60"),
                                model("short", "--term-ms 200", "unloadTimeout: 1"),
                                model("stubborn", "--ignore-term", "unloadTimeout: 1"))
                        .yaml())
                .start()) {
            Story patient = own.story("patient");
            Story quick = own.story("short");
            Story stubborn = own.story("stubborn");
            patient.pid();
            quick.pid();
            stubborn.pid();
            own.http().get("/unload").expect(200);
            assertEquals(seq(quick.await("stop.ordered")), seq(stubborn.await("stop.ordered")), "both at once");
            assertTrue(seq(quick.await("process.exited")) <= seq(patient.await("stop.ordered")));
            assertTrue(seq(stubborn.await("process.exited")) <= seq(patient.await("stop.ordered")));
            assertEquals(9, stubborn.await("process.exited").at("/data/signal").asInt());
            assertEquals(Map.of(), own.states());
        }
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
