package dev.turntable.event;

/** The state of a model's process as clients see it (docs/state-machine.md). */
public enum ProcessState {
    STOPPED,
    STARTING,
    READY,
    STOPPING,
    SHUTDOWN;

    /** Name in the journal and in answers: lower case. */
    public String wire() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
