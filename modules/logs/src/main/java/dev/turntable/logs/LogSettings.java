package dev.turntable.logs;

import java.time.ZoneId;
import java.util.Optional;

/**
 * How the log looks: lines below {@code level} are dropped, {@code layout} stamps each line in {@code zone}, {@code stdout} says what
 * standard output and the combined stream get. Upstream output knows neither level nor stamp.
 */
public record LogSettings(Level level, Optional<TimeLayout> layout, ZoneId zone, StdoutMode stdout) {

    /** Settings by the words of a configuration: {@code logLevel}, {@code logTimeFormat}, {@code logToStdout}. */
    public static LogSettings of(String logLevel, String logTimeFormat, String logToStdout, ZoneId zone) {
        return new LogSettings(
                Level.named(logLevel), TimeLayout.named(logTimeFormat), zone, StdoutMode.named(logToStdout));
    }

    /** {@code [LEVEL] text} and a line feed, with the time stamp in front if one is wanted. */
    String render(LogLine line) {
        String stamp = layout.map(l -> l.format(line.time(), zone) + " ").orElse("");
        return stamp + "[" + line.level() + "] " + line.text() + "\n";
    }
}
