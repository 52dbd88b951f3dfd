package dev.turntable.upstream;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Idle connections to upstreams, newest first. Bounded: 32 a target and 128 in all; over it the oldest of the target that holds most is
 * closed, so that no target can take every place. While any rests, a thread of its own closes those that rested longer than their target
 * allows, and those whose upstream closed them.
 */
public final class UpstreamPool implements AutoCloseable {
    static final int PER_TARGET = 32;
    static final int IN_ALL = 128;

    /** How often those that rest are looked at. */
    private static final Duration SWEEP = Duration.ofSeconds(5);

    private final LongSupplier nanos;
    private final ProxyEnvironment environment;
    private final Map<Object, Deque<UpstreamConnection>> idle = new HashMap<>();
    private int count;
    private boolean closed;
    private boolean swept;

    public UpstreamPool(LongSupplier nanos, ProxyEnvironment environment) {
        this.nanos = nanos;
        this.environment = environment;
    }

    public ProxyEnvironment environment() {
        return environment;
    }

    /** A connection that rested, or a new one. */
    public UpstreamConnection acquire(Target target) throws IOException {
        UpstreamConnection rested = take(target);
        while (rested != null) {
            if (rested.fresh(nanos.getAsLong())) {
                return rested;
            }
            rested.close();
            rested = take(target);
        }
        return UpstreamConnection.open(target, environment);
    }

    /** A new connection, whatever rests. */
    public UpstreamConnection connect(Target target) throws IOException {
        return UpstreamConnection.open(target, environment);
    }

    private synchronized UpstreamConnection take(Target target) {
        Deque<UpstreamConnection> resting = idle.get(target.key());
        return resting == null ? null : removed(target.key(), resting.pollFirst());
    }

    /** Gives a connection back whose answer was read to its end. */
    public void release(UpstreamConnection connection) {
        connection.park(nanos.getAsLong());
        List<UpstreamConnection> over = new ArrayList<>();
        synchronized (this) {
            if (closed || connection.closed()) {
                over.add(connection);
            } else {
                idle.computeIfAbsent(connection.target().key(), k -> new ArrayDeque<>())
                        .addFirst(connection);
                count++;
                shrink(connection.target().key(), over);
                if (!swept) {
                    swept = true;
                    Thread.ofVirtual().name("upstream-sweep").start(this::sweeps);
                }
            }
        }
        over.forEach(UpstreamConnection::close);
    }

    private void shrink(Object key, List<UpstreamConnection> over) {
        if (idle.get(key).size() > PER_TARGET) {
            over.add(removed(key, idle.get(key).pollLast()));
        } else if (count > IN_ALL) {
            Object most = idle.entrySet().stream()
                    .max(Comparator.comparingInt(entry -> entry.getValue().size()))
                    .orElseThrow()
                    .getKey();
            over.add(removed(most, idle.get(most).pollLast()));
        }
    }

    /** Counts one that was taken out. */
    private UpstreamConnection removed(Object key, UpstreamConnection taken) {
        if (taken != null) {
            count--;
            if (idle.get(key).isEmpty()) {
                idle.remove(key);
            }
        }
        return taken;
    }

    private void sweeps() {
        try {
            do {
                Thread.sleep(SWEEP);
                sweep();
            } while (anyRests());
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean anyRests() {
        swept = count > 0 && !closed;
        return swept;
    }

    /** Closes what rested too long, and what its upstream has closed. */
    void sweep() {
        long now = nanos.getAsLong();
        closeIf(connection -> !connection.fresh(now));
    }

    /** How many rest. */
    public synchronized int resting() {
        return count;
    }

    /** Closes what rests for targets that are no more, for example runs that ended. */
    public void retire(Predicate<Object> key) {
        closeIf(connection -> key.test(connection.target().key()));
    }

    private void closeIf(Predicate<UpstreamConnection> unwanted) {
        List<UpstreamConnection> over = new ArrayList<>();
        synchronized (this) {
            Iterator<Deque<UpstreamConnection>> all = idle.values().iterator();
            while (all.hasNext()) {
                Deque<UpstreamConnection> resting = all.next();
                resting.removeIf(connection -> unwanted.test(connection) && over.add(connection));
                if (resting.isEmpty()) {
                    all.remove();
                }
            }
            count -= over.size();
        }
        over.forEach(UpstreamConnection::close);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        retire(key -> true);
    }
}
