package dev.turntable.journal;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A journal as it was when it was opened, for reading: of a live server, or a copy. Takes no lock and writes nothing. */
final class ReadOnlyJournal implements Journal, Source {
    private final Volume volume;
    private final Chapters chapters;
    private final Followers followers;
    private final VolumeSnapshots snapshots;
    private final LineageCursors cursors;
    private final String lineage;
    private final Scan newest;

    ReadOnlyJournal(Volume volume) {
        this.volume = volume;
        this.lineage = Recovery.birth(volume)
                .orElseThrow(() -> new JournalException(JournalException.Code.UNREADABLE, "there is no journal here"))
                .lineage();
        List<Epoch> epochs = Recovery.load(volume);
        if (epochs.isEmpty()) {
            throw new JournalException(JournalException.Code.UNREADABLE, "this journal was never begun");
        }
        Epoch last = epochs.getLast();
        FrameLog log = volume.log(last.number(), false, 0);
        this.newest = Scan.of(last, log, Scan.Depth.SUMS, last.sealed().map(Epoch.Sealed::last));
        last.opened(log, newest.marks());
        this.chapters = new Chapters(epochs, CommitCodec.CURRENT, this::head);
        this.followers = new Followers(this, true);
        this.snapshots = new VolumeSnapshots(volume, lineage, 0, _ -> {});
        this.cursors = new LineageCursors(lineage, chapters);
    }

    @Override
    public Commit append(Instant time, long monotonicNanos, Fact fact, List<Decision> decisions) {
        throw readOnly();
    }

    private static JournalException readOnly() {
        return new JournalException(JournalException.Code.CLOSED, "this journal was opened for reading only");
    }

    @Override
    public long head() {
        return newest.last();
    }

    @Override
    public Instant headTime() {
        return Times.ofMicros(newest.timeMicros());
    }

    @Override
    public int serverRun() {
        return Recovery.birth(volume).map(Recovery.Birth::runs).orElse(0);
    }

    @Override
    public long earliest() {
        return chapters.earliest();
    }

    @Override
    public Pass pass(long fromSeq) {
        return new Pass(chapters, Pass.Memory.NOTHING, fromSeq);
    }

    @Override
    public Reader read(long fromSeq) {
        return new ForwardReader(pass(Math.max(fromSeq, earliest())), head());
    }

    @Override
    public Reader readBackwards(long fromSeq) {
        return new BackwardReader(this, chapters, Math.min(fromSeq, head()));
    }

    @Override
    public long seqAt(Instant time) {
        return chapters.seqAt(time, this);
    }

    @Override
    public Follower follow(String name, long fromSeq, Consumer<Commit> onCommit) {
        return followers.add(name, Math.max(fromSeq, earliest()), onCommit);
    }

    @Override
    public void awaitDurable(long seq) {}

    @Override
    public void awaitAcknowledged(long seq) {}

    @Override
    public void onHealth(Consumer<JournalHealth> listener) {}

    @Override
    public JournalStatus status() {
        return new JournalStatus(
                lineage,
                head(),
                earliest(),
                chapters.newest().number(),
                chapters.all().stream().map(Epoch::number).toList(),
                chapters.all().stream()
                        .mapToLong(epoch -> volume.bytes(epoch.number()))
                        .sum(),
                "read_only",
                false,
                newest.damage().map(what -> "damaged: " + what).orElse("read only"),
                followers.status(head()));
    }

    @Override
    public Cursors cursors() {
        return cursors;
    }

    @Override
    public Snapshots snapshots() {
        return new Snapshots() {
            @Override
            public void save(long seq, String stateHash, byte[] state) {
                throw readOnly();
            }

            @Override
            public Optional<Snapshot> newest(long seq) {
                return snapshots.newest(seq);
            }
        };
    }

    @Override
    public void close() {
        followers.close();
        chapters.all().forEach(Epoch::close);
        volume.close();
    }
}
