package dev.turntable.proxy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.RequestId;
import dev.turntable.event.Tokens;
import dev.turntable.proxy.activity.Capture;
import dev.turntable.proxy.activity.CaptureStore;
import dev.turntable.proxy.metering.AnswerReader;
import dev.turntable.testkit.RawClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens, errors and captures are read from an answer as it passes (llama-swap §8.3, §8.5). */
class MeteringTest {
    @TempDir
    Path folder;

    private static String told(AnswerReader reader, String answer) {
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        // Byte by byte: pieces of an answer break anywhere.
        for (int i = 0; i < bytes.length; i++) {
            reader.feed(bytes, i, 1);
        }
        Tokens t = reader.end().tokens();
        return t.input() + " " + t.output() + " " + t.cached() + " " + t.drafted() + " " + t.draftAccepted() + " "
                + t.promptPerSecond() + " " + t.tokensPerSecond();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,\"prompt_tokens_details\":{\"cached_tokens\":4}}} | 10 5 4 -1 -1 -1.0 -1.0",
                "{\"usage\":{\"input_tokens\":7,\"output_tokens\":2,\"cache_read_input_tokens\":6}} | 7 2 6 -1 -1 -1.0 -1.0",
                "{\"usage\":{\"prompt_tokens\":1,\"input_tokens\":2,\"completion_tokens\":3,\"output_tokens\":4}} | 1 3 -1 -1 -1 -1.0 -1.0",
                "{\"usage\":{}} | 0 0 -1 -1 -1 -1.0 -1.0",
                "{\"usage\":null} | 0 0 -1 -1 -1 -1.0 -1.0",
                "{\"usage\":\"x\"} | 0 0 -1 -1 -1 -1.0 -1.0",
                "{\"usage\":{\"prompt_tokens\":\"12\",\"completion_tokens\":3.7}} | 12 3 -1 -1 -1 -1.0 -1.0",
                "{\"ok\":true} | 0 0 0 0 0 0.0 0.0",
                "{\"response\":{\"usage\":{\"input_tokens\":5}}} | 0 0 0 0 0 0.0 0.0",
                "{\"usage\":{\"prompt_tokens\":5} | 0 0 0 0 0 0.0 0.0",
                "{\"usage\":{\"prompt_tokens\":1},\"timings\":{\"prompt_n\":20,\"predicted_n\":30,\"prompt_per_second\":111.5,\"predicted_per_second\":22.25,\"cache_n\":8,\"draft_n\":12,\"draft_n_accepted\":7}} | 20 30 8 12 7 111.5 22.25",
                "{\"timings\":{}} | 0 0 -1 -1 -1 0.0 0.0",
                "{\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":10,\"prompt_tokens_details\":{\"cached_tokens\":20}},\"metrics\":{\"time_to_first_token_ms\":200,\"mean_itl_ms\":25,\"speculative_decoding\":{\"num_draft_tokens\":8,\"num_accepted_draft_tokens\":5}}} | 100 10 20 8 5 400.0 40.0",
            })
    void aWholeAnswer(String json, String expected) {
        assertEquals(expected, told(new AnswerReader.Whole(false), json));
    }

    @Test
    void theLastItemOfAnInfillListCountsAndOfNoOtherList() {
        String list = "[{\"timings\":{\"prompt_n\":1}},{\"timings\":{\"prompt_n\":9,\"predicted_n\":2}}]";
        assertEquals("9 2 -1 -1 -1 0.0 0.0", told(new AnswerReader.Whole(true), list));
        assertEquals("0 0 0 0 0 0.0 0.0", told(new AnswerReader.Whole(false), list));
        assertEquals("0 0 0 0 0 0.0 0.0", told(new AnswerReader.Whole(true), "[{\"timings\":{\"prompt_n\":1}},{}]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "data: {\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}~~data: [DONE]~~ | 3 4 -1 -1 -1 -1.0 -1.0",
                "data:{\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}} | 3 4 -1 -1 -1 -1.0 -1.0",
                "`  data: {\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}~` | 3 4 -1 -1 -1 -1.0 -1.0",
                "data: {\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":9}}~data: {\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":0}}~ | 5 9 -1 -1 -1 -1.0 -1.0",
                "data: {\"message\":{\"usage\":{\"input_tokens\":25,\"cache_read_input_tokens\":5}}}~data: {\"usage\":{\"output_tokens\":15}}~ | 25 15 5 -1 -1 -1.0 -1.0",
                "data: {\"usage\":null}~data: [DONE]~ | 0 0 0 0 0 0.0 0.0",
                "data: {broken \"usage\"~data: {\"usage\":{\"prompt_tokens\":3}}~ | 3 0 -1 -1 -1 -1.0 -1.0",
                "event: x~: data: {\"usage\":{\"prompt_tokens\":3}}~ | 0 0 0 0 0 0.0 0.0",
            })
    void aStream(String events, String expected) {
        assertEquals(expected, told(new AnswerReader.Events(), events.replace('~', '\n')));
    }

    @Test
    void tokensBehindAVeryLongStringAreFound() {
        String picture = "{\"data\":[{\"b64_json\":\"" + "A".repeat(20 << 20) + "\"}],";
        String usage = "\"usage\":{\"input_tokens\":7,\"output_tokens\":9}}";
        assertEquals("7 9 -1 -1 -1 -1.0 -1.0", told(new AnswerReader.Whole(false), picture + usage));
        assertEquals(
                "7 9 -1 -1 -1 -1.0 -1.0",
                told(new AnswerReader.Events(), "data: {\"response\":" + picture + usage + "}\n\ndata: [DONE]\n\n"));
    }

    @Test
    void theMessageOfAnError() {
        record Case(int status, String body, String expected) {}
        Case[] all = {
            new Case(500, "{\"error\":{\"message\":\"m\"}}", "m"),
            new Case(500, "{\"error\":\"e\"}", "e"),
            new Case(500, "{\"error\":{\"message\":\"\\n trimmed \\t\"}}", "trimmed"),
            new Case(500, "{\"error\":\" \",\"message\":\"second\"}", "second"),
            new Case(422, "{\"detail\":\"d\"}", "d"),
            new Case(500, "{\"error\":5}", "500 Internal Server Error"),
            new Case(502, "<html>", "502 Bad Gateway"),
            new Case(599, "", "HTTP 599"),
        };
        for (Case one : all) {
            assertEquals(
                    one.expected(),
                    AnswerReader.errorText(one.status(), one.body().getBytes(StandardCharsets.UTF_8)));
        }
        String umlauts = "{\"error\":\"x" + "ä".repeat(400) + "\"}";
        String cut = AnswerReader.errorText(500, umlauts.getBytes(StandardCharsets.UTF_8));
        assertTrue(cut.endsWith("\ufffd...") && cut.length() == 254, cut);
    }

    @Test
    void anExchangeIsCapturedWithoutItsSecrets() throws Exception {
        try (House house = new House(
                        folder,
                        "captureBuffer: 1\nmodels: {a: {cmd: x, proxy: \"UP\", filters: {setParams: {k: 1}}}}");
                RawClient client = house.client()) {
            client.post("/v1/chat/completions", "{\"model\":\"a\"}", "Authorization: Bearer s3cret", "X-Own: 1");
            RequestId id = house.admission.nextFinished().request();
            Capture capture = house.captures.find(id).orElseThrow();
            assertEquals("[REDACTED]", capture.requestHeaders().get("Authorization"));
            assertEquals("1", capture.requestHeaders().get("X-Own"));
            assertEquals(
                    "{\"model\":\"a\",\"k\":1}",
                    new String(capture.requestBody().orElseThrow(), StandardCharsets.UTF_8));
            assertEquals("{}", new String(capture.responseBody().orElseThrow(), StandardCharsets.UTF_8));
            client.post("/v1/audio/speech", "{\"model\":\"a\"}");
            Capture speech = house.captures
                    .find(house.admission.nextFinished().request())
                    .orElseThrow();
            assertTrue(speech.responseBody().isEmpty() && speech.requestBody().isPresent());
            client.post("/upstream/a/v1/embeddings", "{\"x\":1}");
            Capture passed = house.captures
                    .find(house.admission.nextFinished().request())
                    .orElseThrow();
            assertEquals("/v1/embeddings", passed.path());
            client.post("/upstream/a/probe", "{}");
            assertFalse(house.captures.has(house.admission.nextFinished().request()));
        }
    }

    @Test
    void capturesStayBelowTheirLimitAndTheOldestMakeRoom() {
        CaptureStore store = new CaptureStore(() -> 40_000L);
        java.util.Random random = new java.util.Random(1);
        for (int i = 1; i <= 5; i++) {
            byte[] noise = new byte[15_000];
            random.nextBytes(noise);
            store.captured(new Capture(
                    new RequestId(i),
                    "/p",
                    new LinkedHashMap<>(),
                    Optional.of(noise),
                    new LinkedHashMap<>(),
                    Optional.empty()));
            assertArrayEquals(
                    noise,
                    store.find(new RequestId(i)).orElseThrow().requestBody().orElseThrow());
            assertTrue(store.size() <= 40_000);
        }
        assertFalse(store.has(new RequestId(3)));
        assertTrue(store.has(new RequestId(4)));
    }
}
