package dev.turntable.clients;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.audio.transcriptions.TranscriptionCreateParams;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.embeddings.EmbeddingCreateParams;
import dev.turntable.testkit.TurntableProcess;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** OpenAI's own Java client works unchanged, with models that are swapped between its calls. */
class OpenAiSdkTest {
    private static TurntableProcess turntable;
    private static OpenAIClient client;

    @BeforeAll
    static void start() {
        turntable = TurntableProcess.with(
                        model("fox"),
                        model("owl"),
                        model("slow", "--token-ms 50 --tokens 2000"),
                        model("one").replace("1000", "1"))
                .start();
        client = of(turntable);
    }

    @AfterAll
    static void stop() {
        client.close();
        turntable.close();
    }

    private static OpenAIClient of(TurntableProcess server) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(server.http().base() + "/v1")
                .apiKey("sk-wrong")
                .maxRetries(0)
                .build();
    }

    private static ChatCompletionCreateParams.Builder chat(String model) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage("hello");
    }

    private static String text(ChatCompletion completion) {
        return completion.choices().getFirst().message().content().orElseThrow();
    }

    @Test
    void chatsWithOneModelAndThenAnother() {
        for (String model : List.of("fox", "owl", "fox")) {
            ChatCompletion answer =
                    client.chat().completions().create(chat(model).build());
            assertTrue(text(answer).startsWith("Hello from " + model), text(answer));
            assertEquals(8, answer.usage().orElseThrow().completionTokens());
        }
    }

    @Test
    void streamsWordByWord() {
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(chat("owl").build())) {
            String whole = stream.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .flatMap(choice -> choice.delta().content().stream())
                    .collect(Collectors.joining());
            assertTrue(whole.startsWith("Hello from owl word3"), whole);
        }
    }

    @Test
    void closingAStreamCancelsIt() {
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(chat("slow").build())) {
            assertTrue(stream.stream().findFirst().isPresent());
        }
        turntable.awaitEvent(
                "request.finished",
                event -> event.path("data").path("outcome").asText().equals("client_gone"));
    }

    @Test
    void carriesToolsThereAndToolCallsBack() {
        ChatCompletion answer = client.chat()
                .completions()
                .create(chat("fox")
                        .addTool(ChatCompletionFunctionTool.builder()
                                .function(FunctionDefinition.builder()
                                        .name("weather")
                                        .parameters(FunctionParameters.builder()
                                                .putAdditionalProperty("type", JsonValue.from("object"))
                                                .build())
                                        .build())
                                .build())
                        .putAdditionalHeader(Orders.HEADER, Orders.json("""
                                {"id":"x","object":"chat.completion","created":1,"model":"fox","choices":[{"index":0,\
                                "finish_reason":"tool_calls","message":{"role":"assistant","content":null,"tool_calls":[{"id":"c1",\
                                "type":"function","function":{"name":"weather","arguments":"{\\"city\\":\\"Riga\\"}"}}]}}]}"""))
                        .build());
        var call = answer.choices()
                .getFirst()
                .message()
                .toolCalls()
                .orElseThrow()
                .getFirst()
                .asFunction();
        assertEquals("weather", call.function().name());
        assertEquals("{\"city\":\"Riga\"}", call.function().arguments());
    }

    @Test
    void embeds() {
        var answer = client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model("fox")
                        .input("a b")
                        .build());
        assertEquals(3, answer.data().getFirst().embedding().size());
    }

    @Test
    void uploadsAFileInAForm() {
        var answer = client.audio()
                .transcriptions()
                .create(TranscriptionCreateParams.builder()
                        .model("owl")
                        .file("RIFF not really".getBytes(StandardCharsets.UTF_8))
                        .putAdditionalHeader(Orders.HEADER, Orders.json("{\"text\":\"spoken words\"}"))
                        .build());
        assertEquals("spoken words", answer.asTranscription().text());
    }

    @Test
    void listsTheModels() {
        List<String> ids =
                client.models().list().items().stream().map(m -> m.id()).toList();
        assertEquals(List.of("fox", "one", "owl", "slow"), ids);
    }

    @Test
    void throwsWhatItWouldThrowAtTheRealService() {
        assertThrows(
                NotFoundException.class,
                () -> client.chat().completions().create(chat("nobody").build()));
        try (var locked = TurntableProcess.configured("apiKeys: [sk-right]\nmodels:\n" + model("fox"))
                .start()) {
            OpenAIClient stranger = of(locked);
            assertThrows(
                    UnauthorizedException.class,
                    () -> stranger.chat().completions().create(chat("fox").build()));
            stranger.close();
        }
    }

    @Test
    void aFullModelIsARateLimit() {
        try (StreamResponse<ChatCompletionChunk> stream = client.chat()
                .completions()
                .createStreaming(chat("one")
                        .putAdditionalHeader(Orders.HEADER, Orders.order(Map.of("tokens", 500, "gap_ms", 50)))
                        .build())) {
            assertTrue(stream.stream().findFirst().isPresent());
            assertThrows(
                    RateLimitException.class,
                    () -> client.chat().completions().create(chat("one").build()));
        }
    }
}
