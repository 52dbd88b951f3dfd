package dev.turntable.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Commit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The journal in memory keeps the contract, and survives the faults of its disk as the table of recovery says. */
class MemoryJournalTest extends JournalContract {
    private final MemoryDisk disk = new MemoryDisk("test");

    @Override
    Journal open(JournalOptions options) {
        return MemoryJournal.threaded(disk, options);
    }

    @Override
    void kill(Journal journal) {
        ((MemoryJournal) journal).kill();
    }

    private static MemoryJournal stepped(MemoryDisk disk) {
        return MemoryJournal.stepped(disk, JournalOptions.defaults());
    }

    @Test
    void powerLossTakesOnlyWhatWasNotForced() {
        MemoryDisk own = new MemoryDisk("own");
        MemoryJournal journal = stepped(own);
        append(journal, 50);
        journal.awaitDurable(50);
        append(journal, 7);
        String lostCursor = journal.cursors().of(57, 0);
        journal.kill();
        own.inject(new Fault.LoseUnforcedTail());
        journal = stepped(own);
        assertEquals(50, journal.head());
        assertTrue(
                journal.status().recovery().startsWith("power_lost"),
                journal.status().recovery());
        append(journal, 10);
        assertEquals(2, all(journal.read(51)).getFirst().epoch());
        assertEquals(range(1, 60), seqs(all(journal.read(1))));
        assertEquals(range(1, 60).reversed(), seqs(all(journal.readBackwards(60))));
        Cursors cursors = journal.cursors();
        assertTrue(assertThrows(Cursors.BadCursorException.class, () -> cursors.parse(lostCursor))
                .otherLineage());
        assertEquals(50, cursors.parse(cursors.of(50, 0)).seq());
    }

    @Test
    void aTornLastCommitIsSealedOff() {
        MemoryDisk own = new MemoryDisk("own");
        MemoryJournal journal = stepped(own);
        append(journal, 50);
        journal.kill();
        own.inject(new Fault.Tear(40));
        journal = stepped(own);
        assertEquals(49, journal.head());
        assertTrue(
                journal.status().recovery().startsWith("damaged"),
                journal.status().recovery());
        assertEquals(50, appendNext(journal).seq());
        assertEquals(range(1, 50), seqs(all(journal.read(1))));
    }

