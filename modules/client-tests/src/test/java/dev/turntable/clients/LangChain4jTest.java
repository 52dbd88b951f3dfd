package dev.turntable.clients;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.turntable.testkit.TurntableProcess;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** LangChain4j's OpenAI models work unchanged, each call with another model. */
class LangChain4jTest {
    private static TurntableProcess turntable;

    @BeforeAll
    static void start() {
        turntable = TurntableProcess.with(model("fox"), model("owl")).start();
    }

    @AfterAll
    static void stop() {
        turntable.close();
    }

    private static String base() {
        return turntable.http().base() + "/v1";
    }

    @Test
    void chatsWithOneModelAndThenAnother() {
        for (String name : new String[] {"fox", "owl"}) {
            String answer = OpenAiChatModel.builder()
                    .baseUrl(base())
                    .apiKey("any")
                    .modelName(name)
                    .maxRetries(0)
                    .build()
                    .chat("hello");
            assertTrue(answer.startsWith("Hello from " + name), answer);
        }
    }

    @Test
    void streams() throws Exception {
        var whole = new CompletableFuture<String>();
        OpenAiStreamingChatModel.builder()
                .baseUrl(base())
                .apiKey("any")
                .modelName("owl")
                .build()
                .chat("hello", new StreamingChatResponseHandler() {
                    @Override
                    public void onPartialResponse(String part) {}

                    @Override
                    public void onCompleteResponse(ChatResponse response) {
                        whole.complete(response.aiMessage().text());
                    }

                    @Override
                    public void onError(Throwable error) {
                        whole.completeExceptionally(error);
                    }
                });
        assertTrue(whole.get(60, TimeUnit.SECONDS).startsWith("Hello from owl"));
    }

    @Test
    void embeds() {
        var embedding = OpenAiEmbeddingModel.builder()
                .baseUrl(base())
                .apiKey("any")
                .modelName("fox")
                .maxRetries(0)
                .build()
                .embed("a b")
                .content();
        assertEquals(3, embedding.dimension());
    }
}
