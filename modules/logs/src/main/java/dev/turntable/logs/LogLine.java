package dev.turntable.logs;

import java.time.Instant;

/** One line of the proxy log before anything about its looks is decided; {@code text} holds no line feed. */
public record LogLine(Instant time, Level level, String text) {
    public LogLine {
        text = text.replace('\n', ' ').replace('\r', ' ');
    }
}
