package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turntable.testkit.Answer;
import dev.turntable.testkit.Groups;
import dev.turntable.testkit.Http;
import dev.turntable.testkit.RawClient;
import dev.turntable.testkit.Story;
import dev.turntable.testkit.TurntableProcess;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** How many requests a model takes at once, waiting ones included. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LimitTest {
    @AutoClose
    private final TurntableProcess turntable = TurntableProcess.configured(new Groups()
                    .together(
                            model("ten", "", "concurrencyLimit: 0"),
                            model("two", "--load-until two-is-loaded", "concurrencyLimit: 2", "sendLoadingState: true"))
                    .swapping(model("busy"), model("single", "", "concurrencyLimit: 1"))
                    .yaml())
            .start();

    private final Http http = turntable.http();

    @Test
    @SpecCase("181")
    void withoutALimitTheEleventhRequestIsRefused() {
        Story ten = turntable.story("ten");
        List<CompletableFuture<Answer>> served = IntStream.range(0, 10)
                .mapToObj(i -> ten.occupy("ten-are-answered"))
                .toList();
        assertRefused(http.chat("ten"));
        turntable.open("ten-are-answered");
        served.forEach(answer -> answer.join().expect(200));
        http.chat("ten").expect(200);
    }

    @Test
    @SpecCase("182")
    void whoWaitsForTheLoadCountsAndARefusalIsNeverAStream() {
        Story two = turntable.story("two");
        List<CompletableFuture<Answer>> waiting = List.of(two.ask(""), two.ask(""));
        assertEquals("starting", two.state());
        assertRefused(http.post("/v1/chat/completions", Http.chatBody("two", true, "")));
        turntable.open("two-is-loaded");
        waiting.forEach(answer -> answer.join().expect(200));
    }

    @Test
    @SpecCase("183")
    void aQueuedRequestThatIsGivenUpFreesItsSlot() {
        CompletableFuture<Answer> busy = turntable.story("busy").occupy("busy-is-over");
        Story single = turntable.story("single");
        try (var leaver = RawClient.to(turntable)) {
            leaver.chat("single", "");
            single.await("request.queued");
            assertRefused(http.chat("single"));
        }
        single.end(1);
        CompletableFuture<Answer> queued = single.ask("");
        single.await("request.queued", 2);
        turntable.open("busy-is-over");
        busy.join().expect(200);
        queued.join().expect(200);
    }

    private static void assertRefused(Answer answer) {
        answer.expect(429);
        assertEquals("1", answer.header("Retry-After"));
        assertEquals("concurrency_limit", answer.json().at("/error/code").asText());
        assertEquals("Too many requests", answer.json().at("/error/message").asText());
    }
}
