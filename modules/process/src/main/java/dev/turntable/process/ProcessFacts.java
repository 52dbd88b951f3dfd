package dev.turntable.process;

import dev.turntable.event.Fact;

/** Where the processes report what happened to them; {@code app} connects it to the Conductor. Safe from any thread. */
@FunctionalInterface
public interface ProcessFacts {
    void report(Fact fact);
}
