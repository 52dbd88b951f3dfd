package dev.turntable.fsm;

/** Where the server is in its own life. */
public enum Phase {
    /** Nothing is known of the world yet: no server run has begun. */
    NEW,
    /** Requests are taken. */
    SERVING,
    /** No new connections; what has arrived is still served (llama-swap §1.3, step 4). */
    DRAINING,
    /** Every process is being stopped, nobody is served any more (step 5). */
    STOPPING,
    /** The server run is over. */
    STOPPED
}
