package dev.turntable.journal;

import dev.turntable.event.Commit;
import java.util.ArrayDeque;
import java.util.NoSuchElementException;

/** Newest first: reads forward from mark to mark, and hands each stretch over from its end. Belongs to one thread. */
final class BackwardReader implements Journal.Reader {
    private final Source journal;
    private final Chapters chapters;
    private final ArrayDeque<Commit> stretch = new ArrayDeque<>();
    private long end;

    BackwardReader(Source journal, Chapters chapters, long fromSeq) {
        this.journal = journal;
        this.chapters = chapters;
        this.end = fromSeq;
    }

    @Override
    public boolean hasNext() {
        while (stretch.isEmpty() && end >= chapters.earliest()) {
            fill();
        }
        return !stretch.isEmpty();
    }

    private void fill() {
        long start = startOfStretch();
        try (Pass pass = journal.pass(start)) {
            while (pass.advance(end)) {
                stretch.push(pass.current());
            }
        }
        end = start - 1;
    }

    private long startOfStretch() {
        int number = chapters.epochOf(end);
        for (Epoch epoch : chapters.all()) {
            if (epoch.number() == number) {
                int mark = epoch.marks().floorBySeq(end);
                return mark < 0
                        ? epoch.first()
                        : Math.min(
                                end,
                                Math.max(epoch.first(), epoch.marks().get(mark).seq()));
            }
        }
        return chapters.earliest();
    }

    @Override
    public Commit next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return stretch.pop();
    }

    @Override
    public void close() {
        stretch.clear();
    }
}
