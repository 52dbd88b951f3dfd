package dev.turntable.config;

import dev.turntable.config.compat.GoText;

/** What the loggers let through. */
public enum LogLevel {
    DEBUG,
    INFO,
    WARN,
    ERROR;

    /** Any text is accepted; an unknown one means {@link #INFO} (llama-swap §2.5). */
    public static LogLevel of(String text) {
        return switch (GoText.trim(text).toLowerCase(java.util.Locale.ROOT)) {
            case "debug" -> DEBUG;
            case "warn" -> WARN;
            case "error" -> ERROR;
            default -> INFO;
        };
    }
}
