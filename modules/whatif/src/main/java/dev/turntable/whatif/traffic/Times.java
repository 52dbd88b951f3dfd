package dev.turntable.whatif.traffic;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as people write and read them. */
public final class Times {
    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h|d|w)");
    private static final Map<String, Double> SECONDS =
            Map.of("ms", 0.001, "s", 1.0, "m", 60.0, "h", 3_600.0, "d", 86_400.0, "w", 604_800.0);

    private Times() {}

    /** {@code 250ms}, {@code 20s}, {@code 1h30m}, {@code 7d}; empty for anything else. */
    public static Optional<Duration> duration(String text) {
        Matcher part = PART.matcher(text);
        double seconds = 0;
        int end = 0;
        while (part.find() && part.start() == end) {
            seconds += Double.parseDouble(part.group(1)) * SECONDS.get(part.group(2));
            end = part.end();
        }
        return end == 0 || end < text.length() || seconds > 1e9
                ? Optional.empty()
                : Optional.of(Duration.ofNanos((long) (seconds * 1e9)));
    }

    /** A moment in RFC 3339, a date, or how long before {@code now}; empty for anything else. */
    public static Optional<Instant> moment(String text, Instant now) {
        Optional<Duration> ago = duration(text);
        if (ago.isPresent()) {
            return ago.map(now::minus);
        }
        try {
            return Optional.of(
                    text.contains("T")
                            ? OffsetDateTime.parse(text).toInstant()
                            : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** Microseconds, with as many digits as make sense. */
    public static String text(long micros) {
        if (micros < 10_000) {
            return String.format(Locale.ROOT, "%.1f ms", micros / 1e3);
        }
        if (micros < 1_000_000) {
            return String.format(Locale.ROOT, "%d ms", micros / 1_000);
        }
        if (micros < 100_000_000) {
            return String.format(Locale.ROOT, "%.1f s", micros / 1e6);
        }
        return micros < 7_200_000_000L
                ? String.format(Locale.ROOT, "%.1f min", micros / 6e7)
                : String.format(Locale.ROOT, "%.1f h", micros / 3.6e9);
    }
}
