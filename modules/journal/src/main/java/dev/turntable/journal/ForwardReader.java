package dev.turntable.journal;

import dev.turntable.event.Commit;
import java.util.NoSuchElementException;

/** Oldest first, up to what was the head when it was opened. Belongs to one thread. */
final class ForwardReader implements Journal.Reader {
    private final Pass pass;
    private final long limit;
    private boolean ready;

    ForwardReader(Pass pass, long limit) {
        this.pass = pass;
        this.limit = limit;
    }

    @Override
    public boolean hasNext() {
        ready = ready || pass.advance(limit);
        return ready;
    }

    @Override
    public Commit next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        ready = false;
        return pass.current();
    }

    @Override
    public void close() {
        pass.close();
    }
}
