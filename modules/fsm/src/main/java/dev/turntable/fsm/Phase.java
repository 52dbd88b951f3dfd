package dev.turntable.fsm;

/** Where the server is in its own life. */
public enum Phase {
    /** Nothing is known of the world yet: no server run has begun. */
    NEW,
    /** Requests are taken. */
    SERVING,
    /** No new requests; what is being served may end (docs/decisions/0070). */
    DRAINING,
    /** Every process is being stopped, nobody is served any more (step 5). */
    STOPPING,
    /** The server run is over. */
    STOPPED;

    /** Nothing is started any more. */
    boolean ends() {
        return this != NEW && this != SERVING;
    }
}
