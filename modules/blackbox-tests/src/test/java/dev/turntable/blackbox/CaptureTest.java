package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turntable.testkit.Activity;
import dev.turntable.testkit.Answer;
import dev.turntable.testkit.Http;
import dev.turntable.testkit.Order;
import dev.turntable.testkit.Received;
import dev.turntable.testkit.TurntableProcess;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What is kept of a request and its answer, what is left out, and what is said about answers that went wrong. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CaptureTest {
    private static final String JSON = "Content-Type: application/json";
    private static final String CHAT = "POST /v1/chat/completions";
    private static final String BODY = "{\"model\":\"fox\"}";

    @AutoClose
    private final TurntableProcess turntable =
            TurntableProcess.with(model("fox")).start();

    private final Http http = turntable.http();
    private final Activity activity = new Activity(http);

    @Test
    @SpecCase("209")
    void aJsonErrorOfTheUpstreamIsToldByItsMessageAndItsBodyNotKept() {
        String error = "{\"error\":{\"message\":\"out of memory\"}}";
        JsonNode row = row(502, Order.answer(error).with("status", 502));
        assertEquals("out of memory", row.get("error_msg").asText());
        JsonNode capture = activity.capture(row).expect(200).json();
        assertEquals(BODY, decoded(capture.get("req_body")));
        assertTrue(capture.get("resp_body").isNull());
    }

    @Test
    @SpecCase("210")
    void anErrorThatIsNoJsonIsToldByItsStatus() {
        JsonNode row = row(502, Order.answer("<h1>Oops</h1>").type("text/html").with("status", 502));
        assertEquals("502 Bad Gateway", row.get("error_msg").asText());
    }

    @Test
    @SpecCase("211")
    void anAnswerThatCannotBeUnpackedIsNotCaptured() {
        Order garbage = Order.answer("no gzip at all").header("Content-Encoding", "gzip");
        // Whoever asks for gzip gets the bytes as they are.
        JsonNode row = activity.rowOf(() -> http.raw(CHAT, BODY, JSON, "Accept-Encoding: gzip", garbage.line())
                .expect(200));
        assertTrue(row.get("error_msg").asText().startsWith("response decompression failed"), row.toString());
        assertFalse(row.get("has_capture").asBoolean());
        activity.capture(row).expect(404);
    }

    @Test
    @SpecCase("212")
    void anUpstreamIsAskedOnlyForWhatCanBeUnpacked() {
        Received received =
                Received.of(http.raw(CHAT, BODY, JSON, "Accept-Encoding: gzip, deflate, br", Received.PLEASE));
        assertEquals(List.of("gzip, deflate"), received.header("Accept-Encoding"));
    }

    @Test
    @SpecCase("213")
    void secretsAreMaskedInCapturesAndInTheListOfRequestsUnderWay() {
        CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> http.raw(
                CHAT,
                BODY,
                JSON,
                "Authorization: Bearer sk-1",
                "X-Api-Key: sk-2",
                "Cookie: c=3",
                "X-Other: open",
                Order.answer("{}")
                        .with("until", "secrets-were-seen")
                        .header("Set-Cookie", "s=4")
                        .line()));
        turntable.story("fox").await("request.arrived");
        String inFlight = http.readUntil("/api/events", "secrets-were-seen");
        JsonNode row = activity.rowOf(() -> {
            turntable.open("secrets-were-seen");
            return answer.join();
        });
        String capture = activity.capture(row).expect(200).body();
        for (String shown : List.of(inFlight, capture)) {
            assertFalse(shown.contains("sk-1") || shown.contains("sk-2") || shown.contains("c=3"), shown);
            assertTrue(shown.contains("open"), shown);
        }
        JsonNode headers = Answer.parse(capture).get("req_headers");
        for (String name : List.of("Authorization", "X-Api-Key", "Cookie")) {
            assertEquals("[REDACTED]", headers.get(name).asText(), name);
        }
        assertEquals(
                "[REDACTED]",
                Answer.parse(capture).at("/resp_headers/Set-Cookie").asText());
    }

    @Test
    @SpecCase("214")
    void speechIsNotKept() {
        JsonNode row = activity.rowOf(() -> http.raw(
                        "POST /upstream/fox/v1/audio/speech",
                        BODY,
                        JSON,
                        Order.answer("sounds").type("audio/mpeg").line())
                .expect(200));
        assertEquals("/v1/audio/speech", row.get("req_path").asText());
        JsonNode capture = activity.capture(row).expect(200).json();
        assertEquals(BODY, decoded(capture.get("req_body")));
        assertTrue(capture.get("resp_body").isNull());
        assertEquals("audio/mpeg", capture.at("/resp_headers/Content-Type").asText());
    }

    @Test
    @SpecCase("215")
    void withoutABufferNothingIsCaptured() {
        try (var without = TurntableProcess.configured("captureBuffer: 0\nmodels:\n" + model("fox"))
                .start()) {
            var rows = new Activity(without.http());
            JsonNode row = rows.rowOf(() -> without.http().chat("fox").expect(200));
            assertFalse(row.get("has_capture").asBoolean());
            rows.capture(row).expect(404);
        }
    }

    private JsonNode row(int status, Order order) {
        return activity.rowOf(() -> http.raw(CHAT, BODY, JSON, order.line()).expect(status));
    }

    private static String decoded(JsonNode body) {
        return new String(Base64.getDecoder().decode(body.asText()), StandardCharsets.UTF_8);
    }
}
