package dev.turntable.clients;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import dev.turntable.testkit.TurntableProcess;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Anthropic's own Java client works unchanged: messages, streams, counts, and its key in {@code x-api-key}. */
class AnthropicSdkTest {
    private static final String MESSAGE = """
            {"id":"m1","type":"message","role":"assistant","model":"fox","content":[{"type":"text","text":"good day"}],\
            "stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":2}}""";

    private static final String EVENTS = """
            event: message_start
            data: {"type":"message_start","message":{"id":"m1","type":"message","role":"assistant","model":"fox","content":[],\
            "stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":0}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"good "}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"day"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":2}}

            event: message_stop
            data: {"type":"message_stop"}

            """;

    private static TurntableProcess turntable;
    private static AnthropicClient client;

    @BeforeAll
    static void start() {
        turntable = TurntableProcess.configured("apiKeys: [sk-right]\nmodels:\n" + model("fox") + model("owl"))
                .start();
        client = withKey("sk-right");
    }

    @AfterAll
    static void stop() {
        client.close();
        turntable.close();
    }

    private static AnthropicClient withKey(String key) {
        return AnthropicOkHttpClient.builder()
                .baseUrl(turntable.http().base().toString())
                .apiKey(key)
                .maxRetries(0)
                .build();
    }

    private static MessageCreateParams.Builder message(String model) {
        return MessageCreateParams.builder().model(model).maxTokens(64).addUserMessage("hello");
    }

    @Test
    void talksToOneModelAndThenAnother() {
        for (String model : List.of("fox", "owl", "fox")) {
            Message answer = client.messages()
                    .create(message(model)
                            .putAdditionalHeader(Orders.HEADER, Orders.json(MESSAGE))
                            .build());
            assertEquals("good day", answer.content().getFirst().asText().text());
            assertEquals(2, answer.usage().outputTokens());
        }
    }

    @Test
    void streams() {
        try (StreamResponse<RawMessageStreamEvent> stream = client.messages()
                .createStreaming(message("owl")
                        .putAdditionalHeader(Orders.HEADER, Orders.events(EVENTS))
                        .build())) {
            String whole = stream.stream()
                    .flatMap(event -> event.contentBlockDelta().stream())
                    .flatMap(delta -> delta.delta().text().stream())
                    .map(text -> text.text())
                    .collect(Collectors.joining());
            assertEquals("good day", whole);
        }
    }

    @Test
    void countsTokens() {
        var count = client.messages()
                .countTokens(MessageCountTokensParams.builder()
                        .model("fox")
                        .addUserMessage("hello")
                        .putAdditionalHeader(Orders.HEADER, Orders.json("{\"input_tokens\":7}"))
                        .build());
        assertEquals(7, count.inputTokens());
    }

    @Test
    void throwsWhatItWouldThrowAtTheRealService() {
        assertThrows(NotFoundException.class, () -> client.messages()
                .create(message("nobody").build()));
        AnthropicClient stranger = withKey("sk-wrong");
        assertThrows(UnauthorizedException.class, () -> stranger.messages()
                .create(message("fox").build()));
        stranger.close();
    }
}
