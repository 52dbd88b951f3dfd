package dev.turntable.event;

/** Why a process was started, stopped or changed its state. */
public enum Reason {
    REQUESTED,
    PRELOADED,
    OPERATOR,
    EVICTED,
    TTL,
    UNLOADED,
    RELOADED,
    SHUTDOWN,
    PROBE_ANSWERED,
    EXITED,
    SPAWN_FAILED,
    START_TIMED_OUT,
    CANCELLED,
    ADOPTED,
    REAPED;

    /** Name in the journal and in answers: lower case. */
    public String wire() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
