package dev.turntable.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Fact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal in a folder keeps the contract; its files are where the documents say, and nobody else gets in. */
class ChronicleJournalTest extends JournalContract {
    @TempDir
    Path data;

    @Override
    Journal open(JournalOptions options) {
        return Journals.open(data, options);
    }

    @Override
    void kill(Journal journal) {
        ((FramedJournal) journal).kill();
    }

    private static Journal open(Path folder, String boot) {
        return Journals.open(FileVolume.forWriting(folder, boot), JournalOptions.defaults());
    }

    @Test
    void followersOfAnIdleJournalSleep(@TempDir Path folder) {
        try (FramedJournal idle = (FramedJournal) Journals.open(folder, JournalOptions.defaults())) {
            for (int i = 0; i < 5; i++) {
                idle.follow("f" + i, 1, _ -> {});
            }
            append(idle, 100);
            long deadline = System.nanoTime() + 30_000_000_000L;
            while (!idle.followersAsleep() && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertTrue(idle.followersAsleep(), "they keep each other awake");
        }
    }

    @Test
    void aSecondServerIsKeptOutAndToldWhy() {
        JournalException e = assertThrows(JournalException.class, () -> Journals.open(data, JournalOptions.defaults()));
        assertEquals(JournalException.Code.IN_USE, e.code());
        assertTrue(
                e.getMessage()
                        .contains("in use by process " + ProcessHandle.current().pid()),
                e.getMessage());
    }

    @Test
    void anotherBootBeginsAnotherEpochAndSeqsGoOn(@TempDir Path folder) {
        for (int boot = 1; boot <= 3; boot++) {
            Journal journal = open(folder, "boot-" + boot);
            append(journal, 400);
            assertEquals(boot, journal.status().epoch());
            assertEquals(List.of(1, 2, 3).subList(0, boot), journal.status().epochs());
            assertEquals(range(1, 400L * boot), seqs(all(journal.read(1))));
            assertEquals(range(1, 400L * boot).reversed(), seqs(all(journal.readBackwards(400L * boot))));
            assertEquals(401, boot == 1 ? 401 : journal.seqAt(timeOf(401)), "across epochs");
            journal.close();
        }
    }

    @Test
    void eachDayHasAFileAndOldOnesGo(@TempDir Path folder) throws IOException {
        Journal journal = Journals.open(folder, JournalOptions.defaults().withRetention(Duration.ofDays(3), 1L << 40));
        for (int day = 0; day < 8; day++) {
            for (int i = 0; i < 5; i++) {
                journal.append(START.plus(Duration.ofDays(day)), 0, new Fact.ServerStopped(), List.of());
            }
        }
        assertEquals(
                8,
                files(folder.resolve("journal/epoch-000001"))
                        .filter(f -> f.endsWith(".cq4"))
                        .count());
        journal.snapshots().save(40, "h", new byte[0]);
        assertEquals(16, journal.earliest());
        assertEquals(
                5,
                files(folder.resolve("journal/epoch-000001"))
                        .filter(f -> f.endsWith(".cq4"))
                        .count());
        assertEquals(range(16, 40), seqs(all(journal.read(1))));
        append41(journal);
        journal.close();
        journal = Journals.open(folder, JournalOptions.defaults());
        assertEquals(range(16, 41), seqs(all(journal.read(1))));
        assertTrue(
                journal.status().recovery().startsWith("clean"),
                journal.status().recovery());
        journal.close();
    }

    private static void append41(Journal journal) {
        journal.append(START.plus(Duration.ofDays(8)), 0, new Fact.ServerStopped(), List.of());
    }

    @Test
    void nothingIsWrittenOutsideTheFolder(@TempDir Path folder) throws IOException {
        Set<String> before = files(Path.of("")).collect(Collectors.toSet());
        Journal journal = Journals.open(folder.resolve("data"), JournalOptions.defaults());
        append(journal, 10);
        journal.snapshots().save(5, "h", new byte[0]);
        journal.close();
        assertEquals(before, files(Path.of("")).collect(Collectors.toSet()));
        assertEquals(Set.of("LOCK", "journal"), files(folder.resolve("data")).collect(Collectors.toSet()));
        assertEquals(
                Set.of("journal.json", "epoch-000001", "snapshots"),
                files(folder.resolve("data/journal")).collect(Collectors.toSet()));
    }

    private static Stream<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).toList().stream();
        }
    }
}
