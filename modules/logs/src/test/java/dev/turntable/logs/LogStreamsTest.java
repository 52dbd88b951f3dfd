package dev.turntable.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.Reason;
import dev.turntable.event.RunId;
import dev.turntable.event.SwapId;
import dev.turntable.journal.Journal;
import dev.turntable.journal.JournalOptions;
import dev.turntable.journal.MemoryDisk;
import dev.turntable.journal.MemoryJournal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams give their history, also from before the last restart, then what happens, and are never mixed (llama-swap §7). */
class LogStreamsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final LogSource MUX = new LogSource.Mux();
    private static final LogSource PROXY = new LogSource.Proxy();
    private static final LogSource UPSTREAM = new LogSource.Upstream();
    private static final LogSource OF_A = new LogSource.OfModel(Story.A);

    @TempDir
    Path folder;

    private final MemoryDisk disk = new MemoryDisk("logs");

    /** One server run: its journal, its output and its streams. */
    private final class Server implements AutoCloseable {
        final Journal journal = MemoryJournal.threaded(disk, JournalOptions.defaults());
        final OutputStore output = OutputStore.open(folder, OutputStore.Retention.DEFAULT, InstantSource.system());
        final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        final LogStreams streams;
        private Instant time = Instant.parse("2026-01-01T00:00:00Z");

        Server(String level, String mode) {
            this(level, mode, null);
        }

        Server(String level, String mode, OutputStream out) {
            LogSettings settings = LogSettings.of(level, "", mode, ZoneOffset.UTC);
            streams = LogStreams.open(
                    journal, output, settings, StartCommands.UNKNOWN, out == null ? stdout : out, journal.head() + 1);
        }

        void serve(String path) {
            time = time.plusMillis(1);
            Instant now =
                    time.isAfter(journal.headTime()) ? time : journal.headTime().plusMillis(1);
            journal.append(now, 0, Story.served(path), Story.NOTHING);
        }

        void print(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            output.append(new RunId(Story.A, 1), bytes, bytes.length);
        }

        String read(LogSource source, boolean history, String until) throws InterruptedException {
            try (LogListener listener = streams.listen(source, history)) {
                return LogStreamsTest.read(listener, until);
            }
        }

        @Override
        public void close() {
            streams.close();
            output.close();
            journal.close();
        }
    }

    private static String read(LogListener listener, String until) throws InterruptedException {
        StringBuilder text = new StringBuilder();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (text.indexOf(until) < 0 && System.nanoTime() < deadline) {
            listener.next(Duration.ofMillis(100))
                    .ifPresent(chunk -> text.append(new String(chunk, StandardCharsets.UTF_8)));
        }
        assertTrue(text.indexOf(until) >= 0, "never came: " + until + ", but: " + text);
        return text.toString();
    }

    @Test
    void historyComesFirstThenWhatHappens() throws Exception {
        try (Server server = new Server("info", "proxy")) {
            server.serve("/old");
            server.read(PROXY, true, "/old");
            try (LogListener reader = server.streams.listen(PROXY, true);
                    LogListener second = server.streams.listen(PROXY, true)) {
                server.serve("/new");
                String text = read(reader, "/new");
                assertTrue(text.indexOf("/old") < text.indexOf("/new"));
                assertEquals(text, read(second, "/new"));
            }
        }
    }

    @Test
    void noHistoryMeansNone() throws Exception {
        try (Server server = new Server("info", "proxy")) {
            server.serve("/old");
            server.read(PROXY, true, "/old");
            try (LogListener reader = server.streams.listen(PROXY, false)) {
                server.serve("/new");
                assertTrue(read(reader, "/new").indexOf("/old") < 0);
            }
        }
    }

    @Test
    void theHistoryOfBeforeTheRestartIsThereAndGoesNotToStdout() throws Exception {
        try (Server server = new Server("info", "both")) {
            server.serve("/first-run");
            server.read(PROXY, true, "/first-run");
            server.print("printed by a\n");
            server.read(OF_A, true, "printed by a");
        }
        try (Server server = new Server("info", "both")) {
            server.serve("/second-run");
            String text = server.read(PROXY, true, "/second-run");
            assertTrue(text.contains("/first-run"), text);
            String mux = server.read(MUX, true, "/second-run");
            assertTrue(mux.contains("/first-run") && mux.contains("printed by a"), mux);
            server.streams.close();
            String stdout = server.stdout.toString(StandardCharsets.UTF_8);
            assertTrue(stdout.contains("/second-run") && !stdout.contains("/first-run"), stdout);
        }
    }

    @Test
    void eachModeFillsStdoutAndTheCombinedStreamAsItSays() throws Exception {
        for (StdoutMode mode : StdoutMode.values()) {
            Server server = new Server("info", mode.name().toLowerCase());
            try (server) {
                String line = "/of-" + mode;
                server.serve(line);
                server.print("printed in " + mode + "\n");
                server.read(PROXY, true, line);
                server.read(UPSTREAM, true, "printed in " + mode);
                String mux = new String(server.streams.history(MUX), StandardCharsets.UTF_8);
                assertEquals(mode.proxy(), mux.contains(line), mode + ": " + mux);
                assertEquals(mode.upstream(), mux.contains("printed in " + mode), mode + ": " + mux);
            }
            String stdout = server.stdout.toString(StandardCharsets.UTF_8);
            assertEquals(mode.proxy(), stdout.contains("/of-" + mode), stdout);
            assertEquals(mode.upstream(), stdout.contains("printed in " + mode), stdout);
        }
    }

    @Test
    void linesBelowTheLevelAreDroppedAndAReloadMayChangeIt() throws Exception {
        try (Server server = new Server("warn", "proxy")) {
            server.serve("/unseen");
            server.journal.append(
                    server.journal.headTime().plusMillis(1), 0, new Fact.StopFailed(Story.RUN, "no"), Story.NOTHING);
            server.read(PROXY, true, "stop command failed");
            server.streams.apply(LogSettings.of("info", "rfc3339", "proxy", ZoneOffset.UTC));
            server.serve("/seen");
            String text = server.read(PROXY, true, "/seen");
            assertTrue(!text.contains("/unseen"), text);
            assertTrue(
                    text.lines()
                            .reduce((_, last) -> last)
                            .orElseThrow()
                            .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ \\[INFO] Request .*"),
                    text);
        }
    }

    @Test
    void aFailedStopCommandIsInTheModelsStreamWhateverTheLevel() throws Exception {
        try (Server server = new Server("error", "proxy")) {
            server.journal.append(
                    Instant.now().truncatedTo(java.time.temporal.ChronoUnit.MICROS),
                    0,
                    new Fact.StopFailed(Story.RUN, "exit status 1"),
                    Story.NOTHING);
            assertEquals("[ERROR] <a> stop command failed: exit status 1\n", server.read(OF_A, true, "\n"));
        }
    }

    @Test
    void readersEndWhenTheServerStops() throws Exception {
        try (Server server = new Server("info", "proxy")) {
            LogListener mux = server.streams.listen(MUX, true);
            LogListener model = server.streams.listen(OF_A, true);
            server.streams.endReaders();
            assertEquals(Optional.empty(), mux.next(PATIENCE));
            assertEquals(Optional.empty(), model.next(PATIENCE));
            assertTrue(mux.over() && model.over());
        }
    }

    @Test
    void aBlockedStdoutBlocksNobodyElse() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        OutputStream blocked = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        try (Server server = new Server("info", "proxy", blocked)) {
            for (int i = 0; i < 5_000; i++) {
                server.serve("/number-" + i + "-");
            }
            server.read(PROXY, true, "/number-4999-");
            release.countDown();
        }
    }

    @Test
    void aFailedStartShowsTheLastLinesOfItsProcess() throws Exception {
        try (Server server = new Server("info", "proxy")) {
            server.print("loading\nout of memory \u001b[31mnow\u001b[0m\n");
            Decision failed = new Decision.SwapFailed(
                    new SwapId(1), Story.RUN, Reason.EXITED, "upstream command exited prematurely");
            server.journal.append(
                    server.journal.headTime().plusMillis(1),
                    0,
                    new Fact.ProcessExited(Story.RUN, 1, OptionalInt.empty(), 22),
                    List.of(failed));
            String text = server.read(PROXY, true, "out of memory");
            assertTrue(text.contains("[INFO] <a> | loading\n[INFO] <a> | out of memory  [31mnow [0m\n"), text);
        }
    }

    @Test
    void aReaderOfTheHistoryFindsTheLineOfWhatItJustDid() {
        try (Server server = new Server("info", "proxy")) {
            for (int i = 0; i < 200; i++) {
                server.serve("/call-" + i + "-");
                String history = new String(server.streams.history(MUX), StandardCharsets.UTF_8);
                assertTrue(history.contains("/call-" + i + "-"), "line " + i + " is missing");
            }
        }
    }
}
