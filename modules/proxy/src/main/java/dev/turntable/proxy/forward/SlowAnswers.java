package dev.turntable.proxy.forward;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Sees to it that the client of a slow answer is watched. An answer that begins soon is not worth the thread that watching costs, and a
 * time limit on each read would cost a timer for every request; so one thread looks at all who wait, now and then.
 *
 * <p>Owns that thread; it sleeps while nobody waits. Bounded by the requests under way.
 */
final class SlowAnswers implements AutoCloseable {
    /** Who is still waiting at the second look, one to two of these after the first, is watched. */
    private static final long LOOK_NANOS = Duration.ofMillis(25).toNanos();

    /** Who waits, and whether they did so at the last look. */
    private final Map<Call, Boolean> waiting = new ConcurrentHashMap<>();

    private final AtomicBoolean awake = new AtomicBoolean();
    private final Thread thread;
    private volatile boolean closed;

    SlowAnswers() {
        thread = Thread.ofPlatform()
                .name("client-lookout")
                .daemon()
                .stackSize(128 * 1024)
                .start(this::run);
    }

    void waits(Call call) {
        waiting.put(call, false);
        if (!awake.get() && awake.compareAndSet(false, true)) {
            LockSupport.unpark(thread);
        }
    }

    void answered(Call call) {
        waiting.remove(call);
    }

    private void run() {
        while (!closed) {
            if (waiting.isEmpty()) {
                awake.set(false);
                if (waiting.isEmpty()) {
                    LockSupport.park(this);
                }
                awake.set(true);
            }
            LockSupport.parkNanos(this, LOOK_NANOS);
            for (Map.Entry<Call, Boolean> one : waiting.entrySet()) {
                if (!one.getValue()) {
                    waiting.replace(one.getKey(), false, true);
                } else if (waiting.remove(one.getKey(), true)) {
                    Thread.startVirtualThread(one.getKey()::watch);
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
