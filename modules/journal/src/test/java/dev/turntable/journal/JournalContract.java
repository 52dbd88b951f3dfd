package dev.turntable.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Commit;
import dev.turntable.event.Fact;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every journal does, wherever it lies. */
abstract class JournalContract {
    static final Instant START = Commits.START;

    private Journal journal;

    /** Opens the one journal of this test, again after a close or kill. */
    abstract Journal open(JournalOptions options);

    /** Ends it as a crash would. */
    abstract void kill(Journal journal);

    @BeforeEach
    void start() {
        journal = open(JournalOptions.defaults());
    }

    @AfterEach
    void stop() {
        journal.close();
    }

    private void reopen() {
        journal = open(JournalOptions.defaults());
    }

    static Instant timeOf(long seq) {
        return Commits.timeOf(seq);
    }

    static Commit appendNext(Journal journal) {
        return Commits.appendNext(journal);
    }

    static void append(Journal journal, int count) {
        for (int i = 0; i < count; i++) {
            appendNext(journal);
        }
    }

    static List<Commit> all(Journal.Reader reader) {
        List<Commit> commits = new ArrayList<>();
        try (reader) {
            while (reader.hasNext()) {
                commits.add(reader.next());
            }
        }
        return commits;
    }

    static List<Long> seqs(List<Commit> commits) {
        return commits.stream().map(Commit::seq).toList();
    }

