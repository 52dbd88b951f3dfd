package dev.turntable.whatif.figures;

/**
 * Something that a result rests on, and that nobody can know for sure.
 *
 * @param name what {@code -assume NAME=VALUE} overrides; empty where there is nothing to choose
 * @param value what was taken
 * @param text why, in a sentence
 */
public record Assumption(String name, String value, String text) {
    /** A remark that cannot be overridden. */
    public static Assumption remark(String text) {
        return new Assumption("", "", text);
    }
}
