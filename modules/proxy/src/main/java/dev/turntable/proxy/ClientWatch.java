package dev.turntable.proxy;

import java.util.Optional;

/** Notices that the client of a request left, and says so. */
public abstract sealed class ClientWatch permits ReadAhead, StreamWatch {
    /** The watch of the request that the current thread serves. */
    static final ScopedValue<ClientWatch> CURRENT = ScopedValue.newInstance();

    ClientWatch() {}

    /** The watch of the request that this thread serves, for a handler that streams for a long time. */
    public static Optional<ClientWatch> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    /** Calls back once when the client leaves, from another thread; at once when it has left already. Replaces the one before. */
    public abstract void onGone(Runnable callback);

    /** True when it takes no thread to watch, so that there is no reason to wait with it. */
    abstract boolean free();

    /** Nobody wants to know any more. */
    abstract void quiet();
}
