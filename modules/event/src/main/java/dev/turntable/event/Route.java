package dev.turntable.event;

/** Where a request is bound: a local model, a peer, an internal preload of a local model, or nowhere because its name means nothing. */
public enum Route {
    LOCAL,
    PEER,
    PRELOAD,
    NOWHERE;

    /** Name in the journal and in answers: lower case. */
    public String wire() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
