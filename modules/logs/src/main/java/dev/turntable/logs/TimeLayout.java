package dev.turntable.logs;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;

/** The time stamps that {@code logTimeFormat} can ask for, by the names of Go's layouts (llama-swap §7.2). */
public enum TimeLayout {
    ANSIC("EEE MMM ppd HH:mm:ss yyyy"),
    UNIXDATE("EEE MMM ppd HH:mm:ss zzz yyyy"),
    RUBYDATE("EEE MMM dd HH:mm:ss xx yyyy"),
    RFC822("dd MMM yy HH:mm zzz"),
    RFC822Z("dd MMM yy HH:mm xx"),
    RFC850("EEEE, dd-MMM-yy HH:mm:ss zzz"),
    RFC1123("EEE, dd MMM yyyy HH:mm:ss zzz"),
    RFC1123Z("EEE, dd MMM yyyy HH:mm:ss xx"),
    RFC3339("yyyy-MM-dd'T'HH:mm:ssXXX"),
    RFC3339NANO(new DateTimeFormatterBuilder()
            .appendPattern("yyyy-MM-dd'T'HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .appendPattern("XXX")
            .toFormatter(Locale.US)),
    KITCHEN("h:mma"),
    STAMP("MMM ppd HH:mm:ss"),
    STAMPMILLI("MMM ppd HH:mm:ss.SSS"),
    STAMPMICRO("MMM ppd HH:mm:ss.SSSSSS"),
    STAMPNANO("MMM ppd HH:mm:ss.SSSSSSSSS");

    private final DateTimeFormatter formatter;

    TimeLayout(String pattern) {
        this(DateTimeFormatter.ofPattern(pattern, Locale.US));
    }

    TimeLayout(DateTimeFormatter formatter) {
        this.formatter = formatter;
    }

    /** The layout with this name in any case; empty, hence no time stamp, for an unknown or blank one. */
    public static Optional<TimeLayout> named(String name) {
        for (TimeLayout layout : values()) {
            if (layout.name().equalsIgnoreCase(name)) {
                return Optional.of(layout);
            }
        }
        return Optional.empty();
    }

    /** The moment as this layout writes it in that zone. */
    public String format(Instant time, ZoneId zone) {
        return formatter.format(time.atZone(zone));
    }
}