    @Test
    void oneFlippedBitAnywhereIsNeverReadAsGood() {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            MemoryDisk own = new MemoryDisk("own");
            MemoryJournal journal = stepped(own);
            append(journal, 40);
            List<Commit> written = all(journal.read(1));
            journal.kill();
            int seq = 1 + random.nextInt(40);
            own.inject(new Fault.Flip(seq, random.nextLong(1 << 20)));
            journal = stepped(own);
            assertEquals(seq - 1, journal.head(), "round " + round);
            assertEquals(written.subList(0, seq - 1), all(journal.read(1)));
            assertTrue(own.volume().list("salvage/").size() == (seq == 40 ? 0 : 1), "what lies behind is kept");
            append(journal, 3);
            assertEquals(range(1, seq + 2), seqs(all(journal.read(1))));
            journal.close();
            journal = stepped(own);
            assertEquals(range(1, seq + 2), seqs(all(journal.read(1))));
            assertTrue(journal.status().recovery().startsWith("clean"));
        }
    }

    @Test
    void damageThatComesLaterIsAnErrorAndNoSilentGap() {
        MemoryDisk own = new MemoryDisk("own");
        MemoryJournal journal = stepped(own);
        append(journal, 6000);
        own.inject(new Fault.Flip(17, 700));
        Journal.Reader reader = journal.read(1);
        for (int i = 1; i < 17; i++) {
            assertEquals(i, reader.next().seq());
        }
        assertEquals(
                JournalException.Code.DAMAGED,
                assertThrows(JournalException.class, reader::hasNext).code());
    }

    @Test
    void aFullDiskLosesNothingWhileMemoryHolds() {
        MemoryDisk own = new MemoryDisk("own");
        MemoryJournal journal = stepped(own);
        List<JournalHealth> told = new ArrayList<>();
        journal.onHealth(told::add);
        append(journal, 10);
        own.inject(new Fault.Fill());
        append(journal, 5000);
        assertTrue(journal.status().degraded());
        journal.awaitDurable(5010); // effects go on
        journal.heal();
        assertEquals(range(1, 5010), seqs(all(journal.read(1))));
        own.inject(new Fault.MakeRoom());
        journal.heal();
        assertFalse(journal.status().degraded());
        assertEquals(
                List.of(true, false), told.stream().map(JournalHealth::degraded).toList());
        assertEquals(0, told.getLast().lostCommits());
        append(journal, 10);
        journal.kill();
        journal = stepped(own);
        assertEquals(range(1, 5020), seqs(all(journal.read(1))));
        assertEquals(5020, journal.head());
    }

    @Test
    void aDiskThatIsFullForTooLongLeavesALabelledGap() {
        MemoryDisk own = new MemoryDisk("own");
        MemoryJournal journal = stepped(own);
        List<JournalHealth> told = new ArrayList<>();
        journal.onHealth(told::add);
        append(journal, 10);
        own.inject(new Fault.Fill());
        append(journal, Tail.COMMITS + 100);
        own.inject(new Fault.MakeRoom());
        journal.heal();
        append(journal, 1);
        assertEquals(100, told.getLast().lostCommits());
        long head = 10 + Tail.COMMITS + 100 + 1;
        List<Long> expected = new ArrayList<>(range(1, 10));
        expected.addAll(range(111, head));
        assertEquals(expected, seqs(all(journal.read(1))));
        journal.close();
        journal = stepped(own);
        assertEquals(expected, seqs(all(journal.read(1))));
        assertEquals(100, Recovery.load(own.volume()).getLast().begin().lost());
    }

    @Test
    void oldFilesGoButNeverPastTheSnapshotOrAFollower() {
        MemoryDisk own = new MemoryDisk("own");
        JournalOptions twoDays = JournalOptions.defaults().withRetention(Duration.ofDays(2), 1L << 40);
        MemoryJournal journal = MemoryJournal.stepped(own, twoDays);
        for (int day = 0; day < 10; day++) {
            for (int i = 0; i < 10; i++) {
                journal.append(
                        START.plus(Duration.ofDays(day)), 0, new dev.turntable.event.Fact.ServerStopped(), List.of());
            }
        }
        journal.snapshots().save(45, "h", new byte[0]);
        assertEquals(41, journal.earliest(), "the file of the snapshot's next commits stays");
        Journal.Follower follower = journal.follow("slow", 56, _ -> {});
        journal.snapshots().save(100, "h", new byte[0]);
        assertEquals(51, journal.earliest());
        follower.close();
        journal.snapshots().save(100, "h", new byte[0]);
        assertEquals(61, journal.earliest(), "the file of the day before goes on to two days ago");
        assertEquals(range(61, 100), seqs(all(journal.read(1))));
        assertEquals(range(61, 100).reversed(), seqs(all(journal.readBackwards(100))));
        journal.close();
        journal = MemoryJournal.stepped(own, twoDays);
        assertEquals(range(61, 100), seqs(all(journal.read(1))));
        assertTrue(
                journal.status().recovery().startsWith("clean"),
                journal.status().recovery());
    }

    @Test
    void theSameCommitsAreTheSameBytes() {
        assertEquals(bytesOfOneRun(), bytesOfOneRun());
    }

    private static List<String> bytesOfOneRun() {
        MemoryDisk own = new MemoryDisk("own");
        MemoryJournal journal = stepped(own);
        append(journal, 20);
        List<String> frames = new ArrayList<>();
        own.volume()
                .log(1, false, 0)
                .scanRaw(
                        (bytes, length) -> frames.add(java.util.HexFormat.of().formatHex(bytes, 0, length)),
                        Long.MAX_VALUE);
        return frames;
    }

    @Test
    void steppedFollowersMoveOnlyWhenPumped() {
        MemoryJournal journal = stepped(new MemoryDisk("own"));
        List<Long> seen = new ArrayList<>();
        journal.follow("f", 1, commit -> seen.add(commit.seq()));
        append(journal, 3);
        assertEquals(List.of(), seen);
        assertEquals(3, journal.pump());
        assertEquals(List.of(1L, 2L, 3L), seen);
        assertEquals(0, journal.pump());
    }

    @Test
    void aListenerMayWriteAndWaitOnTheForcingThread() throws InterruptedException {
        MemoryDisk own = new MemoryDisk("own");
        MemoryJournal journal =
                MemoryJournal.threaded(own, JournalOptions.defaults().withDurability(Durability.STRICT));
        java.util.concurrent.CountDownLatch told = new java.util.concurrent.CountDownLatch(2);
        journal.onHealth(_ -> {
            Commit commit = appendNext(journal);
            journal.awaitAcknowledged(commit.seq());
            told.countDown();
        });
        own.inject(new Fault.Fill());
        appendNext(journal);
        while (told.getCount() > 1) {
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
        own.inject(new Fault.MakeRoom());
        assertTrue(told.await(30, java.util.concurrent.TimeUnit.SECONDS));
        assertEquals(range(1, 3), seqs(all(journal.read(1))));
        journal.close();
    }

    @Test
    void inStandardModeNothingStaysUnforcedThoughNobodyWaits() {
        MemoryDisk own = new MemoryDisk("own");
        MemoryJournal journal = MemoryJournal.threaded(own, JournalOptions.defaults());
        append(journal, 100);
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (own.unforced() > 0) {
            assertTrue(System.nanoTime() < deadline, "it is forced within a second or so");
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
        journal.close();
    }

    @Test
    void eachModeForcesWhatItPromises() {
        for (Durability mode : Durability.values()) {
            MemoryDisk own = new MemoryDisk("own");
            MemoryJournal journal =
                    MemoryJournal.stepped(own, JournalOptions.defaults().withDurability(mode));
            append(journal, 3);
            journal.awaitAcknowledged(3);
            assertEquals(mode == Durability.STRICT ? 0 : 3, own.unforced(), "before an answer, " + mode);
            journal.awaitDurable(3);
            assertEquals(mode == Durability.FAST ? 3 : 0, own.unforced(), "before an effect, " + mode);
            append(journal, 2);
            journal.close();
            assertEquals(0, own.unforced(), "at stop, " + mode);
        }
    }
}
