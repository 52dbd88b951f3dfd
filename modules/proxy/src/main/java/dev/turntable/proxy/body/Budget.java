package dev.turntable.proxy.body;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that many requests share: whoever cannot have his does without, so that no load can use more memory than there is. */
public final class Budget {
    private final long limit;
    private final AtomicLong used = new AtomicLong();

    public Budget(long limit) {
        this.limit = limit;
    }

    /** Takes bytes, if there are as many. */
    public boolean take(long bytes) {
        if (used.addAndGet(bytes) > limit) {
            used.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /** Takes bytes that are there already, even beyond the limit. */
    void owe(long bytes) {
        used.addAndGet(bytes);
    }

    public void give(long bytes) {
        used.addAndGet(-bytes);
    }

    long used() {
        return used.get();
    }
}
