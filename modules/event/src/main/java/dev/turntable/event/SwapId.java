package dev.turntable.event;

/** One swap: everything between a model being needed and being ready, evictions included. Written {@code s-number}. */
public record SwapId(long number) implements Comparable<SwapId> {

    /** Reads {@code s-number}. Throws IllegalArgumentException for anything else. */
    public static SwapId parse(String text) {
        if (!text.startsWith("s-")) {
            throw new IllegalArgumentException("does not begin with s-: " + text);
        }
        return new SwapId(Long.parseLong(text.substring(2)));
    }

    @Override
    public int compareTo(SwapId other) {
        return Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return "s-" + number;
    }
}
