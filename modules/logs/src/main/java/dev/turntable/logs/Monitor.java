package dev.turntable.logs;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One stream: its history and who listens to it. Guarded by its owner's lock. */
final class Monitor {
    private static final byte[] NOTHING = new byte[0];

    private final Ring ring = new Ring();
    private final List<LogListener> listeners = new ArrayList<>();

    /** Puts bytes from before into the history; nobody is told. */
    void recall(byte[] chunk) {
        ring.add(chunk, chunk.length);
    }

    void push(byte[] chunk) {
        ring.add(chunk, chunk.length);
        listeners.forEach(listener -> listener.offer(chunk));
    }

    byte[] history() {
        return ring.toArray();
    }

    /** A listener from this moment on; {@code onClose} is told when it leaves and must call {@link #leave}. */
    LogListener listen(boolean withHistory, Consumer<LogListener> onClose) {
        LogListener[] self = new LogListener[1];
        self[0] = new LogListener(withHistory ? history() : NOTHING, () -> onClose.accept(self[0]));
        listeners.add(self[0]);
        return self[0];
    }

    void leave(LogListener listener) {
        listeners.remove(listener);
    }

    boolean idle() {
        return listeners.isEmpty();
    }

    void end() {
        listeners.forEach(LogListener::end);
    }

    void endAllBut(LogListener kept) {
        listeners.stream().filter(listener -> listener != kept).forEach(LogListener::end);
    }
}
