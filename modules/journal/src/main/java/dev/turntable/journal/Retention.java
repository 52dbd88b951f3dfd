package dev.turntable.journal;

import java.time.Duration;
import java.util.List;

/**
 * Throws away the oldest files: whole ones only, never the newest, never past the newest snapshot (a start folds from there) nor past
 * the slowest follower.
 */
final class Retention {
    private final Volume volume;
    private final JournalOptions options;
    private final Chapters chapters;

    Retention(Volume volume, JournalOptions options, Chapters chapters) {
        this.volume = volume;
        this.options = options;
        this.chapters = chapters;
    }

    /**
     * Deletes what may go. Holds nothing; the caller holds the write lock.
     *
     * @param keepFrom seq of the oldest commit that must stay
     * @param nowMicros time of the newest commit, from which ages count
     */
    void run(long keepFrom, long nowMicros) {
        long total = chapters.all().stream()
                .mapToLong(epoch -> volume.bytes(epoch.number()))
                .sum();
        for (Epoch epoch : List.copyOf(chapters.all())) {
            for (FrameLog.Segment segment : epoch.log().segments()) {
                long end = endOf(epoch, segment);
                boolean newest = epoch == chapters.newest() && end == chapters.lastOf(epoch);
                if (newest || end >= keepFrom || !(total > options.maxBytes() || isOld(epoch, end, nowMicros))) {
                    return;
                }
                drop(epoch, segment, end);
                total -= segment.bytes();
            }
            if (epoch != chapters.newest() && epoch.first() > chapters.lastOf(epoch)) {
                chapters.remove(epoch);
                epoch.close();
                volume.deleteEpoch(epoch.number());
            }
        }
    }

    /** Seq of the last commit in the file: marks stand at the beginning of each. */
    private long endOf(Epoch epoch, FrameLog.Segment segment) {
        Marks marks = epoch.marks();
        for (int i = 0; i < marks.size(); i++) {
            Marks.Mark mark = marks.get(i);
            if (epoch.log().segmentOf(mark.address()) > segment.number()) {
                return mark.seq() - 1;
            }
        }
        return chapters.lastOf(epoch);
    }

    private boolean isOld(Epoch epoch, long end, long nowMicros) {
        Marks marks = epoch.marks();
        int after = marks.floorBySeq(end + 1);
        long micros = after < 0 ? Long.MAX_VALUE : marks.get(after).timeMicros();
        return Duration.ofNanos((nowMicros - micros) * 1000).compareTo(options.maxAge()) > 0;
    }

    private void drop(Epoch epoch, FrameLog.Segment segment, long end) {
        try (FrameLog.Cursor cursor = epoch.log().cursor()) {
            Marks marks = epoch.marks();
            int mark = marks.floorBySeq(end);
            if (mark >= 0) {
                cursor.moveTo(marks.get(mark).address());
            }
            while (cursor.next()) {
                if (Frame.seq(cursor.buffer()) == end) {
                    epoch.beginAt(
                            end + 1, Frame.chain(cursor.buffer()), Times.ofMicros(Frame.timeMicros(cursor.buffer())));
                    epoch.marks().trim(end + 1);
                    break;
                }
            }
        }
        if (epoch.first() == end + 1) {
            epoch.log().delete(segment.number());
        }
    }
}
