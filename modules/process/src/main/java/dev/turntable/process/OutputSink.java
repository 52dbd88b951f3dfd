package dev.turntable.process;

import dev.turntable.event.RunId;

/** Where the bytes that upstream processes print go; must never block the caller. {@code app} connects it to {@code logs}. */
@FunctionalInterface
public interface OutputSink {
    /** {@code bytes[0..length)} as read; the array is reused after the call. */
    void accept(RunId run, byte[] bytes, int length);
}
