package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turntable.testkit.Activity;
import dev.turntable.testkit.Answer;
import dev.turntable.testkit.DemoUpstreamProcess;
import dev.turntable.testkit.EchoPeer;
import dev.turntable.testkit.Http;
import dev.turntable.testkit.Received;
import dev.turntable.testkit.TurntableProcess;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Requests for models of other servers: what these are sent, and what becomes of their failures. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PeerTest {
    private static final String CHAT = "POST /v1/chat/completions";
    private static final String JSON = "Content-Type: application/json";

    @AutoClose
    private final EchoPeer open = EchoPeer.named("open");

    @AutoClose
    private final EchoPeer keyed = EchoPeer.named("keyed");

    @AutoClose
    private final DemoUpstreamProcess demo = DemoUpstreamProcess.start("--name", "demo");

    @AutoClose
    private final TurntableProcess turntable = TurntableProcess.configured("peers:\n"
                    + open.entry("[there]")
                    + keyed.entry("[vault]", "apiKey: sk-peer")
                    + "  demo: {proxy: %s, models: [real]}\n"
                            .formatted(demo.http().base())
                    + "  gone: {proxy: 'http://127.0.0.1:1', models: [nowhere]}\n"
                    + "models:\n"
                    + model("fox"))
            .start();

    private final Http http = turntable.http();
    private final Activity activity = new Activity(http);

    @Test
    @SpecCase("230")
    void aPeerIsAskedForItsOwnNameOfTheModel() {
        Received received = Received.of(http.raw(CHAT, "{\"model\":\"open/there\",\"n\":1}", JSON));
        assertEquals("{\"model\":\"there\",\"n\":1}", received.body());
    }

    @Test
    @SpecCase("231")
    void aPeersKeyTakesThePlaceOfTheClientsAndWithoutOneTheClientsPass() {
        String[] credentials = {JSON, "Authorization: Bearer sk-mine", "X-Api-Key: sk-mine-too"};
        Received withKey = Received.of(http.raw(CHAT, "{\"model\":\"vault\"}", credentials));
        assertEquals(List.of("Bearer sk-peer"), withKey.header("Authorization"));
        assertEquals(List.of("sk-peer"), withKey.header("X-Api-Key"));
        Received without = Received.of(http.raw(CHAT, "{\"model\":\"there\"}", credentials));
        assertEquals(List.of("Bearer sk-mine"), without.header("Authorization"));
        assertEquals(List.of("sk-mine-too"), without.header("X-Api-Key"));
    }

    @Test
    @SpecCase("232")
    void aPeerSeesItsOwnHost() {
        Received received = Received.of(http.raw(CHAT, "{\"model\":\"there\"}", JSON));
        assertEquals(List.of(open.authority()), received.header("Host"));
    }

    @Test
    @SpecCase("233")
    void noProxyBeforeUsBuffersAPeersStream() {
        Answer answer = http.post("/v1/chat/completions", Http.chatBody("real", true, ""))
                .expect(200);
        assertEquals("text/event-stream", answer.header("Content-Type"));
        assertEquals("no", answer.header("X-Accel-Buffering"));
    }

    @Test
    @SpecCase("235")
    void aPeerThatCannotBeReachedIsABadGatewayAndOnTheRecord() {
        JsonNode row = activity.rowOf(() -> {
            Answer answer = http.chat("nowhere").expect(502);
            String message = answer.json().at("/error/message").asText();
            assertTrue(message.startsWith("peer proxy error: "), message);
            return answer;
        });
        assertTrue(row.get("error_msg").asText().startsWith("peer proxy error: "), row.toString());
        assertEquals("nowhere", row.get("model").asText());
    }

    @Test
    @SpecCase(
            value = "235a",
            differs =
                    "a chunked answer that breaks off upstream is cut here too: half an answer must not pass for a whole one")
    void aPeerThatDiesInMidAnswerCutsItAndLeavesARow() {
        for (String framing : List.of("chunked", "length")) {
            JsonNode row = activity.rowOf(() -> {
                var order = http.request("/v1/chat/completions")
                        .header("Content-Type", "application/json")
                        .header("X-Demo", "{\"die\":\"middle\",\"bytes\":10000,\"framing\":\"" + framing + "\"}")
                        .POST(BodyPublishers.ofString("{\"model\":\"real\"}"));
                assertThrows(UncheckedIOException.class, () -> http.send(order), framing);
                return null;
            });
            assertEquals(
                    "the upstream ended before its answer was complete",
                    row.get("error_msg").asText(),
                    framing);
        }
    }

    @Test
    @SpecCase("235b")
    void behindUpstreamTheFullNameInABodyBecomesThePeersAndNothingElseChanges() {
        String path = "POST /upstream/open/there/x";
        assertEquals(
                "{\"model\": \"there\"}",
                Received.of(http.raw(path, "{\"model\": \"open/there\"}", JSON)).body());
        for (String other :
                List.of("{\"model\": \"there\"}", "{\"model\": \"open/there2\"}", "{\"m\": \"open/there\"}")) {
            assertEquals(other, Received.of(http.raw(path, other, JSON)).body());
        }
        assertEquals(
                "say {\"model\": \"open/there\"}",
                Received.of(http.raw(path, "say {\"model\": \"open/there\"}", "Content-Type: text/plain"))
                        .body());
    }
}
