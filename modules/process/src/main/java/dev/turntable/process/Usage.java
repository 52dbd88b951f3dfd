package dev.turntable.process;

import java.time.Duration;

/**
 * What a run takes of the machine at this moment, all processes of its session together.
 *
 * @param residentBytes memory occupied; pages shared between its processes count once for each
 * @param cpu user and system time of those that live
 * @param processes how many there are
 */
public record Usage(long residentBytes, Duration cpu, int processes) {}
