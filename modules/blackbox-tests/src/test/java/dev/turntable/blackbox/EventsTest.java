package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turntable.testkit.Answer;
import dev.turntable.testkit.Events;
import dev.turntable.testkit.Groups;
import dev.turntable.testkit.Http;
import dev.turntable.testkit.StubUpstream;
import dev.turntable.testkit.TurntableProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a web page hears of requests and models, what a slow one misses, and how it cancels. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventsTest {
    /** A permit for each step of the answer of {@code stepwise}. */
    private final Semaphore steps = new Semaphore(0);

    @AutoClose
    private final StubUpstream stub = StubUpstream.answering(this::stepByStep);

    @AutoClose
    private final TurntableProcess turntable = TurntableProcess.configured(new Groups()
                    .together(model("fox", "--quiet"), stub.model("stepwise"))
                    .yaml())
            .start();

    private final Http http = turntable.http();

    private void stepByStep(StubUpstream.Request request, StubUpstream.Wire wire)
            throws IOException, InterruptedException {
        steps.acquire();
        wire.chunked("Content-Type: text/plain");
        wire.out().flush();
        steps.acquire();
        wire.chunk("some bytes");
        steps.acquire();
        wire.chunk("more bytes");
        wire.text("0\r\n\r\n");
        wire.out().flush();
    }

    @Test
    @SpecCase("222")
    void aNewListenerIsToldEverythingThereIs() {
        List<String> types = new ArrayList<>();
        try (Events events = Events.of(turntable)) {
            while (events.snapshots() == 0) {
                types.add(events.next().type());
            }
        }
        assertEquals(List.of("logData", "logData"), types.subList(0, 2));
        assertEquals(Set.of("logData", "modelStatus", "uiConfig", "profileChanged", "inflight"), Set.copyOf(types));
    }

    @Test
    @SpecCase("223")
    void aRequestIsToldFromItsBeginningToItsEnd() {
        try (Events events = Events.of(turntable)) {
            CompletableFuture<Answer> answer = http.chatLater("stepwise", "");
            JsonNode begun = events.awaitChange(
                    change -> change.at("/request/model").asText().equals("stepwise"));
            assertEquals("{}", begun.at("/request/resp_headers").toString());
            assertEquals(0, begun.at("/request/resp_bytes").asInt());
            String id = begun.at("/request/id").asText();
            steps.release();
            events.awaitChange(change ->
                    change.at("/request/resp_headers/Content-Type").asText().equals("text/plain"));
            steps.release();
            // Told at most four times a second: the first bytes may be told with the next ones only.
            steps.release();
            answer.join().expect(200);
            events.awaitChange(change -> change.get("operation").asText().equals("remove")
                    && change.get("id").asText().equals(id));
            assertFalse(events.underWay().containsKey(id));
        }
    }

    /** A listener that does not read loses messages; whoever is listed wrongly by then is put right when it reads on. */
    @Test
    @SpecCase("224")
    void aBlockedListenerDelaysNobodyAndASnapshotRepairsItsView() {
        String[] large = IntStream.range(0, 2)
                .mapToObj(i -> "X-Large-" + i + ": " + "x".repeat(60_000))
                .toArray(String[]::new);
        try (Events blocked = Events.slow(turntable)) {
            CompletableFuture<Answer> stays = turntable.story("fox").occupy("all-were-told");
            for (int i = 0; i < 100; i++) {
                http.raw("GET /props?model=fox", "", large).expect(200);
            }
            while (blocked.snapshots() < 2 || blocked.underWay().size() > 1) {
                blocked.next();
            }
            assertEquals(1, blocked.underWay().size());
            assertEquals(
                    "/v1/chat/completions",
                    blocked.underWay()
                            .values()
                            .iterator()
                            .next()
                            .get("req_path")
                            .asText());
            turntable.open("all-were-told");
            stays.join().expect(200);
        }
    }

    @Test
    @SpecCase("225")
    void aRequestIsCancelledByItsIdAndAnUnknownOneIsNotFound() {
        http.chat("fox").expect(200);
        try (Events events = Events.of(turntable)) {
            CompletableFuture<Answer> hanging = turntable.story("fox").ask("\"demo\":{\"hang\":true}");
            JsonNode begun = events.awaitChange(
                    change -> change.at("/request/model").asText().equals("fox")
                            && change.get("operation").asText().equals("upsert"));
            String id = begun.at("/request/id").asText();
            http.post("/api/inflight/" + id + "/cancel", "").expect(200);
            assertEquals("", hanging.join().expect(502).body());
            turntable.awaitEvent(
                    "request.finished", e -> e.at("/data/outcome").asText().equals("cancelled"));
            assertEquals(
                    "inflight request not found",
                    http.post("/api/inflight/" + id + "/cancel", "")
                            .expect(404)
                            .json()
                            .at("/error/message")
                            .asText());
        }
    }
}
