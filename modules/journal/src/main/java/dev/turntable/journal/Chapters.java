package dev.turntable.journal;

import dev.turntable.event.Commit;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/** All epochs in order, read as one sequence of commits; a labelled gap between two epochs is stepped over. */
final class Chapters {
    private final CopyOnWriteArrayList<Epoch> epochs;
    private final CommitCodec codec;
    private final LongSupplier persisted;

    /** {@code persisted} is the seq of the newest commit that stands in a log. */
    Chapters(List<Epoch> epochs, CommitCodec codec, LongSupplier persisted) {
        this.epochs = new CopyOnWriteArrayList<>(epochs);
        this.codec = codec;
        this.persisted = persisted;
    }

    void add(Epoch epoch) {
        epochs.add(epoch);
    }

    void remove(Epoch epoch) {
        epochs.remove(epoch);
    }

    List<Epoch> all() {
        return epochs;
    }

    Epoch newest() {
        return epochs.getLast();
    }

    long earliest() {
        return epochs.getFirst().first();
    }

    /** Seq of the last commit in the epoch. */
    long lastOf(Epoch epoch) {
        return epoch.sealed().map(Epoch.Sealed::last).orElseGet(persisted::getAsLong);
    }

    /** Number of the epoch that holds the commit; 0 when it is older than all of them. */
    int epochOf(long seq) {
        int found = 0;
        for (Epoch epoch : epochs) {
            if (epoch.first() <= seq) {
                found = epoch.number();
            }
        }
        return found;
    }

    /** Seq of the first commit at or after the time; one more than the head if there is none. */
    long seqAt(Instant time, Source source) {
        long micros = Times.micros(time);
        Epoch found = epochs.getFirst();
        for (Epoch epoch : epochs) {
            if (Times.micros(epoch.begin().after()) < micros) {
                found = epoch;
            }
        }
        int mark = found.marks().floorByTime(micros);
        long from = mark < 0
                ? found.first()
                : Math.max(found.first(), found.marks().get(mark).seq());
        long head = source.head();
        try (Pass pass = source.pass(from)) {
            while (pass.advance(head)) {
                if (!pass.current().time().isBefore(time)) {
                    return pass.current().seq();
                }
            }
        }
        return head + 1;
    }

    DiskPass from(long seq) {
        return new DiskPass(Math.max(seq, earliest()));
    }

    /** Reads frames from one epoch's log after the other and checks each. Belongs to one thread. */
    final class DiskPass implements AutoCloseable {
        private final Frame.Sums sums = new Frame.Sums();
        private Epoch epoch;
        private FrameLog.Cursor cursor;
        private long next;

        private DiskPass(long from) {
            next = from;
        }

        /** The next commit not behind {@code limit} and on disk; null if there is none. */
        Commit next(long limit) {
            while (true) {
                if (epoch == null && !enter()) {
                    return null;
                }
                if (next > lastOf(epoch)) {
                    if (epoch == newest()) {
                        return null;
                    }
                    leave();
                    continue;
                }
                if (next > limit) {
                    return null;
                }
                return read();
            }
        }

        /** Opens the epoch that holds {@link #next}, or the first behind it. */
        private boolean enter() {
            for (Epoch candidate : epochs) {
                if (lastOf(candidate) >= next) {
                    epoch = candidate;
                    next = Math.max(next, candidate.first());
                    cursor = cursorNear(candidate, next);
                    return true;
                }
            }
            return false;
        }

        private FrameLog.Cursor cursorNear(Epoch epoch, long seq) {
            FrameLog.Cursor found = epoch.log().cursor();
            int mark = epoch.marks().floorBySeq(seq);
            if (mark < 0) {
                return found;
            }
            try {
                found.moveTo(epoch.marks().get(mark).address());
                return found;
            } catch (JournalException e) {
                found.close(); // the queue's index is broken: the slow way, from the start, may still lead there
                return epoch.log().cursor();
            }
        }

        private void leave() {
            cursor.close();
            cursor = null;
            epoch = null;
        }

        private Commit read() {
            while (cursor.next()) {
                if (!sums.isWhole(cursor.buffer(), cursor.length())) {
                    throw damaged("commit " + next + " is torn");
                }
                long seq = Frame.seq(cursor.buffer());
                if (seq > next) {
                    throw damaged("commit " + next + " is missing, " + seq + " stands in its place");
                }
                if (seq == next) {
                    next++;
                    return codec.decode(cursor.buffer());
                }
            }
            throw damaged("commit " + next + " is missing at the end of the epoch");
        }

        private JournalException damaged(String what) {
            return new JournalException(JournalException.Code.DAMAGED, "epoch " + epoch.number() + ": " + what);
        }

        @Override
        public void close() {
            if (cursor != null) {
                leave();
            }
        }
    }
}
