package dev.turntable.journal;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * The journal for the simulator, and for a server that can write nowhere: the same frames, checks and recovery as on disk, on a {@link MemoryDisk}.
 *
 * <pre>{@code
 * MemoryDisk disk = new MemoryDisk("test");
 * MemoryJournal journal = MemoryJournal.stepped(disk, JournalOptions.defaults());
 * journal.append(now, 0, fact, decisions);
 * journal.pump();                                  // followers run here, on this thread
 * journal.kill();                                  // a crash
 * disk.inject(new Fault.LoseUnforcedTail());       // of the whole machine
 * journal = MemoryJournal.stepped(disk, JournalOptions.defaults());
 * }</pre>
 */
public final class MemoryJournal implements Journal {
    private final FramedJournal journal;

    private MemoryJournal(MemoryDisk disk, JournalOptions options, boolean threads) {
        journal = new FramedJournal(disk.volume(), options, threads);
    }

    /** A journal on a new disk, whose followers have threads of their own: for tests that want the usual behaviour without files. */
    public static MemoryJournal create() {
        return threaded(new MemoryDisk("memory"), JournalOptions.defaults());
    }

    /** Opens what lies on the disk; followers have threads of their own. */
    public static MemoryJournal threaded(MemoryDisk disk, JournalOptions options) {
        return new MemoryJournal(disk, options, true);
    }

    /** Opens what lies on the disk, without any thread: followers move in {@link #pump} only, forces happen on the caller's thread. */
    public static MemoryJournal stepped(MemoryDisk disk, JournalOptions options) {
        return new MemoryJournal(disk, options, false);
    }

    /** Hands every follower what it has not seen, one follower after the other in the order they came. Returns how many were handed over. */
    public int pump() {
        return journal.pump();
    }

    /** Looks whether a full disk has room again, and writes what waits: what a thread does every half second elsewhere. */
    public void heal() {
        journal.heal();
    }

    /** Ends as a killed process ends: nothing is forced and no orderly stop is marked. The disk can be opened again. */
    public void kill() {
        journal.kill();
    }

    @Override
    public Commit append(Instant time, long monotonicNanos, Fact fact, List<Decision> decisions) {
        return journal.append(time, monotonicNanos, fact, decisions);
    }

    @Override
    public long head() {
        return journal.head();
    }

    @Override
    public Instant headTime() {
        return journal.headTime();
    }

    @Override
    public int serverRun() {
        return journal.serverRun();
    }

    @Override
    public long earliest() {
        return journal.earliest();
    }

    @Override
    public Reader read(long fromSeq) {
        return journal.read(fromSeq);
    }

    @Override
    public Reader readBackwards(long fromSeq) {
        return journal.readBackwards(fromSeq);
    }

    @Override
    public long seqAt(Instant time) {
        return journal.seqAt(time);
    }

    @Override
    public Follower follow(String name, long fromSeq, Consumer<Commit> onCommit) {
        return journal.follow(name, fromSeq, onCommit);
    }

    @Override
    public void awaitDurable(long seq) {
        journal.awaitDurable(seq);
    }

    @Override
    public void awaitAcknowledged(long seq) {
        journal.awaitAcknowledged(seq);
    }

    @Override
    public void onHealth(Consumer<JournalHealth> listener) {
        journal.onHealth(listener);
    }

    @Override
    public JournalStatus status() {
        return journal.status().withDurability("memory");
    }

    @Override
    public Cursors cursors() {
        return journal.cursors();
    }

    @Override
    public Snapshots snapshots() {
        return journal.snapshots();
    }

    @Override
    public void close() {
        journal.close();
    }
}
