package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turntable.testkit.Activity;
import dev.turntable.testkit.Answer;
import dev.turntable.testkit.DemoUpstreamProcess;
import dev.turntable.testkit.Groups;
import dev.turntable.testkit.Http;
import dev.turntable.testkit.Received;
import dev.turntable.testkit.Story;
import dev.turntable.testkit.TurntableProcess;
import dev.turntable.testkit.Wait;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Which target of a selector a request goes to. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SelectorTest {
    private static final String SELECTORS = """
            selectors:
              pinned: {strategy: pin, targets: ["fox:high", other]}
              warm: {strategy: warm, targets: [warm-a, warm-b, warm-c]}
              cold: {strategy: spillover, targets: [cold-a, cold-b, cold-c], settings: {spillover: 2}}
              even: {strategy: spillover, targets: [even-a, even-b, even-c], settings: {spillover: 2}}
              leaving: {strategy: spillover, targets: [leaving-a, leaving-b]}
              far: {strategy: spillover, targets: [one/there, two/there], settings: {spillover: 1}}
            profiles: {night: {pins: {public: pinned}}}
            """;

    private static final String GATED_STOP = "cmdStop: sh -c 'until [ -e may-stop ]; do sleep 0.01; done; kill ${PID}'";

    @AutoClose
    private final DemoUpstreamProcess one = DemoUpstreamProcess.start("--name", "one");

    @AutoClose
    private final DemoUpstreamProcess two = DemoUpstreamProcess.start("--name", "two");

    @AutoClose
    private final TurntableProcess turntable = TurntableProcess.configured(SELECTORS
                    + "peers: {one: {proxy: %s, models: [there]}, two: {proxy: %s, models: [there]}}\n"
                            .formatted(one.http().base(), two.http().base())
                    + new Groups()
                            .together(
                                    model("fox", "", "filters: {setParamsByID: {\"fox:high\": {effort: high}}}"),
                                    model("other"),
                                    model("warm-a", "--load-until warm-is-loaded"),
                                    model("warm-b", "--load-until warm-is-loaded"),
                                    model("warm-c"))
                            .together(model("cold-a"), model("cold-b"), model("cold-c"))
                            .together(model("even-a"), model("even-b"), model("even-c"))
                            .together(
                                    model("leaving-a", "", "unloadTimeout: 30", GATED_STOP),
                                    model("leaving-b", "", "unloadTimeout: 30", GATED_STOP))
                            .yaml())
            .start();

    private final Http http = turntable.http();

    @Test
    @SpecCase("194")
    void aPinLeadsToAnAliasAndTheRowNamesSelectorAndRealModel() {
        assertPinned("pinned");
    }

    @Test
    @SpecCase("200")
    void aProfileIsAskedBeforeTheSelector() {
        http.raw("PUT /api/profiles/active", "{\"name\":\"night\"}").expect(200);
        assertPinned("public");
        http.raw("PUT /api/profiles/active", "{\"name\":null}").expect(200);
        http.chat("public").expect(404);
    }

    private void assertPinned(String asked) {
        AtomicReference<Received> received = new AtomicReference<>();
        JsonNode row = new Activity(http).rowOf(() -> {
            Answer answer = http.raw(
                    "POST /v1/chat/completions",
                    "{\"model\":\"" + asked + "\"}",
                    "Content-Type: application/json",
                    Received.PLEASE);
            received.set(Received.of(answer));
            return answer;
        });
        assertEquals("fox", received.get().by());
        assertEquals(
                "{\"model\":\"fox:high\",\"effort\":\"high\"}", received.get().body());
        assertEquals("fox", row.get("model").asText());
        assertEquals("pinned", row.at("/metadata/selector").asText());
    }

    @Test
    @SpecCase("195")
    void warmTakesWhoIsReadyThenWhoIsStartingThenTheFirst() {
        CompletableFuture<Answer> nobodyIsWarm = send("warm", "warm-a", "");
        http.post("/api/models/load/warm-b", "").expect(202);
        turntable.story("warm-b").await("process.spawned");
        CompletableFuture<Answer> twoAreStarting = send("warm", "warm-a", "");
        http.chat("warm-c").expect(200);
        assertEquals("warm-c", who(http.chat("warm")), "ready, and the others are starting");
        turntable.open("warm-is-loaded");
        assertEquals("warm-a", who(nobodyIsWarm.join()));
        assertEquals("warm-a", who(twoAreStarting.join()));
    }

    @Test
    @SpecCase("196")
    void aSpilloverFillsOneTargetBeforeItStartsTheNext() {
        String held = "\"demo\":{\"until\":\"cold-may-answer\"}";
        List<CompletableFuture<Answer>> asked =
                List.of(send("cold", "cold-a", held), send("cold", "cold-a", held), send("cold", "cold-b", held));
        turntable.open("cold-may-answer");
        asked.forEach(answer -> answer.join().expect(200));
        assertEquals(0, turntable.story("cold-c").count("start.ordered"));
    }

    @Test
    @SpecCase("197")
    void ofTargetsThatAreReadyTheOneWithTheFewestRequestsIsNext() {
        Set<String> targets = Set.of("even-a", "even-b", "even-c");
        targets.forEach(target -> http.chat(target).expect(200));
        Set<String> free = new HashSet<>(targets);
        for (int i = 0; i < 3; i++) {
            http.chatLater("even", "\"demo\":{\"until\":\"even-may-answer\"}");
            String chosen = Wait.until("a target that was free", () -> free.stream()
                    .filter(target -> turntable.story(target).count("request.admitted") == 2)
                    .findFirst());
            free.remove(chosen);
        }
        assertEquals(Set.of(), free, "each got one");
        turntable.open("even-may-answer");
    }

    @Test
    @SpecCase("198")
    void aSpilloverWhoseTargetsAreAllLeavingIsUnavailable() {
        Story a = turntable.story("leaving-a");
        Story b = turntable.story("leaving-b");
        a.pid();
        b.pid();
        CompletableFuture<Answer> unloaded = CompletableFuture.supplyAsync(() -> http.get("/unload"));
        a.await("stop.ordered");
        b.await("stop.ordered");
        assertEquals(
                "selector \"leaving\" has no available spillover targets",
                http.chat("leaving").expect(503).json().at("/error/message").asText());
        turntable.open("may-stop");
        unloaded.join().expect(200);
        http.chat("leaving").expect(200);
    }

    @Test
    @SpecCase("199")
    void peersAreTargetsToo() {
        CompletableFuture<Answer> first = send("far", "one/there", until("one-may-answer"));
        CompletableFuture<Answer> second = send("far", "two/there", until("two-may-answer"));
        turntable.open("one-may-answer");
        assertEquals("one", who(first.join()));
        turntable.story("one/there").end(1);
        assertEquals("one", who(http.chat("far")), "released, it is the first again");
        turntable.open("two-may-answer");
        assertEquals("two", who(second.join()));
    }

    private String until(String gate) {
        return "\"demo\":{\"until\":\"" + turntable.scratch().resolve(gate) + "\"}";
    }

    /** Asks the selector; returns when the request has arrived at this target. */
    private CompletableFuture<Answer> send(String selector, String target, String more) {
        int before = turntable.story(target).count("request.arrived");
        CompletableFuture<Answer> answer = http.chatLater(selector, more);
        turntable.story(target).await("request.arrived", before + 1);
        return answer;
    }

    private static String who(Answer answer) {
        return answer.expect(200).json().at("/echo/name").asText();
    }
}
