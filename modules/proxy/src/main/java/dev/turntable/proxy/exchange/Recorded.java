package dev.turntable.proxy.exchange;

/** Text of a client, cut where the record keeps it or an answer repeats it: one commit has a limit, and nobody reads more. */
public enum Recorded {
    /** A method, a protocol, an address, a media type. */
    TERM(256),
    /** A model's name. */
    NAME(512),
    /** A path, a {@code User-Agent}, an error. */
    LINE(2048);

    private final int most;

    Recorded(int most) {
        this.most = most;
    }

    /** The text, or its beginning and how long it was. */
    public String cut(String text) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end) + "… (" + text.length() + " characters)";
    }
}
