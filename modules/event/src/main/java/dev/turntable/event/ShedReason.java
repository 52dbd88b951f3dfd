package dev.turntable.event;

/** Why a request was refused without being served. */
public enum ShedReason {
    UNKNOWN_MODEL,
    CONCURRENCY_LIMIT,
    QUEUE_FULL,
    START_FAILED,
    BACKED_OFF,
    UNLOADED,
    RELOADED,
    HELD,
    NOT_IN_PROFILE,
    SHUTTING_DOWN,
    /** A preload, for which nobody is ended. */
    WOULD_EVICT;

    /** Name in the journal and in answers: lower case. */
    public String wire() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
