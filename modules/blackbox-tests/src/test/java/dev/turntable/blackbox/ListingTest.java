package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turntable.testkit.Answer;
import dev.turntable.testkit.EchoPeer;
import dev.turntable.testkit.Http;
import dev.turntable.testkit.TurntableProcess;
import dev.turntable.testkit.Wait;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code /v1/models} tells about each model, and what it keeps to itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ListingTest {
    /** Models that are only listed. */
    private static final String DESCRIBED = """
              inputs: {cmd: 'x ${PORT}', capabilities: {in: [text, image]}}
              outputs: {cmd: 'x ${PORT}', capabilities: {out: [audio]}}
              both: {cmd: 'x ${PORT}', capabilities: {in: [audio, text, image], out: [text, image, audio]}}
              tools: {cmd: 'x ${PORT}', capabilities: {tools: true}}
              reranker: {cmd: 'x ${PORT}', capabilities: {reranker: true}}
              context: {cmd: 'x ${PORT}', capabilities: {context: 4096}}
              nothing: {cmd: 'x ${PORT}'}
              own: {cmd: 'x ${PORT}', metadata: {architecture: mine, note: kept}}
              hides: {cmd: 'x ${PORT}', metadata: {architecture: mine, note: kept}, capabilities: {tools: true}}
            """;

    @AutoClose
    private final EchoPeer one = EchoPeer.named("one");

    @AutoClose
    private final EchoPeer two = EchoPeer.named("two");

    @AutoClose
    private final TurntableProcess turntable = TurntableProcess.configured("includeAliasesInList: true\n"
                    + "groups: {all: {swap: false, members: [fox, owl, slow]}}\n"
                    + "selectors: {first: {strategy: pin, targets: [fox, owl]}}\n"
                    + "models:\n"
                    + model("fox", "", "aliases: [vixen]", "name: \" The Fox \"", "metadata: {size: 7}")
                    + model("owl")
                    + model("slow", "--never-ready")
                    + model("hidden", "", "unlisted: true", "aliases: [veiled]")
                    + DESCRIBED
                    + "peers:\n"
                    + one.entry("[fox]")
                    + two.entry("[fox]"))
            .start();

    private final Http http = turntable.http();

    @Test
    @SpecCase("121")
    void theOriginIsEchoed() {
        String asked = "http://o.example:8080";
        assertEquals(
                asked,
                http.raw("GET /v1/models", "", "Origin: " + asked).expect(200).header("Access-Control-Allow-Origin"));
        assertEquals("", http.raw("GET /models").expect(200).header("Access-Control-Allow-Origin"));
    }

    @Test
    @SpecCase("122")
    void anUnlistedModelIsNotListedButShownToThePage() {
        assertFalse(ids().contains("hidden"));
        assertFalse(ids().contains("veiled"));
        assertEquals(true, status("hidden").get("unlisted").asBoolean());
        assertEquals(false, status("fox").get("unlisted").asBoolean());
    }

    /** What the event stream says about a model when it begins. */
    private JsonNode status(String id) {
        try (Stream<String> lines = http.lines("/api/events")) {
            JsonNode message = lines.filter(line -> line.startsWith("data:"))
                    .map(line -> Answer.parse(line.substring("data:".length())))
                    .filter(m -> m.get("type").asText().equals("modelStatus"))
                    .findFirst()
                    .orElseThrow();
            return find(Answer.parse(message.get("data").asText()), id).orElseThrow();
        }
    }

    @Test
    @SpecCase("123")
    void anAliasIsARecordWithItsModelsStatus() {
        http.chat("fox").expect(200);
        JsonNode alias = record("vixen");
        assertEquals("{\"modelID\":\"fox\",\"size\":7,\"type\":\"alias\"}", sorted(alias.at("/meta/llamaswap")));
        assertEquals("The Fox", alias.get("name").asText());
        assertEquals("loaded", alias.at("/status/value").asText());
        http.raw("POST /api/models/unload/fox").expect(200);
        assertEquals("unloaded", record("vixen").at("/status/value").asText());
    }

    @Test
    @SpecCase("124")
    void aNameOfTwoPeersAndAModelIsListedOnceForEach() {
        assertEquals(
                List.of("fox", "one/fox", "two/fox"),
                ids().stream().filter(id -> id.endsWith("fox")).toList());
        JsonNode far = record("two/fox");
        assertEquals("two: fox", far.get("name").asText());
        assertEquals("{\"peerID\":\"two\",\"type\":\"peer\"}", sorted(far.at("/meta/llamaswap")));
        assertEquals("unloaded", far.at("/status/value").asText());
    }

    @ParameterizedTest
    @SpecCase("125")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            nothing  | {}
            inputs   | {"architecture":{"input_modalities":["text","image"]},"capabilities":{"vision":true}}
            outputs  | {"architecture":{"output_modalities":["audio"]}}
            both     | {"architecture":{"input_modalities":["audio","text","image"],"output_modalities":["text","image","audio"],"modality":"audio+text+image->text+image+audio"},"capabilities":{"vision":true,"audio_transcriptions":true,"audio_speech":true,"image_generation":true,"image_to_image":true}}
            tools    | {"capabilities":{"function_calling":true},"supported_parameters":["tools","tool_choice"]}
            reranker | {"capabilities":{"reranker":true}}
            context  | {"context_length":4096}
            """)
    void aModelShowsWhatItsCapabilitiesSayAndNoMore(String id, String fields) {
        JsonNode record = record(id);
        assertEquals(Answer.parse(fields), described(record));
        assertEquals(id.equals("context"), record.get("meta").has("n_ctx"));
        assertEquals(id.equals("context") ? 4096 : 0, record.at("/meta/n_ctx").asInt());
    }

    /** A record without what every record has. */
    private static JsonNode described(JsonNode record) {
        return ((ObjectNode) record.deepCopy())
                .without(List.of("id", "object", "created", "owned_by", "meta", "status"));
    }

    @Test
    @SpecCase("126")
    void capabilitiesHideTheSameWordsInTheMetadata() {
        assertEquals(
                "{\"architecture\":\"mine\",\"note\":\"kept\",\"type\":\"model\"}",
                sorted(record("own").at("/meta/llamaswap")));
        assertEquals(
                "{\"note\":\"kept\",\"type\":\"model\"}", sorted(record("hides").at("/meta/llamaswap")));
    }

    @Test
    @SpecCase("127")
    void aModelThatStartsCountsAsLoaded() {
        assertEquals("unloaded", record("slow").at("/status/value").asText());
        http.chatLater("slow", "");
        Wait.until("it starts", () -> "starting".equals(turntable.states().get("slow")));
        assertEquals("loaded", record("slow").at("/status/value").asText());
        http.raw("POST /api/models/unload/slow").expect(200);
    }

    @Test
    @SpecCase("128")
    void onlyTheFirstTargetOfAPinCountsAsItsStatus() {
        http.raw("POST /api/models/unload/fox").expect(200);
        http.chat("owl").expect(200);
        assertEquals("loaded", record("owl").at("/status/value").asText());
        assertEquals("unloaded", record("first").at("/status/value").asText());
        http.chat("fox").expect(200);
        assertEquals("loaded", record("first").at("/status/value").asText());
    }

    private JsonNode listed() {
        return http.raw("GET /v1/models").expect(200).json().get("data");
    }

    private List<String> ids() {
        return StreamSupport.stream(listed().spliterator(), false)
                .map(record -> record.get("id").asText())
                .toList();
    }

    private JsonNode record(String id) {
        return find(listed(), id).orElseThrow(() -> new AssertionError(id + " is not listed"));
    }

    private static Optional<JsonNode> find(JsonNode records, String id) {
        return StreamSupport.stream(records.spliterator(), false)
                .filter(record -> record.get("id").asText().equals(id))
                .findFirst();
    }

    /** A flat object with its keys sorted, as text. */
    private static String sorted(JsonNode object) {
        return object.properties().stream()
                .map(field -> "\"%s\":%s".formatted(field.getKey(), field.getValue()))
                .sorted()
                .collect(Collectors.joining(",", "{", "}"));
    }
}
