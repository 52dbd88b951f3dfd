package dev.turntable.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.ModelId;
import dev.turntable.event.RunId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What upstream processes print is kept, byte for byte, apart by model, over restarts, and never makes them wait. */
class OutputStoreTest {
    private static final ModelId A = new ModelId("a");
    private static final ModelId B = new ModelId("author/b:q");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private OutputStore open() {
        return OutputStore.open(folder, OutputStore.Retention.DEFAULT, InstantSource.system());
    }

    private static void print(OutputStore store, ModelId model, long run, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        store.append(new RunId(model, run), bytes, bytes.length);
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
    void modelsAreNeverMixedButUpstreamHoldsAll() throws Exception {
        try (OutputStore store = open();
                LogListener all = store.listen(Optional.empty(), true);
                LogListener b = store.listen(Optional.of(B), true)) {
            print(store, A, 1, "from a\n");
            print(store, B, 2, "from b\n");
            print(store, A, 3, "a again\n");
            assertEquals("from a\nfrom b\na again\n", read(all, "a again\n"));
            assertEquals("from b\n", read(b, "from b\n"));
            assertEquals("from a\na again\n", new String(store.history(Optional.of(A)), StandardCharsets.UTF_8));
        }
    }

    @Test
    void theHistorySurvivesARestart() throws Exception {
        try (OutputStore store = open()) {
            print(store, A, 1, "before\n");
            print(store, B, 2, "\u001b[31mred\u001b[0m\n");
        }
        try (OutputStore store = open();
                LogListener a = store.listen(Optional.of(A), true)) {
            print(store, A, 5, "after\n");
            assertEquals("before\nafter\n", read(a, "after\n"));
            assertEquals("\u001b[31mred\u001b[0m\n", new String(store.history(Optional.of(B)), StandardCharsets.UTF_8));
            assertTrue(new String(store.history(Optional.empty()), StandardCharsets.UTF_8).startsWith("before\n"));
        }
    }

    @Test
    void theHistoryIsTheLast102400BytesAlsoFromDisk() throws Exception {
        String old = "x".repeat(70_000) + "MIDDLE";
        String young = "y".repeat(60_000) + "END";
        try (OutputStore store = open()) {
            print(store, A, 1, old);
            print(store, B, 1, "b".repeat(200_000));
            print(store, A, 1, young);
        }
        try (OutputStore store = open()) {
            byte[] history = store.history(Optional.of(A));
            String all = old + young;
            assertEquals(all.substring(all.length() - 102_400), new String(history, StandardCharsets.UTF_8));
        }
    }

    @Test
    void aTailTornByACrashHidesNothingElse() throws Exception {
        try (OutputStore store = open()) {
            print(store, A, 1, "kept\n");
        }
        try (Stream<Path> files = Files.list(folder)) {
            Path file = files.findFirst().orElseThrow();
            byte[] whole = Files.readAllBytes(file);
            Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2), StandardOpenOption.APPEND);
        }
        try (OutputStore store = open()) {
            print(store, A, 2, "and on\n");
            try (LogListener a = store.listen(Optional.of(A), true)) {
                assertEquals("kept\nand on\n", read(a, "and on\n"));
            }
        }
        try (OutputStore store = open()) {
            assertEquals("kept\nand on\n", new String(store.history(Optional.of(A)), StandardCharsets.UTF_8));
        }
    }

    @Test
    void aFlippedByteCostsItsRecordOnly() throws Exception {
        try (OutputStore store = open()) {
            print(store, A, 1, "first\n");
            print(store, A, 1, "SECOND\n");
            print(store, A, 1, "third\n");
        }
        try (Stream<Path> files = Files.list(folder)) {
            Path file = files.findFirst().orElseThrow();
            byte[] bytes = Files.readAllBytes(file);
            int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("SECOND");
            bytes[at] ^= 1;
            Files.write(file, bytes);
        }
        try (OutputStore store = open()) {
            assertEquals("first\nthird\n", new String(store.history(Optional.of(A)), StandardCharsets.UTF_8));
        }
    }

    @Test
    void oldFilesAreThrownAwayWholeAndTheNewestNever() throws Exception {
        Instant now = Instant.now();
        for (int i = 0; i < 3; i++) {
            try (OutputStore store = open()) {
                print(store, A, i, "run " + i + "\n");
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(now.minus(Duration.ofDays(8))));
            }
        }
        try (OutputStore store = open()) {
            assertEquals("run 2\n", new String(store.history(Optional.of(A)), StandardCharsets.UTF_8));
        }
    }

    @Test
    void theBoundOnBytesIsKept() throws IOException {
        OutputStore.Retention small = new OutputStore.Retention(Duration.ofDays(7), 400);
        for (int i = 0; i < 10; i++) {
            try (OutputStore store = OutputStore.open(folder, small, InstantSource.system())) {
                print(store, A, i, "z".repeat(100));
            }
        }
        try (OutputStore store = OutputStore.open(folder, small, InstantSource.system())) {
            assertTrue(store.status().bytes() <= 400, store.status().toString());
            assertFalse(store.status().degraded());
        }
    }

    @Test
    void theLastLinesOfARunExplainAFailedStart() {
        try (OutputStore store = open()) {
            print(store, A, 1, "other run\n");
            for (int i = 0; i < 100; i++) {
                print(store, A, 2, "line " + i + "\n");
            }
            List<String> last = List.of();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!last.contains("line 99") && System.nanoTime() < deadline) {
                last = store.lastLines(new RunId(A, 2), 3);
            }
            assertEquals(List.of("line 97", "line 98", "line 99"), last);
            assertEquals(List.of("other run"), store.lastLines(new RunId(A, 1), 40));
        }
    }

    @Test
    void aStalledReaderLosesOutputAndIsToldHowMuch() throws Exception {
        try (OutputStore store = open();
                LogListener stalled = store.listen(Optional.of(A), false);
                LogListener quick = store.listen(Optional.of(A), false)) {
            String chunk = "0123456789abcdef".repeat(2_048);
            int chunks = 20;
            for (int i = 0; i < chunks; i++) {
                print(store, A, 1, chunk);
                String got = "";
                while (got.length() < chunk.length()) {
                    got += new String(quick.next(PATIENCE).orElseThrow(), StandardCharsets.UTF_8);
                }
            }
            int taken = 0;
            for (Optional<byte[]> next = stalled.next(Duration.ZERO);
                    next.isPresent();
                    next = stalled.next(Duration.ZERO)) {
                taken += next.get().length;
            }
            assertEquals(LogListener.LIMIT_BYTES, taken);
            print(store, A, 1, "end");
            String missing = "\n— " + (chunks * chunk.length() - taken) + " bytes dropped —\n";
            assertEquals(missing + "end", read(stalled, "end"));
        }
    }

    @Test
    void aHandOffThatIsFullDropsAndCounts() throws Exception {
        HandOff handOff = new HandOff();
        RunId run = new RunId(A, 1);
        for (int i = 0; i < HandOff.LIMIT_WRITES + 5; i++) {
            handOff.offer(run, new byte[] {1, 2}, 2);
        }
        handOff.offer(new RunId(B, 2), new byte[] {3}, 1);
        List<HandOff.Chunk> taken = handOff.take();
        assertEquals(HandOff.LIMIT_WRITES + 1, taken.size(), "another model has room of its own");
        handOff.offer(run, new byte[] {4}, 1);
        assertEquals(10, handOff.take().getFirst().droppedBefore());
        assertEquals(10, handOff.dropped());
    }

    @Test
    void aReaderOfAClosedStoreEnds() throws Exception {
        OutputStore store = open();
        LogListener a = store.listen(Optional.of(A), true);
        store.close();
        assertEquals(Optional.empty(), a.next(PATIENCE));
        assertTrue(a.over());
        assertTrue(store.listen(Optional.of(A), true).over());
    }
}
