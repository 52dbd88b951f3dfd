package dev.turntable.event;

/** Where a request was when its client left or it was cancelled. */
public enum Stage {
    QUEUED,
    LOADING,
    PREFILL,
    STREAMING;

    /** Name in the journal and in answers: lower case. */
    public String wire() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
