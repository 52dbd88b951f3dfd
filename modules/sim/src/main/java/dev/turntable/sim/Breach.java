package dev.turntable.sim;

import java.time.Duration;

/**
 * A law that was broken.
 *
 * @param law its short name, the same however small the world is made
 * @param seq commit at or after which it was noticed
 * @param at world time
 */
record Breach(Law law, String what, long seq, Duration at) {

    /** What must hold in every world. */
    enum Law {
        /** The invariants of the core, after every commit. */
        CORE,
        /** A fact about a process that the table of states has no place for. */
        TABLE,
        /** Seqs are dense, times never decrease, checksums and chain are whole. */
        CHAIN,
        /** Each commit decided again gives the same decisions, and read back the same state, from any snapshot. */
        AGAIN,
        /** Every request that arrived ends in exactly one outcome. */
        OUTCOME,
        /** Every swap that began ends once. */
        SWAP,
        /** Nobody waits longer than the stated bound. */
        WAIT,
        /** An answer on the record reaches the one who waits for it. */
        WAKE,
        /** One living process a model, in the world. */
        ONE_PROCESS,
        /** No process is started beside one it excludes that is not gone, in the world. */
        EXCLUSION,
        /** Nobody is cut off for an eviction, a TTL or a reload. */
        PATIENCE,
        /** Idle for its time to live, no less and no more. */
        TTL,
        /** A lease is on a process that can serve. */
        READY,
        /** No order is carried out before it is on disk. */
        DURABLE,
        /** Every living process is known to the core. */
        KNOWN,
        /** Nothing stays in a state beyond its deadlines. */
        PROGRESS,
        /** Nothing throws. */
        SOUND
    }

    /** Ends the world in which it happened. */
    static final class Broken extends Error {
        private static final long serialVersionUID = 1L;
        private final transient Breach breach;

        Broken(Breach breach) {
            super(breach.what());
            this.breach = breach;
        }

        Breach breach() {
            return breach;
        }
    }
}
