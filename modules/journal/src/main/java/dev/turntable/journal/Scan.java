package dev.turntable.journal;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * One look at every frame of an epoch: how far it is good, and what is wrong behind that.
 *
 * @param last seq of the last good commit; one less than the first when there is none
 * @param chain chain of the last good commit
 * @param timeMicros time of the last good commit, or of the one before the epoch
 * @param damage what ended the scan before the end, if something did
 * @param marks the sparse map of what is good
 */
record Scan(long last, byte[] chain, long timeMicros, Optional<String> damage, Marks marks) {

    /** How closely to look. */
    enum Depth {
        /** CRC, seq, time. */
        SUMS,
        /** And the chain. */
        CHAIN
    }

    /** Scans the whole epoch, up to {@code limit} when given. */
    static Scan of(Epoch epoch, FrameLog log, Depth depth, Optional<Long> limit) {
        return of(epoch, log, depth, limit, new Marks());
    }

    /** Scans from the last of the marks that were built by an earlier scan. */
    static Scan of(Epoch epoch, FrameLog log, Depth depth, Optional<Long> limit, Marks marks) {
        return of(epoch, log, depth, limit, marks, _ -> {});
    }

    /** Scans, and shows every good frame; the array is used again afterwards. */
    static Scan of(Epoch epoch, FrameLog log, Depth depth, Optional<Long> limit, Marks marks, Consumer<byte[]> onGood) {
        try (FrameLog.Cursor cursor = log.cursor()) {
            Pass pass = new Pass(epoch, log, cursor, depth, marks, onGood);
            return pass.run(limit.orElse(Long.MAX_VALUE));
        }
    }

    /** The state of one scan. */
    private static final class Pass {
        private final Epoch epoch;
        private final FrameLog log;
        private final FrameLog.Cursor cursor;
        private final Depth depth;
        private final Marks marks;
        private final Consumer<byte[]> onGood;
        private final Frame.Sums sums = new Frame.Sums();
        private long last;
        private byte[] chain;
        private long time;
        private long segment = -1;

        Pass(Epoch epoch, FrameLog log, FrameLog.Cursor cursor, Depth depth, Marks marks, Consumer<byte[]> onGood) {
            this.onGood = onGood;
            this.epoch = epoch;
            this.log = log;
            this.cursor = cursor;
            this.depth = depth;
            this.marks = marks;
            this.last = epoch.first() - 1;
            this.chain = epoch.begin().chainBytes();
            this.time = Times.micros(epoch.begin().after());
            if (marks.size() > 0) {
                Marks.Mark mark = marks.get(marks.size() - 1);
                last = mark.seq() - 1;
                chain = mark.chain();
                time = mark.timeMicros();
                segment = log.segmentOf(mark.address());
            }
        }

        Scan run(long limit) {
            Optional<String> damage = Optional.empty();
            try {
                if (marks.size() > 0) {
                    cursor.moveTo(marks.get(marks.size() - 1).address());
                }
                while (last < limit && damage.isEmpty() && cursor.next()) {
                    damage = look();
                }
            } catch (JournalException e) {
                damage = Optional.of(e.getMessage());
            }
            return new Scan(last, chain, time, damage, marks);
        }

        private Optional<String> look() {
            byte[] frame = cursor.buffer();
            if (!sums.isWhole(frame, cursor.length())) {
                return Optional.of("the entry after commit " + last + " is torn");
            }
            long seq = Frame.seq(frame);
            if (seq < epoch.first()) {
                return Optional.empty(); // of a file that retention was about to delete
            }
            if (seq != last + 1) {
                return Optional.of("commit " + (last + 1) + " is missing, " + seq + " stands in its place");
            }
            if (Frame.timeMicros(frame) < time) {
                return Optional.of("commit " + seq + " is older than the one before");
            }
            if (depth == Depth.CHAIN && !sums.follows(chain, frame)) {
                return Optional.of("commit " + seq + " does not follow the one before");
            }
            long in = log.segmentOf(cursor.address());
            Marks.Mark mark = new Marks.Mark(seq, cursor.address(), Frame.timeMicros(frame), chain);
            if (marks.size() == 0 || marks.get(marks.size() - 1).seq() < seq) {
                marks.add(mark, cursor.length(), in != segment);
            }
            segment = in;
            last = seq;
            chain = Frame.chain(frame);
            time = Frame.timeMicros(frame);
            onGood.accept(frame);
            return Optional.empty();
        }
    }
}
