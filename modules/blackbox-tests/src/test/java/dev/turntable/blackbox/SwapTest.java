package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turntable.testkit.Answer;
import dev.turntable.testkit.TurntableProcess;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Models that exclude each other are started on demand and swapped; nobody is answered by the wrong one. */
class SwapTest {
    @Test
    void aModelIsStartedOnDemandAndSwappedForTheNext() {
        try (var turntable = TurntableProcess.with(model("fox"), model("owl")).start()) {
            assertEquals(Map.of(), turntable.states());
            assertEquals("fox", who(turntable.http().chat("fox").expect(200)));
            assertEquals(Map.of("fox", "ready"), turntable.states());
            assertEquals("owl", who(turntable.http().chat("owl").expect(200)));
            assertEquals(Map.of("owl", "ready"), turntable.states());
            assertEquals(1, turntable.upstreams().size(), "only one process is left");

            turntable.story("owl").end(1); // tells when the first byte came
            JsonNode swap = turntable.http().get("/api/swaps").json().at("/swaps/0");
            assertEquals("owl", swap.get("model").asText());
            assertTrue(swap.get("evicted").get(0).asText().startsWith("fox#"));
            List<String> steps = new ArrayList<>();
            swap.get("timeline").forEach(step -> steps.add(step.get("step").asText()));
            assertTrue(
                    steps.containsAll(List.of("asked", "stopped", "spawned", "ready", "first_byte")), steps.toString());
        }
    }

    @Test
    void parallelRequestsForAColdModelShareOneStart() {
        try (var turntable =
                TurntableProcess.with(model("fox", "--load-ms 300")).start()) {
            List<CompletableFuture<Answer>> asked = IntStream.range(0, 20)
                    .mapToObj(i -> turntable.http().chatLater("fox", ""))
                    .toList();
            asked.forEach(answer -> assertEquals("fox", who(answer.join().expect(200))));
            assertEquals(1, turntable.history("type=process.spawned").size());
        }
    }

    @Test
    void aSwapWaitsForInFlightRequests() {
        try (var turntable = TurntableProcess.with(model("fox"), model("owl")).start()) {
            turntable.http().chat("fox").expect(200);
            try (var stream = turntable.http().chatStream("fox", "\"demo\":{\"tokens\":20,\"gap_ms\":30}")) {
                var lines = stream.iterator();
                assertTrue(lines.next().startsWith("data: "));
                CompletableFuture<Answer> owl = turntable.http().chatLater("owl", "");
                turntable.awaitEvent("request.queued");
                String last = "";
                while (lines.hasNext()) {
                    String line = lines.next();
                    last = line.isEmpty() ? last : line;
                }
                assertEquals("data: [DONE]", last, "the answer under way was not cut");
                assertEquals("owl", who(owl.join().expect(200)));
            }
        }
    }

    @Test
    void twoHundredParallelRequestsOverFourModelsAreAnsweredByTheRightOne() throws Exception {
        String[] names = {"fox", "owl", "wren", "jay"};
        try (var turntable = TurntableProcess.with(model("fox"), model("owl"), model("wren"), model("jay"))
                        .start();
                var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = new HashMap<Integer, java.util.concurrent.Future<Answer>>();
            for (int i = 0; i < 200; i++) {
                String name = names[i % names.length];
                asked.put(i, clients.submit(() -> turntable.http().chat(name)));
            }
            for (var one : asked.entrySet()) {
                assertEquals(
                        names[one.getKey() % names.length],
                        who(one.getValue().get().expect(200)));
            }
            assertEquals(1, turntable.upstreams().size(), "one process is left, for they exclude each other");
            assertOneLivingProcessAModel(turntable, names);
        }
    }

    /** Reads the journal: each model was spawned, and between a spawn and its exit no other process of the same model was. */
    private static void assertOneLivingProcessAModel(TurntableProcess turntable, String... models) {
        var alive = new HashSet<String>();
        var spawned = new HashSet<String>();
        for (JsonNode event : turntable.history("type=process.spawned&type=process.exited&order=asc&limit=1000")) {
            String model = event.get("model").asText();
            if (event.get("type").asText().equals("process.spawned")) {
                spawned.add(model);
                assertTrue(alive.add(model), () -> model + " twice: " + event);
            } else {
                assertTrue(alive.remove(model), () -> model + " was not alive: " + event);
            }
        }
        assertEquals(Set.of(models), spawned);
    }

    private static String who(Answer answer) {
        return answer.json().at("/echo/name").asText();
    }
}
