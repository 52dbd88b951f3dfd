package dev.turntable.event;

/**
 * Token counts and rates of an answer as llama-swap §8.3 extracts them: {@code -1} means unknown although usage was reported, 0 that
 * none was reported. Rates are tokens per second.
 */
public record Tokens(
        long input,
        long output,
        long cached,
        long drafted,
        long draftAccepted,
        double promptPerSecond,
        double tokensPerSecond) {
    /** No usage was reported. */
    public static final Tokens NONE = new Tokens(0, 0, 0, 0, 0, 0, 0);
}
