package dev.turntable.config;

/** Something that is accepted but probably not meant; same shape and promise as {@link ConfigError}. */
public record ConfigWarning(String message, String file, int line, int column, String snippet, String hint) {
    /** On one line, for a log. */
    public String oneLine() {
        String place = line == 0 ? file : file + ":" + line + ":" + column;
        return (place.isEmpty() ? "" : place + ": ") + message + (hint.isEmpty() ? "" : " (" + hint + ")");
    }
}