    static List<Long> range(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    @Test
    void aNewJournalIsEmpty() {
        assertEquals(0, journal.head());
        assertEquals(1, journal.earliest());
        assertEquals(Instant.EPOCH, journal.headTime());
        assertFalse(journal.read(1).hasNext());
        assertFalse(journal.readBackwards(0).hasNext());
        assertEquals(1, journal.seqAt(START));
    }

    @Test
    void whatWasAppendedIsReadAgainForwardAndBackward() {
        List<Commit> written = new ArrayList<>();
        for (int i = 0; i < 6000; i++) { // more than memory keeps
            written.add(appendNext(journal));
        }
        assertEquals(written, all(journal.read(1)));
        assertEquals(written.subList(4998, 6000), all(journal.read(4999)));
        assertEquals(written.reversed(), all(journal.readBackwards(6000)));
        assertEquals(written.subList(0, 300).reversed(), all(journal.readBackwards(300)));
    }

    @Test
    void theSameIsThereAfterAnOrderlyStop() {
        append(journal, 700);
        List<Commit> before = all(journal.read(1));
        journal.close();
        reopen();
        assertEquals(before, all(journal.read(1)));
        assertTrue(
                journal.status().recovery().startsWith("clean"),
                journal.status().recovery());
        assertEquals(timeOf(700), journal.headTime());
        Commit next = appendNext(journal);
        assertEquals(701, next.seq());
        assertEquals(1, next.epoch());
        assertEquals(2, next.serverRun());
        assertEquals(next, all(journal.read(701)).getFirst());
    }

    @Test
    void theSameIsThereAfterAKillAndTheEpochGoesOn() {
        append(journal, 700);
        List<Commit> before = all(journal.read(1));
        kill(journal);
        reopen();
        assertEquals(before, all(journal.read(1)));
        assertTrue(
                journal.status().recovery().startsWith("killed"),
                journal.status().recovery());
        assertEquals(1, appendNext(journal).epoch());
    }

    @Test
    void aMomentIsFound() {
        append(journal, 1000);
        assertEquals(1, journal.seqAt(Instant.EPOCH));
        assertEquals(1, journal.seqAt(timeOf(1)));
        assertEquals(600, journal.seqAt(timeOf(600)));
        assertEquals(601, journal.seqAt(timeOf(600).plusNanos(1000)));
        assertEquals(1000, journal.seqAt(timeOf(1000)));
        assertEquals(1001, journal.seqAt(timeOf(1001)));
    }

    @Test
    void timeNeverGoesBackAndIsNeverFinerThanMicroseconds() {
        append(journal, 3);
        Fact fact = new Fact.ServerStopped();
        assertThrows(IllegalArgumentException.class, () -> journal.append(timeOf(2), 0, fact, List.of()));
        assertThrows(
                IllegalArgumentException.class, () -> journal.append(timeOf(9).plusNanos(1), 0, fact, List.of()));
        assertEquals(3, journal.head());
        assertEquals(4, journal.append(timeOf(3), 0, fact, List.of()).seq());
    }

    @Test
    void aCommitLongerThanTheLimitIsRefusedAndNothingIsBroken() {
        append(journal, 2);
        Fact large = started("x".repeat(Frame.MAX_PAYLOAD));
        JournalException e = assertThrows(JournalException.class, () -> journal.append(timeOf(3), 0, large, List.of()));
        assertEquals(JournalException.Code.TOO_LARGE, e.code());
        Fact nearly = started("x".repeat(Frame.MAX_PAYLOAD - 200));
        for (int i = 0; i < 6; i++) {
            journal.append(timeOf(3), 0, nearly, List.of());
            journal.append(timeOf(3), 0, new Fact.ServerStopped(), List.of());
        }
        journal.close();
        reopen();
        assertEquals(range(1, 14), seqs(all(journal.read(1))));
        assertTrue(
                journal.status().recovery().startsWith("clean"),
                journal.status().recovery());
    }

    /** Its text is not cut: it is nobody's but ours. */
    private static Fact started(String version) {
        return new Fact.ServerStarted(version, 1, "boot", OptionalInt.empty());
    }

    @Test
    void cursorsSortAndComeBack() {
        append(journal, 300);
        Cursors cursors = journal.cursors();
        String last = "";
        for (long seq : range(1, 300)) {
            for (int n = 0; n < 2; n++) {
                String cursor = cursors.of(seq, n);
                assertTrue(last.compareTo(cursor) < 0);
                assertEquals(new Cursors.Position(seq, n), cursors.parse(cursor));
                last = cursor;
            }
        }
        for (String nonsense : List.of("", "1", "zzzz", last.substring(1), last.replace(last.charAt(12), 'z'))) {
            assertFalse(assertThrows(Cursors.BadCursorException.class, () -> cursors.parse(nonsense))
                    .otherLineage());
        }
    }

    @Test
    void aCursorOfAnotherJournalIsToldFromNonsense() {
        append(journal, 3);
        MemoryJournal other = MemoryJournal.threaded(new MemoryDisk("another"), JournalOptions.defaults());
        String foreign = other.cursors().of(1, 0);
        assertTrue(assertThrows(Cursors.BadCursorException.class, () -> journal.cursors()
                        .parse(foreign))
                .otherLineage());
        other.close();
    }

    @Test
    void aSnapshotIsKeptForTheNextStart() {
        append(journal, 100);
        for (long seq : List.of(20L, 40L, 60L, 80L)) {
            journal.snapshots().save(seq, "hash-" + seq, new byte[] {(byte) seq, '\n', 0});
        }
        journal.close();
        reopen();
        assertEquals(80, journal.snapshots().newest(100).orElseThrow().seq());
        Journal.Snapshot snapshot = journal.snapshots().newest(79).orElseThrow();
        assertEquals(60, snapshot.seq());
        assertEquals("hash-60", snapshot.stateHash());
        assertEquals(60, snapshot.state()[0]);
        assertEquals(3, snapshot.state().length);
        assertTrue(journal.snapshots().newest(39).isEmpty(), "three are kept");
    }

    @Test
    void followersSeeEverythingInOrderFromThePastThenLive() throws InterruptedException {
        int before = 5000;
        int live = 20_000;
        append(journal, before);
        List<Queue<Long>> seen = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(8);
        for (int i = 0; i < 8; i++) {
            boolean slow = i % 4 == 3;
            Queue<Long> queue = new ConcurrentLinkedQueue<>();
            seen.add(queue);
            journal.follow("f" + i, 1, commit -> {
                queue.add(commit.seq());
                if (slow && commit.seq() % 3000 == 0) {
                    java.util.concurrent.locks.LockSupport.parkNanos(
                            20_000_000); // falls out of memory, reads from disk
                }
                if (commit.seq() == before + live) {
                    done.countDown();
                }
            });
        }
        append(journal, live);
        assertTrue(done.await(60, TimeUnit.SECONDS), () -> journal.status().toString());
        for (Queue<Long> queue : seen) {
            assertEquals(range(1, before + live), List.copyOf(queue));
        }
    }

    @Test
    void aFollowerIsWokenByASingleAppend() throws InterruptedException {
        ConcurrentLinkedQueue<Long> seen = new ConcurrentLinkedQueue<>();
        java.util.concurrent.Semaphore arrived = new java.util.concurrent.Semaphore(0);
        List<Journal.Follower> followers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            followers.add(journal.follow("f" + i, 1, commit -> {
                seen.add(commit.seq());
                arrived.release();
            }));
        }
        for (int i = 1; i <= 50; i++) {
            appendNext(journal);
            assertTrue(arrived.tryAcquire(16, 30, TimeUnit.SECONDS), "all sixteen see commit " + i);
        }
        followers.forEach(Journal.Follower::close);
        assertEquals(List.of(), journal.status().followers());
        assertEquals(16 * 50, seen.size());
    }

    @Test
    void aFollowerThatFailsOnACommitGoesOn() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        journal.follow("clumsy", 1, commit -> {
            if (commit.seq() == 1) {
                throw new IllegalStateException("expected by this test");
            }
            done.countDown();
        });
        append(journal, 2);
        assertTrue(done.await(30, TimeUnit.SECONDS));
    }

    @Test
    void waitingForDurabilityReturns() {
        append(journal, 10);
        journal.awaitDurable(10);
        journal.awaitAcknowledged(10);
        append(journal, 10);
        journal.awaitDurable(20);
    }

    @Test
    void aClosedJournalSaysSo() {
        journal.close();
        JournalException e = assertThrows(JournalException.class, () -> appendNext(journal));
        assertEquals(JournalException.Code.CLOSED, e.code());
    }
}
