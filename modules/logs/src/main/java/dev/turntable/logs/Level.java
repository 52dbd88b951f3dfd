package dev.turntable.logs;

import java.util.Locale;

/** How much a line matters; the order of the constants is the order of weight. */
public enum Level {
    DEBUG,
    INFO,
    WARN,
    ERROR;

    /** The level a configuration names: trimmed, any case; anything unknown is {@link #INFO} (llama-swap §2.5). */
    public static Level named(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "debug" -> DEBUG;
            case "warn" -> WARN;
            case "error" -> ERROR;
            default -> INFO;
        };
    }
}
