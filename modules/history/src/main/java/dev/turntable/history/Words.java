package dev.turntable.history;

import java.time.Duration;
import java.util.Locale;

/** Words for people. */
final class Words {
    private Words() {}

    /** A duration in the unit a person would choose. */
    static String of(Duration duration) {
        double seconds = duration.toNanos() / 1e9;
        if (seconds < 1) {
            return String.format(Locale.ROOT, "%.0f ms", seconds * 1_000);
        }
        return seconds < 120
                ? String.format(Locale.ROOT, "%.2f s", seconds)
                : String.format(Locale.ROOT, "%.1f min", seconds / 60);
    }
}
