package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.testkit.RawClient;
import dev.turntable.testkit.TurntableProcess;
import dev.turntable.testkit.Wait;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How much of a log is kept, what a reader gets who does not read, and how lines begin. */
class LogStreamTest {
    private static final int KEPT = 100 << 10;

    @Test
    @SpecCase("226")
    void theHistoryIsTheLastHundredKibibytesToTheByte() throws IOException {
        try (var turntable = TurntableProcess.with(model("fox", "--quiet")).start()) {
            var written = new StringBuilder();
            for (int i = 0; i < 15; i++) {
                String line = (i + " ").repeat(4_000) + "end of " + i;
                say(turntable, line);
                written.append(line).append('\n');
            }
            turntable.story("fox").logUntil("end of 14");
            try (var client = RawClient.to(turntable)) {
                client.ask("GET /logs/stream/fox").head();
                InputStream body = client.chunkedBody();
                String history = new String(body.readNBytes(KEPT), StandardCharsets.UTF_8);
                assertEquals(written.substring(written.length() - KEPT), history);
                say(turntable, "and on");
                assertEquals("and on\n", new String(body.readNBytes(7), StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    @SpecCase("227")
    void aReaderThatDoesNotReadHoldsNobodyUpAndIsToldWhatItMissed() {
        try (var turntable = TurntableProcess.with(model("fox", "--quiet")).start();
                var stalled = RawClient.withSmallBuffer(turntable)) {
            turntable.http().chat("fox").expect(200);
            stalled.ask("GET /logs/stream/fox");
            String line = "x".repeat(500_000);
            for (int i = 0; i < 15; i++) {
                say(turntable, line); // answered only when the line is written
            }
            CompletableFuture<String> read = CompletableFuture.supplyAsync(
                    () -> stalled.readUntil(" bytes dropped "), Thread::startVirtualThread);
            Wait.until("the marker", () -> {
                say(turntable, "and on");
                return read.isDone();
            });
            read.join();
        }
    }

    private static void say(TurntableProcess turntable, String line) {
        turntable.http().chat("fox", "\"demo\":{\"say\":\"" + line + "\"}").expect(200);
    }

    @Test
    @SpecCase("228")
    void linesBeginWithTheTimeInTheChosenForm() {
        try (var turntable = TurntableProcess.configured("logTimeFormat: rfc3339\nmodels:\n" + model("fox"))
                .start()) {
            turntable.http().chat("fox").expect(200);
            List<String> lines = turntable
                    .http()
                    .readUntil("/logs/stream/proxy", "<fox> Health check passed")
                    .lines()
                    .toList();
            for (String line : lines) {
                OffsetDateTime.parse(line.substring(0, line.indexOf(' ')));
            }
            assertTrue(lines.getLast().contains(" [INFO] <fox> Health check passed"), lines.getLast());
        }
    }

    /** The lines that say where the server listens are for whoever starts it by hand, and no log. */
    @Test
    @SpecCase("229")
    void nothingIsLoggedToStandardOutputWhenNothingShallBe() {
        try (var turntable = TurntableProcess.configured("logToStdout: none\nmodels:\n" + model("fox", "--say hello"))
                .start()) {
            turntable.http().chat("fox").expect(200);
            turntable.http().readUntil("/logs/stream/proxy", "<fox> Health check passed");
            turntable.http().readUntil("/logs/stream/upstream", "hello");
            assertEquals("", turntable.http().get("/logs").expect(200).body());
            assertEquals(0, turntable.stop());
            assertTrue(
                    turntable.output().stream().noneMatch(line -> line.startsWith("[") || line.contains("hello")),
                    turntable.output().toString());
        }
    }
}
