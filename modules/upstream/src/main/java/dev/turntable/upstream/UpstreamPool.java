package dev.turntable.upstream;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Idle connections to upstreams, newest first. Bounded: 32 a target and 128 in all; what is over is closed. A
 * connection rests no longer than its target's idle time.
 */
public final class UpstreamPool implements AutoCloseable {
    private static final int PER_TARGET = 32;
    private static final int IN_ALL = 128;

    private final LongSupplier nanos;
    private final ProxyEnvironment environment;
    private final Map<Object, Deque<UpstreamConnection>> idle = new HashMap<>();
    private int count;
    private boolean closed;

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
        UpstreamConnection newest = resting == null ? null : resting.pollFirst();
        if (newest != null) {
            count--;
        }
        return newest;
    }

    /** Gives a connection back whose answer was read to its end. */
    public void release(UpstreamConnection connection) {
        long now = nanos.getAsLong();
        connection.park(now);
        List<UpstreamConnection> over = new ArrayList<>();
        synchronized (this) {
            Deque<UpstreamConnection> resting =
                    idle.computeIfAbsent(connection.target().key(), k -> new ArrayDeque<>());
            if (closed || connection.closed() || resting.size() >= PER_TARGET || count >= IN_ALL) {
                over.add(connection);
            } else {
                resting.addFirst(connection);
                count++;
            }
            expire(now, resting, over);
        }
        over.forEach(UpstreamConnection::close);
    }

    private void expire(long now, Deque<UpstreamConnection> resting, List<UpstreamConnection> over) {
        while (!resting.isEmpty()) {
            UpstreamConnection oldest = resting.peekLast();
            Duration limit = oldest.target().idle();
            if (limit.isZero() || now - oldest.idleSince() < limit.toNanos()) {
                return;
            }
            over.add(resting.pollLast());
            count--;
        }
    }

    /** Closes what rests for targets that are no more, for example runs that ended. */
    public void retire(Predicate<Object> key) {
        List<UpstreamConnection> over = new ArrayList<>();
        synchronized (this) {
            Iterator<Map.Entry<Object, Deque<UpstreamConnection>>> all =
                    idle.entrySet().iterator();
            while (all.hasNext()) {
                Map.Entry<Object, Deque<UpstreamConnection>> entry = all.next();
                if (key.test(entry.getKey())) {
                    over.addAll(entry.getValue());
                    count -= entry.getValue().size();
                    all.remove();
                }
            }
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
