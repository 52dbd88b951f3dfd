package dev.turntable.fsm;

import java.util.OptionalInt;

/** The operating-system process of a run, as it was spawned; enough to know it again after a restart of ours. */
public record Child(long pid, long startTicks, long group, OptionalInt port, String commandHash) {}
