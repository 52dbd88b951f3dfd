package dev.turntable.journal;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The journal over any {@link Volume}: what Chronicle's and the one in memory have in common, which is nearly everything. */
final class FramedJournal implements Journal, Source, Forcer.Work {
    /** A start after a crash has at most about so many commits to look at. */
    private static final long SAVE_MARKS_EVERY = 65_536;

    private static final System.Logger LOG = System.getLogger(FramedJournal.class.getName());

    private final Volume volume;
    private final JournalOptions options;
    private final String lineage;
    private final String recovery;
    private final Chapters chapters;
    private final Recent recent = new Recent(this::slowestFrom);
    private final Appender appender;
    private final Followers followers;
    private final Forcer forcer;
    private final Retention retention;
    private final VolumeSnapshots snapshots;
    private final LineageCursors cursors;
    private final List<Consumer<JournalHealth>> listeners = new CopyOnWriteArrayList<>();
    private boolean toldDegraded;
    private long savedMarks;
    private volatile boolean closed;

    /** Without threads nothing happens but on the caller's: followers move in {@link #pump}. */
    FramedJournal(Volume volume, JournalOptions options, boolean threads) {
        this.volume = volume;
        this.options = options;
        CommitCodec codec = CommitCodec.CURRENT;
        Recovery.Opened opened = Recovery.open(volume, options);
        lineage = opened.lineage();
        recovery = opened.what().name().toLowerCase(java.util.Locale.ROOT) + ": " + opened.report();
        chapters = new Chapters(opened.epochs(), codec, this::persisted);
        appender = new Appender(volume, options, opened, chapters, codec, recent);
        followers = new Followers(this, threads);
        forcer = new Forcer(this, this::persisted, options.durability(), threads);
        retention = new Retention(volume, options, chapters);
        snapshots = new VolumeSnapshots(volume, lineage, options.snapshotsKept(), forcer::await);
        cursors = new LineageCursors(lineage, chapters);
        savedMarks = opened.head();
    }

    private long slowestFrom(long seq) {
        return followers.slowestFrom(seq);
    }

    private long persisted() {
        return appender == null ? 0 : appender.persisted();
    }

    @Override
    public Pass pass(long fromSeq) {
        return new Pass(chapters, new InMemory(), fromSeq);
    }

    private final class InMemory implements Pass.Memory {
        @Override
        public Commit get(long seq) {
            Commit commit = recent.get(seq);
            return commit == null && seq > appender.persisted()
                    ? appender.tail().get(seq)
                    : commit;
        }

        @Override
        public long firstUnwritten() {
            return appender.tail().firstSeq();
        }
    }

    /** True when no follower does anything until the next commit. */
    boolean followersAsleep() {
        return followers.allAsleep();
    }

    int pump() {
        return followers.pump();
    }

    @Override
    public Commit append(Instant time, long monotonicNanos, Fact fact, List<Decision> decisions) {
        if (closed) {
            throw new JournalException(JournalException.Code.CLOSED, "the journal is closed");
        }
        Commit commit = appender.append(time, monotonicNanos, fact, decisions);
        followers.wake();
        forcer.appended(appender.takeRolled());
        return commit;
    }

    @Override
    public long head() {
        return appender.head();
    }

    @Override
    public Instant headTime() {
        return Times.ofMicros(appender.timeMicros());
    }

    @Override
    public int serverRun() {
        return appender.run();
    }

    @Override
    public long earliest() {
        return chapters.earliest();
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
        if (closed) {
            throw new JournalException(JournalException.Code.CLOSED, "the journal is closed");
        }
        return followers.add(name, Math.max(fromSeq, earliest()), onCommit);
    }

    @Override
    public void awaitDurable(long seq) {
        if (options.durability() != Durability.FAST && !appender.degraded()) {
            forcer.await(seq);
        }
    }

    @Override
    public void awaitAcknowledged(long seq) {
        if (options.durability() == Durability.STRICT) {
            awaitDurable(seq);
        }
    }

    @Override
    public void onHealth(Consumer<JournalHealth> listener) {
        listeners.add(listener);
    }

    @Override
    public void force() {
        Epoch epoch = chapters.newest();
        long upTo = persisted();
        Optional<byte[]> marks = upTo - savedMarks >= SAVE_MARKS_EVERY
                ? Optional.of(epoch.marks().toBytes())
                : Optional.empty();
        epoch.log().force();
        if (marks.isPresent()) {
            epoch.saveMarks(marks.get());
            savedMarks = upTo;
        }
    }

    @Override
    public boolean degraded() {
        return appender.degraded();
    }

    @Override
    public void heal() {
        JournalHealth health = appender.heal();
        if (health.degraded() != toldDegraded || health.lostCommits() > 0) {
            toldDegraded = health.degraded();
            listeners.forEach(listener -> tell(listener, health));
        }
    }

    private static void tell(Consumer<JournalHealth> listener, JournalHealth health) {
        try {
            listener.accept(health);
        } catch (RuntimeException e) {
            // a listener's trouble must not stop the thread that brings commits to disk
            LOG.log(System.Logger.Level.ERROR, "a listener failed on " + health, e);
        }
    }

    /** Throws away old files as far as retention asks and safety allows. */
    void retain() {
        chapters.all().forEach(Epoch::marks); // opens and maps old epochs before the writer has to wait
        appender.lock().lock();
        try {
            long keepFrom = Math.min(snapshots.newestSeq(), followers.slowest()) + 1;
            retention.run(keepFrom, appender.timeMicros());
        } finally {
            appender.lock().unlock();
        }
    }

    @Override
    public JournalStatus status() {
        List<Integer> numbers = new ArrayList<>();
        long bytes = 0;
        for (Epoch epoch : chapters.all()) {
            numbers.add(epoch.number());
            bytes += volume.bytes(epoch.number());
        }
        return new JournalStatus(
                lineage,
                head(),
                earliest(),
                chapters.newest().number(),
                numbers,
                bytes,
                options.durability().name().toLowerCase(java.util.Locale.ROOT),
                appender.degraded(),
                recovery,
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
                snapshots.save(seq, stateHash, state);
                retain();
            }

            @Override
            public Optional<Snapshot> newest(long seq) {
                return snapshots.newest(seq);
            }
        };
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        followers.close();
        forcer.close();
        if (appender.degraded()) {
            appender.heal(); // the last chance to write what waits
        }
        force();
        appender.markClean();
        release();
    }

    /** As if the process were killed: nothing is forced, nothing is marked. */
    void kill() {
        closed = true;
        followers.close();
        forcer.close();
        release();
    }

    private void release() {
        chapters.all().forEach(Epoch::close);
        volume.close();
    }
}
