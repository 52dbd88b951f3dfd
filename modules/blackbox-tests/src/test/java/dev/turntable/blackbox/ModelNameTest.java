package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.testkit.Answer;
import dev.turntable.testkit.Http;
import dev.turntable.testkit.Received;
import dev.turntable.testkit.TurntableProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a request says which model it wants, and which requests say so in vain. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelNameTest {
    private static final String CHAT = "POST /v1/chat/completions";
    private static final String JSON = "Content-Type: application/json";
    private static final String FORM = "Content-Type: application/x-www-form-urlencoded";

    @AutoClose
    private final TurntableProcess turntable = TurntableProcess.configured(
                    "groups: {all: {swap: false, members: [author/m, fox, cold]}}\nmodels:\n"
                            + model("author/m")
                            + model("fox", "", "aliases: [vixen]")
                            + model("cold", "", "sendLoadingState: true"))
            .start();

    private final Http http = turntable.http();

    @Test
    @SpecCase("93")
    void aNameInAJsonBodyMayContainASlash() {
        Received received = Received.of(http.raw(CHAT, "{\"model\":\"author/m\"}", JSON, Received.PLEASE));
        assertEquals("author/m", received.by());
        assertEquals("{\"model\":\"author/m\"}", received.body());
    }

    @ParameterizedTest
    @SpecCase("94")
    @ValueSource(
            strings = {
                "{\"model\":\"fo",
                "{\"mod",
                "{'model':'fox'}",
                "[\"model\",\"fox\"]",
                "[{\"model\":\"fox\"}]",
                "{\"Model\":\"fox\"}",
                "{\"nested\":{\"model\":\"fox\"}}",
                "{}",
                "no JSON at all"
            })
    void aJsonBodyWithoutAReadableNameIsNotFound(String body) {
        assertNoName(http.raw(CHAT, body, JSON));
    }

    @Test
    @SpecCase("94")
    void aPackedJsonBodyIsNotRead() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write("{\"model\":\"fox\"}".getBytes(StandardCharsets.UTF_8));
        }
        assertNoName(http.raw(CHAT, packed.toByteArray(), JSON, "Content-Encoding: gzip"));
    }

    @ParameterizedTest
    @SpecCase("94")
    @ValueSource(
            strings = {
                "\uFEFF{\"model\":\"fox\"}",
                "garbage {\"model\":\"fox\"}",
                "{\"model\":\"fox\"} garbage",
                "{\"messages\":[] \"model\":\"fox\"}",
                "{\"model\":\"fox\",\"messages\":[{\"role\":\"us"
            })
    void garbageAroundAReadableNameDoesNotMatter(String body) {
        Received received = Received.of(http.raw(CHAT, body, JSON, Received.PLEASE));
        assertEquals("fox", received.by());
        assertEquals(body, received.body());
    }

    @Test
    @SpecCase("95")
    void theTypeOfAJsonBodyMayNameItsCharset() {
        String charset = "Content-Type: application/json; charset=utf-8";
        assertEquals(
                "fox",
                Received.of(http.raw(CHAT, "{\"model\":\"fox\"}", charset, Received.PLEASE))
                        .by());
    }

    @Test
    @SpecCase(value = "96", differs = "JSON is JSON whatever its type says: curl -d names none that is true")
    void jsonUnderTheTypeThatCurlSendsByItselfIsJson() {
        assertEquals(
                "fox",
                Received.of(http.raw(CHAT, "{\"model\":\"fox\"}", FORM, Received.PLEASE))
                        .by());
    }

    @ParameterizedTest
    @SpecCase("100")
    @ValueSource(strings = {"X-No: type", "Content-Type: text/plain"})
    void aBodyOfAnotherTypeIsAskedForByTheQuery(String type) {
        Received received =
                Received.of(http.raw("POST /v1/audio/speech?model=vixen&x=1", "some text", type, Received.PLEASE));
        assertEquals("fox", received.by());
        assertEquals("/v1/audio/speech?model=vixen&x=1", received.target());
        assertEquals("some text", received.body());
    }

    /** Only a streaming request is told how its model loads, so one that loads shows how the flag was read. */
    @Test
    @SpecCase("101")
    void streamAsTextIsStreaming() {
        Answer answer = http.raw(CHAT, "{\"model\":\"cold\",\"stream\":\"true\"}", JSON);
        assertEquals("text/event-stream", answer.expect(200).header("Content-Type"));
        assertTrue(answer.body().contains("reasoning_content"), answer.body());
    }

    @Test
    @SpecCase("102")
    void aGetNamesItsModelInTheQueryWhichStaysAsItIs() {
        Received received = Received.of(http.raw("GET /props?b=%7e&model=vixen&a"));
        assertEquals("fox", received.by());
        assertEquals("/props?b=%7e&model=vixen&a", received.target());
    }

    @ParameterizedTest
    @SpecCase("106a")
    @ValueSource(strings = {"x=%zz", "x;y"})
    void oneUnreadableFieldSpoilsAForm(String field) {
        assertNoName(http.raw("POST /v1/audio/speech?" + field, "model=fox", FORM));
        assertNoName(http.raw("POST /v1/audio/speech", "model=fox&" + field, FORM));
        assertNoName(http.raw("POST /v1/audio/speech?model=fox&" + field, "some text", "Content-Type: text/plain"));
    }

    @ParameterizedTest
    @SpecCase("106a")
    @ValueSource(strings = {"x=%zz", "x;y"})
    void anUnreadableQueryOfAnyOtherRequestIsForwardedAsItStands(String field) {
        assertEquals(
                "/props?" + field + "&model=fox",
                Received.of(http.raw("GET /props?" + field + "&model=fox")).target());
        assertEquals(
                "/v1/chat/completions?" + field,
                Received.of(http.raw(CHAT + "?" + field, "{\"model\":\"fox\"}", JSON, Received.PLEASE))
                        .target());
    }

    private static void assertNoName(Answer answer) {
        assertEquals(
                "no model id could be identified",
                answer.expect(404).json().at("/error/message").asText());
    }
}
