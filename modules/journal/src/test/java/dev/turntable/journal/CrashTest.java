package dev.turntable.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Commit;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server killed while it appends loses nothing that it has acknowledged, and the next one goes on where it stopped.
 *
 * <p>{@code -Dturntable.crash.rounds=1000} for the long run.
 */
class CrashTest {
    private static final int ROUNDS = Integer.getInteger("turntable.crash.rounds", 12);

    @TempDir
    Path folder;

    @Test
    void nothingAcknowledgedIsLostDoubledOrBroken() throws IOException, InterruptedException {
        Path data = folder.resolve("data");
        Random random = new Random(20260901);
        try (FileChannel channel = FileChannel.open(
                folder.resolve("acknowledged"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            MappedByteBuffer acknowledged = channel.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES);
            for (int round = 1; round <= ROUNDS; round++) {
                Process server = ChildJvm.start(
                        CrashChild.class,
                        folder.resolve("output"),
                        data.toString(),
                        folder.resolve("acknowledged").toString());
                try {
                    waitUntilPast(acknowledged, acknowledged.getLong(0) + random.nextInt(20_000), server);
                } finally {
                    server.destroyForcibly();
                    assertTrue(server.waitFor(30, TimeUnit.SECONDS));
                }
                verify(data, acknowledged.getLong(0), round);
            }
        }
    }

    private static void waitUntilPast(MappedByteBuffer acknowledged, long seq, Process server) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (acknowledged.getLong(0) <= seq) {
            assertTrue(System.nanoTime() < deadline && server.isAlive(), "the server appends");
            LockSupport.parkNanos(100_000);
        }
    }

    private static void verify(Path data, long acknowledged, int round) {
        try (JournalCheck check = JournalCheck.open(data)) {
            JournalCheck.Report report =
                    check.verify(commit -> assertTrue(Commits.isTrue(commit), () -> "not as written: " + commit));
            assertTrue(report.isWhole(), () -> report.toString());
            assertTrue(report.head() >= acknowledged, () -> acknowledged + " was acknowledged: " + report);
        }
        try (Journal journal = Journals.open(data, JournalOptions.defaults())) {
            long head = journal.head();
            assertTrue(head >= acknowledged);
            assertTrue(
                    journal.status().recovery().startsWith("killed"),
                    journal.status().recovery());
            Commit next = Commits.appendNext(journal);
            assertEquals(head + 1, next.seq());
            assertEquals(1, next.epoch());
            assertEquals(2 * round, next.serverRun());
        }
    }
}
