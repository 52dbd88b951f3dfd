package dev.turntable.config;

/**
 * One thing that is wrong with a configuration. No part of it ever holds a secret or a value of the environment.
 *
 * @param message llama-swap's own text, which people search for
 * @param file path as given on the command line; empty when no file is to blame
 * @param line from 1; 0 when no place is known
 * @param column from 1
 * @param snippet the line with a caret below it, secrets masked; empty when no place is known
 * @param hint what to do; may be empty
 */
public record ConfigError(String message, String file, int line, int column, String snippet, String hint) {
    /** {@code file:line:column}, or as much of it as is known. */
    public String place() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }

    /** Message, place, line with caret, hint: as printed for a person, without a final newline. */
    public String render() {
        StringBuilder out = new StringBuilder(message);
        if (line > 0 || !message.contains(file)) {
            out.append("\n  at ").append(place());
        }
        if (!snippet.isEmpty()) {
            snippet.lines().forEach(l -> out.append("\n    ").append(l));
        }
        if (!hint.isEmpty()) {
            out.append("\n  ").append(hint);
        }
        return out.toString();
    }
}
