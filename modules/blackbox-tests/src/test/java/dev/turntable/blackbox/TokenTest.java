package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turntable.testkit.Activity;
import dev.turntable.testkit.Order;
import dev.turntable.testkit.TurntableProcess;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from an answer about tokens and speeds, in every shape that upstreams report them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenTest {
    private static final String JSON = "application/json";
    private static final String EVENTS = "text/event-stream";
    private static final String CHAT = "/v1/chat/completions";

    @AutoClose
    private final TurntableProcess turntable =
            TurntableProcess.with(model("fox")).start();

    private final Activity activity = new Activity(turntable.http());

    @ParameterizedTest
    @SpecCase("203")
    @ValueSource(
            strings = {
                "{'usage':{'prompt_tokens':10,'completion_tokens':20,'prompt_tokens_details':{'cached_tokens':5}}}",
                "{'usage':{'input_tokens':10,'output_tokens':20,'input_tokens_details':{'cached_tokens':5}}}",
                "{'usage':{'input_tokens':10,'output_tokens':20,'cache_read_input_tokens':5}}"
            })
    void usageIsTakenAsReported(String answer) {
        assertTokens("10 in, 20 out, 5 cached, drafts -1/-1, speeds -1.0 and -1.0", row(CHAT, JSON, answer));
    }

    @Test
    @SpecCase("204")
    void timingsOverrideUsageAndTheTimeIsAtLeastTheirs() {
        JsonNode row = row(CHAT, JSON, """
                {'usage':{'prompt_tokens':1,'completion_tokens':2},
                 'timings':{'prompt_n':7,'predicted_n':9,'cache_n':3,'prompt_ms':100000,'predicted_ms':200000,
                            'prompt_per_second':111.5,'predicted_per_second':22.25}}""");
        assertTokens("7 in, 9 out, 3 cached, drafts -1/-1, speeds 111.5 and 22.25", row);
        assertTrue(row.get("duration_ms").asLong() >= 300_000, row.toString());
    }

    @Test
    @SpecCase("205")
    void usageInALateEventOfAStreamIsFound() {
        String stream = """
                data: {'choices':[{'delta':{'content':'Hello'}}]}

                data: {'choices':[],'usage':{'prompt_tokens':11,'completion_tokens':6}}

                data: [DONE]

                """;
        assertTokens("11 in, 6 out, -1 cached, drafts -1/-1, speeds -1.0 and -1.0", row(CHAT, EVENTS, stream));
    }

    @ParameterizedTest
    @SpecCase("205")
    @ValueSource(strings = {"data: [DONE]\n\n", "data: {'usage':null}\n\ndata: [DONE]\n\n"})
    void aStreamWithoutUsageGivesZeros(String stream) {
        assertTokens("0 in, 0 out, 0 cached, drafts 0/0, speeds 0.0 and 0.0", row(CHAT, EVENTS, stream));
    }

    @Test
    @SpecCase("205")
    void usageThatIsNullOutsideAStreamIsUnknown() {
        assertTokens("0 in, 0 out, -1 cached, drafts -1/-1, speeds -1.0 and -1.0", row(CHAT, JSON, "{'usage':null}"));
    }

    @Test
    @SpecCase("206")
    void metricsOfVllmGiveSpeedsAndHalfASpeculationIsNone() {
        assertTokens("110 in, 20 out, 10 cached, drafts -1/-1, speeds 200.0 and 50.0", row(CHAT, JSON, """
                {'usage':{'prompt_tokens':110,'completion_tokens':20,'prompt_tokens_details':{'cached_tokens':10}},
                 'metrics':{'time_to_first_token_ms':500,'mean_itl_ms':20,
                            'speculative_decoding':{'num_draft_tokens':4}}}"""));
    }

    @Test
    @SpecCase("207")
    void draftsOfTimingsStayBesideAnEmptySpeculation() {
        assertTokens("7 in, 9 out, -1 cached, drafts 8/6, speeds 1.0 and 2.0", row(CHAT, JSON, """
                {'timings':{'prompt_n':7,'predicted_n':9,'draft_n':8,'draft_n_accepted':6,
                            'prompt_per_second':1,'predicted_per_second':2},
                 'metrics':{'speculative_decoding':{}}}"""));
    }

    @Test
    @SpecCase("208")
    void ofAnInfillTheLastElementCounts() {
        assertTokens("3 in, 4 out, -1 cached, drafts -1/-1, speeds 5.0 and 6.0", row("/infill", JSON, """
                [{'timings':{'prompt_n':1,'predicted_n':1,'prompt_per_second':1,'predicted_per_second':1}},
                 {'timings':{'prompt_n':3,'predicted_n':4,'prompt_per_second':5,'predicted_per_second':6}}]"""));
    }

    /** The row of a request that is answered with this; single quotes stand for double ones. */
    private JsonNode row(String path, String type, String answer) {
        return activity.rowOf(() -> turntable
                .http()
                .raw(
                        "POST " + path,
                        "{\"model\":\"fox\"}",
                        "Content-Type: application/json",
                        Order.answer(answer.replace('\'', '"')).type(type).line())
                .expect(200));
    }

    private static void assertTokens(String expected, JsonNode row) {
        JsonNode tokens = row.get("tokens");
        assertEquals(
                expected,
                "%d in, %d out, %d cached, drafts %d/%d, speeds %s and %s"
                        .formatted(
                                tokens.get("input_tokens").asLong(),
                                tokens.get("output_tokens").asLong(),
                                tokens.get("cache_tokens").asLong(),
                                tokens.get("draft_tokens").asLong(),
                                tokens.get("draft_acc_tokens").asLong(),
                                tokens.get("prompt_per_second").asDouble(),
                                tokens.get("tokens_per_second").asDouble()));
    }
}
