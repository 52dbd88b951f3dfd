package dev.turntable.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.journal.Journal;
import dev.turntable.journal.JournalOptions;
import dev.turntable.journal.Journals;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line answers from a folder on disk, live or copied, without writing to it. */
class FolderCommandsTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private String hash = "";

    @BeforeEach
    void record() {
        try (Journal journal = Journals.open(folder, JournalOptions.defaults())) {
            hash = Decided.story(journal).hashes.getLast();
        }
    }

    private int run(String... words) {
        out.reset();
        err.reset();
        return new FolderCommands(
                        folder,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(List.of(words));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void historyPagesAndFilters() {
        assertEquals(0, run("history", "-type", "swap.*", "--model=b", "-limit", "2"));
        List<String> types = out().lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split(" +")[2])
                .toList();
        assertEquals(List.of("swap.started", "swap.finished"), types);
        String cursor = out().lines()
                .filter(line -> line.startsWith("# go on with -after "))
                .findFirst()
                .orElseThrow()
                .substring(20);
        assertEquals(0, run("history", "-after", cursor, "-json", "-limit", "1"));
        assertTrue(out().startsWith("{\"cursor\":"), out());
    }

    @Test
    void swapsListAndTimeline() {
        assertEquals(0, run("swaps"));
        assertEquals(3, out().lines().count());
        assertTrue(out().contains("failed to start command 'nope'"), out());
        assertEquals(0, run("swaps", "s-2"));
        assertTrue(out().contains("stopped a#1") && out().contains("queued behind a"), out());
        assertEquals(1, run("swaps", "s-99"));
        assertEquals("turntable swaps: no swap s-99 is on record\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void stateAndReplayGiveTheSameHash() {
        assertEquals(0, run("state"));
        assertTrue(out().endsWith("state hash " + hash + "\n"), out());
        assertEquals(0, run("journal", "replay"));
        assertTrue(out().endsWith("state hash " + hash + "\n"), out());
        assertEquals(0, run("state", "-at", "4"));
        assertTrue(out().startsWith("after commit 4, "), out());
    }

    @Test
    void whyAnswersInASentence() {
        assertEquals(0, run("why", "r-3"));
        assertTrue(out().startsWith("r-3 for a was refused"), out());
        assertEquals(0, run("why", "b"));
        assertTrue(out().lines().findFirst().orElseThrow().endsWith("operator:ops unloaded it."), out());
    }

    @Test
    void verifyFindsAWholeJournalWholeAndAFlippedBitNot() throws IOException {
        assertEquals(0, run("journal", "verify"), out());
        assertTrue(out().contains("time: whole") && out().contains("decided again: the same"), out());
        assertEquals(0, run("journal", "dump"));
        try (Stream<Path> files = Files.walk(folder.resolve("journal"))) {
            Path file = files.filter(path -> path.toString().endsWith(".cq4"))
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(file);
            int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("request.finished");
            try (RandomAccessFile flipped = new RandomAccessFile(file.toFile(), "rw")) {
                flipped.seek(at);
                flipped.write(bytes[at] ^ 1);
            }
        }
        assertEquals(1, run("journal", "verify"));
        assertTrue(out().contains("DAMAGED"), out());
    }

    @Test
    void whatWasExportedCanBeImportedAndIsTheSame(@TempDir Path other) {
        Path file = other.resolve("lines");
        assertEquals(0, run("journal", "export", file.toString()));
        Path copy = other.resolve("copy");
        assertEquals(0, run("journal", "import", file.toString(), "-data-dir", copy.toString()));
        assertEquals(0, run("journal", "verify", "-data-dir", copy.toString()), out());
        assertTrue(out().endsWith("state hash " + hash + "\n"), out());
        assertEquals(5, run("journal", "import", file.toString(), "-data-dir", copy.toString()));
    }

    @Test
    void nothingIsWrittenToTheFolder() throws IOException {
        List<String> before = files();
        for (String[] words : new String[][] {{"history"}, {"swaps"}, {"state"}, {"why", "a"}, {"journal", "verify"}}) {
            assertEquals(0, run(words));
        }
        assertEquals(before, files());
    }

    private List<String> files() throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            return found.filter(Files::isRegularFile)
                    .map(path -> {
                        try {
                            return path + " " + Files.size(path) + " " + Files.getLastModifiedTime(path);
                        } catch (IOException e) {
                            return path + " unreadable";
                        }
                    })
                    .sorted()
                    .toList();
        }
    }

    @Test
    void wrongWordsAreRefusedInOneLineAndHelpHelps() {
        assertEquals(2, run("history", "-nope", "1"));
        assertTrue(err.toString(StandardCharsets.UTF_8).startsWith("turntable history: unknown option -nope\n"));
        assertEquals(2, run("history", "-limit", "x"));
        assertEquals(2, run("journal"));
        assertEquals(2, run("why"));
        assertEquals(5, run("state", "-data-dir", folder.resolve("nothing-here").toString()));
        for (String name : FolderCommands.NAMES) {
            assertEquals(0, run(name, "--help"));
            assertTrue(out().startsWith("turntable " + name), out());
        }
    }
}
