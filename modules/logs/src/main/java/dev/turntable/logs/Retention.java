package dev.turntable.logs;

import java.time.Duration;

/** How long upstream output is kept: whichever of the two is reached first, by whole files. */
public record Retention(Duration age, long bytes) {
    /** Seven days or 2 GiB. */
    public static final Retention DEFAULT = new Retention(Duration.ofDays(7), 2L * 1024 * 1024 * 1024);
}
