package dev.turntable.journal;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Moments as RFC 3339 text in UTC with six digits of a second; nine for a moment finer than a microsecond, so that nothing is lost. */
final class Times {
    private static final int MICROS_LENGTH = 27;

    private Times() {}

    static long micros(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1000);
    }

    static Instant ofMicros(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
    }

    static String format(Instant time) {
        LocalDateTime t = LocalDateTime.ofEpochSecond(time.getEpochSecond(), 0, ZoneOffset.UTC);
        if (t.getYear() < 0 || t.getYear() > 9999) {
            return time.toString();
        }
        boolean fine = time.getNano() % 1000 != 0;
        byte[] text = new byte[fine ? MICROS_LENGTH + 3 : MICROS_LENGTH];
        digits(text, 0, 4, t.getYear());
        text[4] = '-';
        digits(text, 5, 2, t.getMonthValue());
        text[7] = '-';
        digits(text, 8, 2, t.getDayOfMonth());
        text[10] = 'T';
        digits(text, 11, 2, t.getHour());
        text[13] = ':';
        digits(text, 14, 2, t.getMinute());
        text[16] = ':';
        digits(text, 17, 2, t.getSecond());
        text[19] = '.';
        digits(text, 20, fine ? 9 : 6, fine ? time.getNano() : time.getNano() / 1000);
        text[text.length - 1] = 'Z';
        return new String(text, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    /** Reads any RFC 3339 moment. Throws {@link java.time.DateTimeException}. */
    static Instant parse(String text) {
        boolean usual = text.length() == MICROS_LENGTH
                && text.charAt(4) == '-'
                && text.charAt(7) == '-'
                && text.charAt(10) == 'T'
                && text.charAt(13) == ':'
                && text.charAt(16) == ':'
                && text.charAt(19) == '.'
                && text.charAt(26) == 'Z';
        if (!usual) {
            return Instant.parse(text);
        }
        int micros = number(text, 20, 6);
        int second = number(text, 17, 2);
        int fields = number(text, 0, 4)
                | number(text, 5, 2)
                | number(text, 8, 2)
                | number(text, 11, 2)
                | number(text, 14, 2);
        if ((micros | second | fields) < 0) {
            return Instant.parse(text); // says what is wrong
        }
        return LocalDateTime.of(
                        number(text, 0, 4),
                        number(text, 5, 2),
                        number(text, 8, 2),
                        number(text, 11, 2),
                        number(text, 14, 2),
                        second,
                        micros * 1000)
                .toInstant(ZoneOffset.UTC);
    }

    private static void digits(byte[] text, int at, int count, int value) {
        int rest = value;
        for (int i = at + count - 1; i >= at; i--) {
            text[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /** The number at a place of the text; -1 if it isn't one. */
    private static int number(String text, int at, int count) {
        int value = 0;
        for (int i = at; i < at + count; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
