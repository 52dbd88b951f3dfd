package dev.turntable.sim.machine;

import java.time.Duration;
import java.util.PriorityQueue;

/** What will happen in a world, in order of time; what was entered first goes first. Time passes by {@link #step} alone. */
public final class Agenda {
    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long now;
    private long order;

    public Agenda() {}

    private record Entry(long at, long order, Runnable what) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            return at == other.at ? Long.compare(order, other.order) : Long.compare(at, other.at);
        }
    }

    /** Nanoseconds since the world began. */
    public long now() {
        return now;
    }

    /** When what is next will happen; never, when nothing is. */
    public long next() {
        Entry next = entries.peek();
        return next == null ? Long.MAX_VALUE : next.at();
    }

    public void at(long nanos, Runnable what) {
        entries.add(new Entry(Math.max(nanos, now), ++order, what));
    }

    public void after(Duration time, Runnable what) {
        at(now + time.toNanos(), what);
    }

    /** Does what is next; false when nothing is. */
    public boolean step() {
        Entry next = entries.poll();
        if (next == null) {
            return false;
        }
        now = next.at();
        next.what().run();
        return true;
    }
}
