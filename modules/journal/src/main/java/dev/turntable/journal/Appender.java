package dev.turntable.journal;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one place where commits get their seq, their chain and their bytes. Owns the write lock.
 *
 * <p>When the disk has no room, commits go to the {@link Tail} and the journal is degraded; {@link #heal} writes them out later, into a
 * new epoch when some were lost or the log broke off in the middle.
 */
final class Appender {
    /** The room on the disk is looked at again after so many bytes: less than the floor by far. */
    private static final int LOOK_EVERY = 1 << 20;

    private static final System.Logger LOG = System.getLogger(Appender.class.getName());

    private final Volume volume;
    private final JournalOptions options;
    private final Chapters chapters;
    private final CommitCodec codec;
    private final Recent recent;
    private final int run;
    private final ReentrantLock lock = new ReentrantLock();
    private final CommitCodec.FrameBuffer buffer = new CommitCodec.FrameBuffer();
    private final Frame.Sums sums = new Frame.Sums();
    private final Tail tail = new Tail();
    private final byte[] chain;
    private byte[] persistedChain;
    private long persistedMicros;
    private long segment = -1;
    private int sinceLook = LOOK_EVERY;
    private boolean logBroken;
    private boolean rolled;
    private volatile boolean degraded;
    private volatile long head;
    private volatile long persisted;
    private volatile long timeMicros;

    Appender(
            Volume volume,
            JournalOptions options,
            Recovery.Opened opened,
            Chapters chapters,
            CommitCodec codec,
            Recent recent) {
        this.volume = volume;
        this.options = options;
        this.chapters = chapters;
        this.codec = codec;
        this.recent = recent;
        this.run = opened.run();
        this.chain = opened.chain().clone();
        this.persistedChain = opened.chain().clone();
        this.head = opened.head();
        this.persisted = opened.head();
        this.timeMicros = opened.timeMicros();
        this.persistedMicros = timeMicros;
    }

    Commit append(Instant time, long monotonicNanos, Fact fact, List<Decision> decisions) {
        lock.lock();
        try {
            long micros = Times.micros(time);
            if (time.getNano() % 1000 != 0 || micros < timeMicros) {
                throw new IllegalArgumentException(
                        "commit time " + time + " is finer than a microsecond or before " + Times.ofMicros(timeMicros));
            }
            int payload = codec.encode(fact, decisions, buffer);
            Epoch epoch = chapters.newest();
            long seq = head + 1;
            byte[] before = persistedChain;
            sums.seal(
                    buffer.bytes(),
                    payload,
                    new Frame.Header(seq, micros, monotonicNanos, epoch.number(), run, (byte) 0),
                    chain);
            Commit commit = new Commit(seq, time, monotonicNanos, epoch.number(), run, fact, decisions);
            if (!degraded && !hasRoom()) {
                degraded = true;
            }
            if (degraded || !write(epoch, buffer.bytes(), buffer.length(), before)) {
                tail.add(commit, Arrays.copyOf(buffer.bytes(), buffer.length()));
            }
            recent.add(commit, buffer.length());
            timeMicros = micros;
            head = seq;
            return commit;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasRoom() {
        sinceLook += buffer.length();
        if (sinceLook < LOOK_EVERY) {
            return true;
        }
        sinceLook = 0;
        return volume.freeBytes() >= options.freeSpaceFloor();
    }

    /** Writes a sealed frame; false when it could not be, after which the epoch takes nothing more. */
    private boolean write(Epoch epoch, byte[] frame, int length, byte[] chainBefore) {
        long micros = Frame.timeMicros(frame);
        long address;
        try {
            address = epoch.log().append(frame, length, micros / 1000);
        } catch (JournalException e) {
            // whatever it was, nobody can say whether the entry is half there: this epoch ends before it
            LOG.log(Level.WARNING, "commit " + Frame.seq(frame) + " waits in memory: " + e.getMessage());
            logBroken = true;
            degraded = true;
            return false;
        }
        long in = epoch.log().segmentOf(address);
        epoch.marks().add(new Marks.Mark(Frame.seq(frame), address, micros, chainBefore), length, in != segment);
        rolled |= in != segment && segment >= 0;
        segment = in;
        persistedChain = Frame.chain(frame);
        persistedMicros = micros;
        persisted = Frame.seq(frame);
        return true;
    }

    /** Tries to write what waits in memory. Returns how the disk is doing now. */
    JournalHealth heal() {
        lock.lock();
        try {
            long free = volume.freeBytes();
            if (free < options.freeSpaceFloor() + 2L * LOOK_EVERY) {
                return new JournalHealth(true, free, options.freeSpaceFloor(), 0);
            }
            long lost = tail.lost();
            if (lost > 0 || logBroken) {
                beginEpoch(lost);
            }
            sinceLook = LOOK_EVERY;
            degraded = !drain();
            return new JournalHealth(degraded, free, options.freeSpaceFloor(), lost);
        } finally {
            lock.unlock();
        }
    }

    private void beginEpoch(long lost) {
        Epoch old = chapters.newest();
        old.log().force();
        old.seal(
                persisted,
                persistedChain,
                Times.ofMicros(persistedMicros),
                "the disk was full; " + lost + " commits lost");
        long first = persisted + lost + 1;
        chapters.add(Recovery.create(
                volume, options, old.number() + 1, first, persistedChain, Times.ofMicros(persistedMicros), lost));
        persisted = first - 1;
        segment = -1;
        logBroken = false;
        tail.forgetLost();
    }

    /** Writes the tail; its frames are summed again, because epoch and chain may have changed. */
    private boolean drain() {
        System.arraycopy(persistedChain, 0, chain, 0, Frame.CHAIN_LENGTH);
        Epoch epoch = chapters.newest();
        boolean room = true;
        while (room && !tail.isEmpty()) {
            byte[] frame = tail.first().frame();
            Frame.Header h = Frame.header(frame);
            byte[] before = persistedChain;
            sums.seal(
                    frame,
                    frame.length - Frame.HEADER,
                    new Frame.Header(
                            h.seq(), h.timeMicros(), h.monotonicNanos(), epoch.number(), h.run(), Frame.REWRITTEN),
                    chain);
            room = write(epoch, frame, frame.length, before);
            if (room) {
                tail.removeFirst();
            }
        }
        return room;
    }

    /** The end of the log as it is on record, for an orderly stop. */
    void markClean() {
        lock.lock();
        try {
            chapters.newest().saveMarks(chapters.newest().marks().toBytes());
            chapters.newest().markClean(persisted, persistedChain);
        } finally {
            lock.unlock();
        }
    }

    /** Whether a file has been left behind since the last call. For the thread that appends. */
    boolean takeRolled() {
        boolean was = rolled;
        rolled = false;
        return was;
    }

    boolean degraded() {
        return degraded;
    }

    long head() {
        return head;
    }

    /** Seq of the newest commit that stands in a log; less than the head while degraded. */
    long persisted() {
        return persisted;
    }

    long timeMicros() {
        return timeMicros;
    }

    int run() {
        return run;
    }

    Tail tail() {
        return tail;
    }

    /** Held while files are deleted or an epoch is closed. */
    ReentrantLock lock() {
        return lock;
    }
}
