package dev.turntable.journal;

/** What is on disk when. A killed server loses nothing in any mode; the modes differ in what a power failure may take. */
public enum Durability {
    /** Forced at stop and when a file is full. */
    FAST,

    /** The default: what an effect depends on is forced before the effect runs, all else within a second. */
    STANDARD,

    /** Everything is forced before it is acknowledged. */
    STRICT
}
