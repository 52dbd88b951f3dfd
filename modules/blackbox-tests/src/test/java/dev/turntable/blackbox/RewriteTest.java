package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turntable.testkit.Answer;
import dev.turntable.testkit.EchoPeer;
import dev.turntable.testkit.Form;
import dev.turntable.testkit.Http;
import dev.turntable.testkit.Received;
import dev.turntable.testkit.TurntableProcess;
import dev.turntable.testkit.Wait;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a request's body becomes on its way to the model: names, filters, and every other byte left alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RewriteTest {
    private static final String CHAT = "POST /v1/chat/completions";
    private static final String TRANSCRIPTION = "POST /v1/audio/transcriptions";
    private static final String JSON = "Content-Type: application/json";

    /** Every byte there is: what a change of characters on the way would break. */
    private static final byte[] SOUND = bytes(1024);

    @AutoClose
    private final EchoPeer peer = EchoPeer.named("far");

    @AutoClose
    private final TurntableProcess turntable = TurntableProcess.configured(
                    "groups: {all: {swap: false, members: [plain, renamed, filtered]}}\nmodels:\n"
                            + model("plain")
                            + model("renamed", "", "useModelName: the-real-one")
                            + model(
                                    "filtered",
                                    "",
                                    "aliases: [other]",
                                    "filters:",
                                    "  stripParams: temperature, model",
                                    "  setParams: {top_p: 0.5, model: evil, chat_template_kwargs.enable_thinking: false}",
                                    "  setParamsByID: {high: {top_p: 0.9, model: evil}}")
                            + "peers:\n"
                            + peer.entry(
                                    "[m]",
                                    "filters:",
                                    "  stripParams: temperature",
                                    "  setParams: {top_p: 0.5, seed: 1}",
                                    "  setParamsByID: {far/m: {seed: 2}, m: {seed: 3}}"))
            .start();

    private final Http http = turntable.http();

    @Test
    @SpecCase("97")
    void aFormThatNeedsNoChangeIsForwardedByteForByte() {
        byte[] body = new Form()
                .file("file", "fox.wav", "audio/wav", SOUND)
                .value("model", "plain")
                .bytes();
        Received received = Received.of(http.raw(TRANSCRIPTION, body, Form.TYPE, Received.PLEASE));
        assertEquals("plain", received.by());
        assertEquals(body.length, received.length());
        assertEquals(sha256(body), received.sha256());
        assertEquals(List.of(Form.CONTENT_TYPE), received.header("Content-Type"));
    }

    @Test
    @SpecCase(
            value = "98",
            differs = "the form is not built anew: only the name changes, so that boundary and headers of parts stay")
    void aFormGetsTheNameForTheUpstreamAndKeepsEverythingElse() {
        Received received = Received.of(http.raw(TRANSCRIPTION, form("renamed"), Form.TYPE, Received.PLEASE));
        assertEquals("renamed", received.by());
        assertEquals(sha256(form("the-real-one")), received.sha256());
        assertEquals(List.of(Form.CONTENT_TYPE), received.header("Content-Type"));
    }

    private static byte[] form(String model) {
        return new Form()
                .value("language", "en")
                .value("model", model)
                .file("file", "fox.wav", "audio/wav", SOUND)
                .bytes();
    }

    @Test
    @SpecCase("99")
    void aFormTooLargeForMemoryGoesThroughAFileThatIsGoneAfterwards() {
        byte[] large = new Form()
                .value("model", "renamed")
                .file("file", "fox.wav", "audio/wav", bytes(33 << 20))
                .bytes();
        Answer answer = http.send(http.request("/v1/audio/transcriptions")
                .headers("Content-Type", Form.CONTENT_TYPE, "X-Demo", "{\"status\":200}")
                .POST(BodyPublishers.ofInputStream(() -> endingOnceOnDisk(large))));
        int longer = "the-real-one".length() - "renamed".length();
        assertEquals(large.length + longer, Received.of(answer).length());
        Wait.until("no temporary file is left", () -> temporaryFiles() == 0);
    }

    /** These bytes, the last of them only when a temporary file with the others is there. */
    private InputStream endingOnceOnDisk(byte[] bytes) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public int read(byte[] to, int from, int most) {
                int before = count - 1 - pos;
                if (before == 0) {
                    Wait.until("a temporary file", () -> temporaryFiles() == 1);
                }
                return super.read(to, from, before > 0 ? Math.min(most, before) : most);
            }
        };
    }

    private long temporaryFiles() {
        try (Stream<Path> files = Files.list(turntable.dataDir().resolve("tmp"))) {
            return files.count();
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @SpecCase("103")
    void parametersAreTakenAwayAndSetButTheModelNeverChanges() {
        String body = "{ \"temperature\": 2.0, \"model\": \"filtered\", \"x\": 1.50 }";
        JsonNode received = asJson(body);
        assertEquals("filtered", received.get("model").asText());
        assertEquals(0.5, received.get("top_p").asDouble());
        assertEquals(1.5, received.get("x").asDouble());
        assertEquals(false, received.has("temperature"), received.toString());
    }

    @Test
    @SpecCase("104")
    void parametersOfTheAliasAskedForWin() {
        assertEquals(
                0.9, asJson("{\"model\":\"high\",\"top_p\":0.1}").get("top_p").asDouble());
        assertEquals(
                0.5, asJson("{\"model\":\"other\",\"top_p\":0.1}").get("top_p").asDouble());
        assertEquals("high", asJson("{\"model\":\"high\"}").get("model").asText());
    }

    @Test
    @SpecCase("105")
    void aParameterWithADotIsMadeOrChangedInsideItsObject() {
        assertEquals(
                "{\"enable_thinking\":false}",
                asJson("{\"model\":\"filtered\"}").get("chat_template_kwargs").toString());
        assertEquals(
                "{\"enable_thinking\":false,\"other\":1}",
                asJson("{\"model\":\"filtered\",\"chat_template_kwargs\":{\"enable_thinking\":true,\"other\":1}}")
                        .get("chat_template_kwargs")
                        .toString());
    }

    @Test
    @SpecCase("106")
    void thePeersFiltersApplyUnderItsFullNameBeforeTheNameIsShortened() {
        JsonNode received = asJson("{\"model\":\"far/m\",\"temperature\":1}");
        assertEquals("{\"model\":\"m\",\"seed\":2,\"top_p\":0.5}", received.toString());
    }

    @Test
    @SpecCase("106b")
    void aBodyInChunksArrivesWholeAndRewritten() {
        String body = "{\"model\":\"renamed\",\"n\":%s}".formatted("1".repeat(300));
        String chunks = IntStream.range(0, body.length())
                .mapToObj(i -> "1\r\n" + body.charAt(i) + "\r\n")
                .reduce("", String::concat);
        Received received =
                Received.of(http.raw(CHAT, chunks + "0\r\n\r\n", JSON, "Transfer-Encoding: chunked", Received.PLEASE));
        assertEquals(body.replace("renamed", "the-real-one"), received.body());
    }

    private JsonNode asJson(String body) {
        return Received.of(http.raw(CHAT, body, JSON, Received.PLEASE)).json();
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
