package dev.turntable.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Commit;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal can be checked, shown, taken out and brought in again, without disturbing the server that writes it. */
class JournalCheckTest {
    @TempDir
    Path data;

    @Test
    void aLiveJournalIsCheckedAndReadWhileItIsWritten() {
        try (Journal journal = Journals.open(data, JournalOptions.defaults())) {
            JournalContract.append(journal, 500);
            List<Commit> seen = new ArrayList<>();
            try (JournalCheck check = JournalCheck.open(data)) {
                JournalCheck.Report report = check.verify(seen::add);
                assertTrue(report.isWhole(), report::toString);
                assertEquals(500, report.head());
                assertEquals(1, report.earliest());
                assertEquals(journal.status().lineage(), report.lineage());
            }
            assertEquals(JournalContract.all(journal.read(1)), seen);
            try (Journal copy = Journals.openReadOnly(data)) {
                JournalContract.append(journal, 10);
                assertEquals(500, copy.head());
                assertEquals(seen, JournalContract.all(copy.read(1)));
                assertEquals(seen.reversed(), JournalContract.all(copy.readBackwards(500)));
                assertEquals(250, copy.seqAt(Commits.timeOf(250)));
                assertEquals(7, copy.cursors().parse(journal.cursors().of(7, 0)).seq());
                assertThrows(JournalException.class, () -> Commits.appendNext(copy));
            }
        }
    }

    @Test
    void anEditedCommitIsFoundEvenWhenItsChecksumWasMadeToFit() {
        MemoryDisk disk = new MemoryDisk("m");
        MemoryJournal journal = MemoryJournal.stepped(disk, JournalOptions.defaults());
        JournalContract.append(journal, 20);
        Frame.Sums sums = new Frame.Sums();
        disk.volume()
                .log(1, false, 0)
                .scanRaw(
                        (frame, length) -> {
                            if (Frame.seq(frame) == 10) {
                                frame[length - 4] ^=
                                        1; // a digit or letter of the payload, then a chain and CRC of its own
                                sums.seal(
                                        frame,
                                        length - Frame.HEADER,
                                        Frame.header(frame),
                                        new byte[Frame.CHAIN_LENGTH]);
                            }
                        },
                        Long.MAX_VALUE);
        JournalCheck.Report report = JournalCheck.of(disk.volume()).verify(_ -> {});
        assertFalse(report.isWhole());
        assertEquals(9, report.head());
        assertTrue(report.faults().getFirst().contains("commit 10 does not follow"), report::toString);
    }

    @Test
    void whatIsExportedCanBeImported(@TempDir Path elsewhere) {
        byte[] lines;
        try (Journal journal = Journals.open(data, JournalOptions.defaults())) {
            JournalContract.append(journal, 300);
        }
        try (JournalCheck check = JournalCheck.open(data)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            assertEquals(300, check.export(out));
            lines = out.toByteArray();
        }
        assertTrue(new String(lines, UTF_8)
                .startsWith("{\"seq\":1,\"time\":\"2026-09-01T10:00:00.010001Z\",\"monotonic_nanos\":1000,"));
        assertEquals(300, JournalImport.into(elsewhere, new ByteArrayInputStream(lines)));
        try (JournalCheck check = JournalCheck.open(elsewhere)) {
            ByteArrayOutputStream again = new ByteArrayOutputStream();
            check.export(again);
            assertEquals(new String(lines, UTF_8), again.toString(UTF_8));
        }
        try (Journal journal = Journals.open(elsewhere, JournalOptions.defaults())) {
            assertTrue(
                    journal.status().recovery().startsWith("clean"),
                    journal.status().recovery());
            assertEquals(301, Commits.appendNext(journal).seq());
        }
        JournalException e = assertThrows(
                JournalException.class, () -> JournalImport.into(elsewhere, new ByteArrayInputStream(lines)));
        assertEquals(JournalException.Code.IN_USE, e.code());
    }

    @Test
    void aGapInTheLinesStaysALabelledGap(@TempDir Path elsewhere) {
        try (Journal journal = Journals.open(data, JournalOptions.defaults())) {
            JournalContract.append(journal, 20);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JournalCheck check = JournalCheck.open(data)) {
            check.export(out);
        }
        String with = out.toString(UTF_8);
        String without = with.lines()
                .filter(line -> !line.matches("\\{\"seq\":(1|2|3|11|12),.*"))
                .reduce("", (a, b) -> a + b + "\n");
        assertEquals(15, JournalImport.into(elsewhere, new ByteArrayInputStream(without.getBytes(UTF_8))));
        try (JournalCheck check = JournalCheck.open(elsewhere)) {
            JournalCheck.Report report = check.verify(commit -> assertTrue(Commits.isTrue(commit)));
            assertTrue(report.isWhole(), report::toString);
            assertEquals(List.of("commits 11 to 12 were never written: the disk was full"), report.gaps());
            assertEquals(4, report.earliest());
        }
    }

    @Test
    void aDumpShowsEveryFrame() {
        try (Journal journal = Journals.open(data, JournalOptions.defaults())) {
            JournalContract.append(journal, 3);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JournalCheck check = JournalCheck.open(data)) {
            check.dump(new PrintStream(out, true, UTF_8));
        }
        List<String> lines = out.toString(UTF_8).lines().toList();
        assertEquals(4, lines.size());
        assertTrue(
                lines.get(1).startsWith("1 2026-09-01T10:00:00.010001Z epoch=1 run=1 mono=1000 flags=0 chain="),
                lines.get(1));
        assertTrue(lines.get(1).endsWith("]}"), lines.get(1));
    }
}
