package dev.turntable.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * A disk that is really full: {@code -Dturntable.small.disk=<folder on an empty file system of 16 to 64 MiB>}, for example
 * {@code mount -t tmpfs -o size=32m none /mnt/small}.
 */
@EnabledIfSystemProperty(named = "turntable.small.disk", matches = ".+")
class FullDiskTest {
    private final Path disk = Path.of(System.getProperty("turntable.small.disk"));

    @Test
    void nothingIsLostWhenTheFloorIsReached() throws IOException {
        fillAndHeal(4 << 20);
    }

    @Test
    void nothingIsLostWhenAMappedPageFindsNoRoom() throws IOException {
        fillAndHeal(0);
    }

    private void fillAndHeal(long floor) throws IOException {
        Path data = Files.createDirectory(disk.resolve("data-" + floor));
        Path ballast = disk.resolve("ballast");
        long free = disk.toFile().getUsableSpace();
        Files.write(ballast, new byte[(int) (free - floor - (6 << 20))]);
        Journal journal = Journals.open(data, JournalOptions.defaults().withFreeSpaceFloor(floor));
        while (!journal.status().degraded()) {
            Commits.appendNext(journal);
        }
        long full = journal.head();
        JournalContract.append(journal, 5000);
        journal.awaitDurable(journal.head());
        assertEquals(JournalContract.range(1, full + 5000), JournalContract.seqs(JournalContract.all(journal.read(1))));
        Files.delete(ballast);
        waitUntilHealed(journal);
        JournalContract.append(journal, 10);
        journal.close();
        try (JournalCheck check = JournalCheck.open(data)) {
            JournalCheck.Report report = check.verify(commit -> assertTrue(Commits.isTrue(commit)));
            assertTrue(report.isWhole(), report::toString);
            assertEquals(full + 5010, report.commits());
        }
        System.out.println("full after " + full + " commits; then " + data);
        try (var files = Files.walk(data)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    private static void waitUntilHealed(Journal journal) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (journal.status().degraded()) {
            assertTrue(System.nanoTime() < deadline, "it heals");
            LockSupport.parkNanos(10_000_000);
        }
    }
}
