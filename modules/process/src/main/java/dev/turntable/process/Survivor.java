package dev.turntable.process;

import dev.turntable.event.RunId;

/**
 * A run that the journal believes alive at the start of the server, as its {@link dev.turntable.event.Fact.ProcessSpawned} described it.
 *
 * <p>Process numbers mean nothing after the machine's next boot: app names only runs of this boot, and declares the others lost.
 */
public record Survivor(RunId run, long pid, long startTicks, String commandHash) {}
