package dev.turntable.logs;

import java.time.Instant;

/**
 * One line of the proxy log before anything about its looks is decided. {@code text} holds no control character: clients choose paths and
 * agents, and must not be able to forge a line or steer a terminal.
 */
public record LogLine(Instant time, Level level, String text) {
    public LogLine {
        if (text.chars().anyMatch(Character::isISOControl)) {
            StringBuilder clean = new StringBuilder(text.length());
            text.chars().forEach(c -> clean.append(Character.isISOControl(c) ? ' ' : (char) c));
            text = clean.toString();
        }
    }
}
