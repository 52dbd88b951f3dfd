package dev.turntable.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.testkit.Answer;
import dev.turntable.testkit.DemoUpstreamProcess;
import dev.turntable.testkit.Wait;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo upstream answers like a model server, and misbehaves exactly as it is told. */
class DemoUpstreamTest {
    @Test
    void testsRunInANamedModule() {
        assertTrue(getClass().getModule().isNamed());
    }

    @Test
    void itSaysWhoItIsAndCountsItsTokens() {
        try (var upstream = DemoUpstreamProcess.start("--name", "fox", "--tokens", "5")) {
            var answer = upstream.http().chat("some-name").expect(200).json();
            assertEquals("some-name", answer.get("model").asText());
            assertEquals("fox", answer.at("/echo/name").asText());
            assertEquals(upstream.process().pid(), answer.at("/echo/pid").asLong());
            assertEquals(5, answer.at("/usage/completion_tokens").asInt());
            assertEquals(5, answer.at("/timings/predicted_n").asInt());
            assertEquals(
                    "fox",
                    upstream.http().get("/v1/models").json().at("/data/0/id").asText());
        }
    }

    @Test
    void aStreamHasOneEventATokenThenUsageThenDone() {
        try (var upstream = DemoUpstreamProcess.start("--tokens", "4");
                var lines = upstream.http().chatStream("m", "")) {
            List<String> data = lines.filter(line -> line.startsWith("data: ")).toList();
            assertEquals(6, data.size());
            assertEquals("data: [DONE]", data.getLast());
            assertEquals(
                    4,
                    Answer.parse(data.get(4).substring(6))
                            .at("/usage/completion_tokens")
                            .asInt());
        }
    }

    @Test
    void itIsReadyWhenItHasLoaded() {
        try (var upstream = DemoUpstreamProcess.start("--load-ms", "150")) {
            upstream.http().get("/health").expect(503);
            Wait.until("it is loaded", () -> upstream.http().get("/health").status() == 200);
        }
    }

    @Test
    void itWaitsAtGates(@TempDir Path folder) throws Exception {
        Path loaded = folder.resolve("loaded");
        Path answered = folder.resolve("answered");
        try (var upstream = DemoUpstreamProcess.start("--load-until", loaded.toString())) {
            upstream.http().get("/health").expect(503);
            Files.createFile(loaded);
            upstream.http().get("/health").expect(200);
            var answer = upstream.http().chatLater("m", "\"demo\":{\"until\":\"" + answered + "\"}");
            upstream.http().chat("m").expect(200);
            assertFalse(answer.isDone());
            Files.createFile(answered);
            answer.join().expect(200);
        }
    }

    @Test
    void itCanBeReadyNever() {
        try (var upstream = DemoUpstreamProcess.start("--never-ready")) {
            upstream.http().get("/health").expect(503);
        }
    }

    @Test
    void itShowsItsArgumentsAndTheVariablesAskedFor() {
        try (var upstream = DemoUpstreamProcess.start("--name", "a b")) {
            var argv = upstream.http()
                    .get("/argv?env=TURNTABLE_TEST,NOT_SET")
                    .expect(200)
                    .json();
            assertEquals(
                    "[\"--port\",\"0\",\"--name\",\"a b\"]", argv.get("argv").toString());
            assertEquals(1, argv.get("env").size());
        }
    }

    @Test
    void sigtermEndsItUnlessItIsToldToIgnoreIt() {
        try (var polite = DemoUpstreamProcess.start();
                var stubborn = DemoUpstreamProcess.start("--ignore-term")) {
            assertEquals(143, polite.process().stop());
            ProcessHandle.of(stubborn.process().pid()).orElseThrow().destroy();
            stubborn.http().chat("m").expect(200);
            assertTrue(stubborn.process().isAlive());
        }
    }

    @Test
    void itCanEndSlowly() {
        try (var upstream = DemoUpstreamProcess.start("--name", "fox", "--term-ms", "50")) {
            assertEquals(0, upstream.process().stop());
            assertTrue(
                    upstream.process().output().containsAll(List.of("fox got SIGTERM", "fox ends")),
                    upstream.process().text());
        }
    }

    @Test
    void itsChildOutlivesIt() {
        try (var upstream = DemoUpstreamProcess.start("--fork-child")) {
            assertEquals(143, upstream.process().stop());
            assertFalse(upstream.children().alive().isEmpty());
        }
    }

    @Test
    void itCanDieInTheMiddleOfAStream() {
        try (var upstream = DemoUpstreamProcess.start();
                var lines = upstream.http().chatStream("m", "\"demo\":{\"exit\":9,\"tokens\":6}")) {
            assertThrows(UncheckedIOException.class, lines::count);
            assertEquals(9, upstream.process().exitCode());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"before", "headers", "middle"})
    void itCanCutTheConnectionAndLiveOn(String when) {
        try (var upstream = DemoUpstreamProcess.start()) {
            var order = upstream.http().request("/x").header("X-Demo", "{\"die\":\"" + when + "\",\"bytes\":1000}");
            assertThrows(UncheckedIOException.class, () -> upstream.http().send(order));
            upstream.http().get("/health").expect(200);
        }
    }

    @Test
    void anAnswerIsMadeToOrder() {
        try (var upstream = DemoUpstreamProcess.start()) {
            var answer = upstream.http()
                    .send(
                            upstream.http()
                                    .request("/x")
                                    .header(
                                            "X-Demo",
                                            "{\"status\":418,\"text\":\"tea\",\"headers\":{\"X-Pot\":\"yes\"},\"framing\":\"chunked\"}"));
            assertEquals(418, answer.status());
            assertEquals("tea", answer.body());
            assertEquals("yes", answer.header("X-Pot"));
            assertEquals("chunked", answer.header("Transfer-Encoding"));
        }
    }
}
