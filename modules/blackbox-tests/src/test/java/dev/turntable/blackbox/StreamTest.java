package dev.turntable.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.testkit.RawClient;
import dev.turntable.testkit.StubUpstream;
import dev.turntable.testkit.TurntableProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** Long answers and long requests: complete, in order, at once, and in constant memory. */
class StreamTest {
    private static final int EVENTS = 10_000;

    /** More than fits into memory eight times over: the image's heap is 256 MiB. */
    private static final long ANSWER = 2L << 30;

    private static final long UPLOAD = 500L << 20;

    /** What the server's memory may grow by while a body passes: its buffers and what the JVM does by the way. */
    private static final long GROWTH = 150L << 20;

    /** Each event is sent only when the one before has arrived: one that is held back anywhere ends the test. */
    @Test
    void tenThousandEventsArriveInOrderEachAsSoonAsItIsSent() throws IOException {
        var arrived = new Semaphore(1);
        try (var stub = StubUpstream.answering((request, wire) -> {
                    wire.chunked("Content-Type: text/event-stream");
                    for (int i = 0; i < EVENTS; i++) {
                        arrived.acquire();
                        wire.chunk("data: {\"n\":" + i + "}\n\n");
                    }
                    wire.text("0\r\n\r\n");
                    wire.out().flush();
                });
                var turntable = TurntableProcess.with(stub.model("fox")).start();
                var client = RawClient.to(turntable)) {
            client.chat("fox", "").head();
            var lines = new BufferedReader(new InputStreamReader(client.chunkedBody(), StandardCharsets.UTF_8));
            for (int i = 0; i < EVENTS; i++) {
                assertEquals("data: {\"n\":" + i + "}", lines.readLine());
                assertEquals("", lines.readLine());
                arrived.release();
            }
            assertEquals(null, lines.readLine());
        }
    }

    @Test
    void anAnswerOfTwoGibibytesPassesInConstantMemory() throws IOException {
        try (var stub = StubUpstream.answering((request, wire) -> {
                    wire.head(200, "Content-Type: application/octet-stream", "Content-Length: " + ANSWER);
                    wire.text("\r\n");
                    byte[] piece = new byte[1 << 16];
                    for (long sent = 0; sent < ANSWER; sent += piece.length) {
                        wire.out().write(piece);
                    }
                    wire.out().flush();
                });
                var turntable = TurntableProcess.with(stub.model("fox")).start();
                var client = RawClient.to(turntable)) {
            long before = memory(turntable, "VmRSS");
            client.chat("fox", "").head();
            assertEquals(ANSWER, skip(client.in(), ANSWER));
            assertGrowth(before, turntable);
        }
    }

    @Test
    void anUploadOfFiveHundredMebibytesPassesInConstantMemory() {
        try (var stub = StubUpstream.answering(
                        (request, wire) -> wire.json(200, "{\"length\":" + request.length() + "}"));
                var turntable = TurntableProcess.with(stub.model("fox")).start();
                var client = RawClient.to(turntable)) {
            long before = memory(turntable, "VmRSS");
            String begin = "{\"model\":\"fox\",\"padding\":\"";
            client.ask(
                    "POST /v1/chat/completions",
                    "Content-Type: application/json",
                    "Content-Length: " + (begin.length() + UPLOAD + 2));
            client.send(begin);
            String piece = "x".repeat(1 << 20);
            for (long sent = 0; sent < UPLOAD; sent += piece.length()) {
                client.send(piece);
            }
            client.send("\"}");
            assertTrue(client.head().startsWith("HTTP/1.1 200 "));
            assertEquals(begin.length() + UPLOAD + 2, stub.requests().getFirst().length());
            assertGrowth(before, turntable);
        }
    }

    private static long skip(InputStream in, long length) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long read = 0;
        while (read < length) {
            int n = in.read(buffer, 0, (int) Math.min(buffer.length, length - read));
            if (n < 0) {
                return read;
            }
            read += n;
        }
        return read;
    }

    private static void assertGrowth(long before, TurntableProcess turntable) {
        long growth = memory(turntable, "VmHWM") - before;
        assertTrue(growth < GROWTH, "grew by " + (growth >> 20) + " MiB");
    }

    /** A line of {@code /proc/PID/status}, in bytes: VmRSS is the resident memory now, VmHWM the most there ever was. */
    private static long memory(TurntableProcess turntable, String line) {
        try {
            return Files.readAllLines(Path.of("/proc/" + turntable.pid() + "/status")).stream()
                            .filter(l -> l.startsWith(line + ":"))
                            .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")))
                            .findFirst()
                            .orElseThrow()
                    << 10;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
