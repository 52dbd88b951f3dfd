package dev.turntable.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;

/** A text that must never be printed: an API key. Its {@code toString} is a mask, so that records that hold it can be logged. */
public record Secret(String reveal) {
    /** What stands for a secret wherever it would be shown. */
    public static final String MASK = "********";

    public Secret {
        Objects.requireNonNull(reveal);
    }

    /** Compares in a time that does not depend on where the texts differ. */
    public boolean matches(String candidate) {
        return MessageDigest.isEqual(
                reveal.getBytes(StandardCharsets.UTF_8), candidate.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return MASK;
    }
}
