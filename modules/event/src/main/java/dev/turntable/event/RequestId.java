package dev.turntable.event;

/** One client's request, from its arrival to its outcome; its lease, if it gets one, goes by the same id. Written {@code r-number}. */
public record RequestId(long number) implements Comparable<RequestId> {

    /** Reads {@code r-number}. Throws IllegalArgumentException for anything else. */
    public static RequestId parse(String text) {
        if (!text.startsWith("r-")) {
            throw new IllegalArgumentException("does not begin with r-: " + text);
        }
        return new RequestId(Long.parseLong(text.substring(2)));
    }

    @Override
    public int compareTo(RequestId other) {
        return Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return "r-" + number;
    }
}
