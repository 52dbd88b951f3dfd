package dev.turntable.logs;

import java.util.Locale;

/** What goes to standard output and into the combined stream: {@code logToStdout} (llama-swap §7.1). */
public enum StdoutMode {
    PROXY,
    UPSTREAM,
    BOTH,
    NONE;

    /** The mode a valid configuration names. Throws IllegalArgumentException for any other word. */
    public static StdoutMode named(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    boolean proxy() {
        return this == PROXY || this == BOTH;
    }

    boolean upstream() {
        return this == UPSTREAM || this == BOTH;
    }
}
