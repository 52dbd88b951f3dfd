package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turntable.testkit.Image;
import dev.turntable.testkit.TurntableProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Predictions come true: real traffic is recorded under one policy, another is predicted, and then the same clients really run under it.
 * The bounds are those of docs/whatif.md.
 */
@Execution(ExecutionMode.CONCURRENT)
class PredictionsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SLOW = "--load-ms 2000 --term-ms 50 --quiet";

    /** What whoever asks wants: a model, so long after his last answer, for an answer that takes so long. */
    private record Ask(String model, int thinkMillis, int answerMillis) {}

    /** The clients of one test. */
    private static final class Clients {
        private final HttpClient http = HttpClient.newHttpClient();
        private final List<CompletableFuture<Void>> ends = new ArrayList<>();
        private final URI chat;

        Clients(TurntableProcess turntable) {
            this.chat = turntable.http().base().resolve("/v1/chat/completions");
        }

        /** A client who asks one thing after the other. */
        void closed(String agent, List<Ask> asks) {
            ends.add(next(agent, asks, 0));
        }

        private CompletableFuture<Void> next(String agent, List<Ask> asks, int i) {
            if (i == asks.size()) {
                return CompletableFuture.completedFuture(null);
            }
            Executor thought = CompletableFuture.delayedExecutor(asks.get(i).thinkMillis(), TimeUnit.MILLISECONDS);
            return CompletableFuture.runAsync(() -> {}, thought)
                    .thenCompose(_ -> send(agent, asks.get(i)))
                    .thenCompose(_ -> next(agent, asks, i + 1));
        }

        private CompletableFuture<Void> send(String agent, Ask ask) {
            String body =
                    "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"?\"}],\"demo\":{\"delay_ms\":%d}}"
                            .formatted(ask.model(), ask.answerMillis());
            HttpRequest request = HttpRequest.newBuilder(chat)
                    .header("Content-Type", "application/json")
                    .header("User-Agent", agent)
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            return http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                    .thenAccept(answer -> assertEquals(200, answer.statusCode()));
        }

        void join() {
            ends.forEach(CompletableFuture::join);
        }
    }

    private static List<Ask> asks(String model, int count, int think, int answer) {
        List<Ask> asks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            // no two alike, and the same in every run
            asks.add(new Ask(model, think * (60 + i * 37 % 80) / 100, answer * (60 + i * 53 % 80) / 100));
        }
        return asks;
    }

    private static JsonNode ask(String question, Path folder, String... more) {
        List<String> command =
                new ArrayList<>(List.of(Image.COMMAND.toString(), question, "-json", "-data-dir", folder.toString()));
        command.addAll(List.of(more));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), out);
            return JSON.readTree(out);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs the clients under {@code before}, predicts {@code after} from that, and runs them under it. */
    private static void comesTrue(String name, String before, String after, boolean advice, Consumer<Clients> traffic)
            throws IOException {
        JsonNode predicted;
        JsonNode advised;
        try (var turntable = TurntableProcess.configured(before).start()) {
            Path candidate = Files.writeString(turntable.scratch().resolve("after.yaml"), after);
            play(turntable, traffic);
            predicted = ask("whatif", turntable.dataDir(), "-config", candidate.toString());
            advised = advice ? ask("advise", turntable.dataDir()).get("advice") : JSON.nullNode();
        }
        JsonNode happened;
        try (var turntable = TurntableProcess.configured(after).start()) {
            play(turntable, traffic);
            happened = ask("whatif", turntable.dataDir()).get("recorded");
        }
        JsonNode candidate = predicted.get("candidates").get(0);
        System.err.printf(
                "%s: recorded %s; replayed %s; predicted %s; happened %s%n",
                name,
                said(predicted.get("recorded")),
                said(predicted.get("replayed")),
                said(candidate),
                said(happened));
        alike("replayed", predicted.get("replayed"), predicted.get("recorded"));
        alike("predicted", candidate, happened);
        if (advice) {
            JsonNode best = advised.get(0);
            assertTrue(best.get("name").asText().startsWith("run a and b side by side"), advised::toString);
            assertEquals(
                    "groups:\n  together:\n    swap: false\n    members: [a, b]\n",
                    best.get("yaml").asText());
            alike("advised", best, happened);
        }
    }

    private static void play(TurntableProcess turntable, Consumer<Clients> traffic) {
        Clients clients = new Clients(turntable);
        traffic.accept(clients);
        clients.join();
    }

    private static String said(JsonNode figures) {
        return "%d swaps, %d answers, p95 wait %.0f ms"
                .formatted(
                        figures.get("swaps").asInt(),
                        figures.get("answered").asInt(),
                        figures.at("/wait/p95_ms").asDouble());
    }

    private static void alike(String what, JsonNode is, JsonNode should) {
        within(what + " swaps", is.get("swaps").asDouble(), should.get("swaps").asDouble(), 0.1, 0);
        within(
                what + " answers",
                is.get("answered").asDouble(),
                should.get("answered").asDouble(),
                0.02,
                0);
        within(
                what + " p95 wait, ms",
                is.at("/wait/p95_ms").asDouble(),
                should.at("/wait/p95_ms").asDouble(),
                0.2,
                50);
    }

    private static void within(String what, double is, double should, double share, double atLeast) {
        assertTrue(
                Math.abs(is - should) <= Math.max(should * share, atLeast),
                () -> what + ": " + is + ", and it was " + should);
    }

    private static final String TWO = "models:\n" + model("a", SLOW) + model("b", SLOW);
    private static final String TOGETHER = TWO + "groups:\n  both:\n    swap: false\n    members: [a, b]\n";

    @Test
    void twoAgentsThatAlternateAreServedSideBySide() throws IOException {
        // so many requests that the p95 of the wait is not one of the two loads: those take as long as the machine is
        // busy
        comesTrue("agents", quick(TWO), quick(TOGETHER), true, clients -> {
            clients.closed("agent one", asks("a", 21, 200, 150));
            clients.closed("agent two", asks("b", 21, 200, 150));
        });
    }

    private static String quick(String yaml) {
        return yaml.replace("--load-ms 2000", "--load-ms 150");
    }

    @Test
    void sixModelsInBurstsLiveLonger() throws IOException {
        StringBuilder models = new StringBuilder("models:\n");
        for (char c = 'a'; c <= 'f'; c++) {
            models.append(model("" + c, "--load-ms 600 --term-ms 20 --quiet"));
        }
        String all = models + "groups:\n  all:\n    swap: false\n    members: [a, b, c, d, e, f]\n";
        comesTrue("day", "globalTTL: 3\n" + all, "globalTTL: 60\n" + all, false, clients -> {
            for (int user = 0; user < 6; user++) {
                List<Ask> day = new ArrayList<>();
                for (int burst = 0; burst < 4; burst++) {
                    day.add(new Ask(
                            "" + (char) ('a' + user), burst == 0 ? 200 + 1_700 * user : 8_000 + 400 * user, 80));
                    day.addAll(asks("" + (char) ('a' + user), 7, 150, 100));
                }
                clients.closed("user " + user, day);
            }
        });
    }

    @Test
    void aHogMustLetAWaiterHaveItsTurnSooner() throws IOException {
        comesTrue("hog", TWO + "turntable:\n  maxWait: 6s\n", TWO + "turntable:\n  maxWait: 1s\n", false, clients -> {
            for (int lane = 0; lane < 3; lane++) {
                clients.closed("hog", asks("a", 40, 10, 300));
            }
            clients.closed("waiter", asks("b", 4, 2_500, 200));
        });
    }
}
