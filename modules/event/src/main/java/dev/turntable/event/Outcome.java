package dev.turntable.event;

/** How a request truly ended. {@code CLIENT_GONE} is never reported as a success. */
public enum Outcome {
    OK,
    UPSTREAM_ERROR,
    UPSTREAM_DIED,
    CLIENT_GONE,
    CANCELLED,
    LOAD_FAILED,
    SHED,
    TIMEOUT;

    /** Name in the journal and in answers: lower case. */
    public String wire() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
