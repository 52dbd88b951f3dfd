package dev.turntable.proxy;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** The time as a {@code Date} header shows it; formatted once a second. */
final class HttpDate {
    private record Shown(long second, String text) {}

    /** Threads may format the same second twice. */
    private Shown shown = new Shown(-1, "");

    String now() {
        long second = System.currentTimeMillis() / 1000;
        Shown last = shown;
        if (second != last.second()) {
            last = new Shown(second, format(second));
            shown = last;
        }
        return last.text();
    }

    private static String format(long second) {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.ofInstant(Instant.ofEpochSecond(second), ZoneOffset.UTC));
        return date.charAt(6) == ' ' ? date.substring(0, 5) + "0" + date.substring(5) : date;
    }
}
