package dev.turntable.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every layout that a configuration can name looks as Go writes it (llama-swap §7.2). */
class TimeLayoutTest {
    private static final Instant TIME = Instant.parse("2006-01-02T21:04:05.120340Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "ansic|Mon Jan  2 14:04:05 2006",
                "unixdate|Mon Jan  2 14:04:05 MST 2006",
                "rubydate|Mon Jan 02 14:04:05 -0700 2006",
                "rfc822|02 Jan 06 14:04 MST",
                "rfc822z|02 Jan 06 14:04 -0700",
                "rfc850|Monday, 02-Jan-06 14:04:05 MST",
                "rfc1123|Mon, 02 Jan 2006 14:04:05 MST",
                "rfc1123z|Mon, 02 Jan 2006 14:04:05 -0700",
                "RFC3339|2006-01-02T14:04:05-07:00",
                "rfc3339nano|2006-01-02T14:04:05.12034-07:00",
                "Kitchen|2:04PM",
                "stamp|Jan  2 14:04:05",
                "stampmilli|Jan  2 14:04:05.120",
                "stampmicro|Jan  2 14:04:05.120340",
                "stampnano|Jan  2 14:04:05.120340000"
            })
    void layout(String name, String expected) {
        assertEquals(expected, TimeLayout.named(name).orElseThrow().format(TIME, ZoneId.of("America/Denver")));
    }

    @Test
    void greenwichIsZ() {
        assertEquals("2006-01-02T21:04:05Z", TimeLayout.RFC3339.format(TIME, ZoneId.of("UTC")));
    }

    @Test
    void anUnknownNameMeansNoStamp() {
        assertEquals(Optional.empty(), TimeLayout.named("nonsense"));
        assertEquals(Optional.empty(), TimeLayout.named(""));
    }

    @ParameterizedTest
    @CsvSource({"' WARN ',WARN", "chatty,INFO", "debug,DEBUG", "ERROR,ERROR", "'',INFO"})
    void levelsAreTrimmedAndAnythingUnknownIsInfo(String text, Level expected) {
        assertEquals(expected, Level.named(text));
    }

    @ParameterizedTest
    @CsvSource({
        "0,0s",
        "999,999ns",
        "1500,1.5µs",
        "1000000,1ms",
        "1234500,1.2345ms",
        "1500000000,1.5s",
        "60000000000,1m0s",
        "3723500000000,1h2m3.5s",
        "-2000000,-2ms"
    })
    void durationsLookAsGoWritesThem(long nanos, String expected) {
        assertEquals(expected, Durations.text(java.time.Duration.ofNanos(nanos)));
    }
}
