package dev.turntable.sim;

import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import java.util.List;

/** Breaks a world on purpose, so that tests can show that its alarms ring. */
interface Sabotage {
    /** Nothing is broken. */
    Sabotage NONE = new Sabotage() {};

    /** Whether the effects carry this order out. */
    default boolean obeys(Decision order) {
        return true;
    }

    /** Whether this fact reaches the core. */
    default boolean reports(Fact fact) {
        return true;
    }

    /** What a broken core would have decided. */
    default List<Decision> decides(Fact fact, List<Decision> decisions) {
        return decisions;
    }

    /** Whether effects wait for the disk. */
    default boolean waitsForDisk() {
        return true;
    }
}
