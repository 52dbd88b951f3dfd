package dev.turntable.logs;

import java.time.ZoneId;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Gives what is no event (a library's warning, an error of our own) the looks of every other log line; {@code image/logging.properties} names
 * it. Safe from any thread.
 */
public final class LogFormatter extends Formatter {
    private volatile LogSettings settings = LogSettings.of("info", "", "proxy", ZoneId.systemDefault());

    /** Made by the platform's logging. */
    public LogFormatter() {}

    /** Level words and time stamps as the configuration wants them, wherever this formatter is in use. */
    static void applyEverywhere(LogSettings now) {
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            if (handler.getFormatter() instanceof LogFormatter ours) {
                ours.settings = now;
            }
        }
    }

    @Override
    public String format(LogRecord record) {
        String name = record.getLoggerName();
        boolean foreign = name != null && !name.isEmpty() && !name.startsWith("dev.turntable.");
        StringBuilder out = new StringBuilder();
        line(out, record, (foreign ? name + ": " : "") + formatMessage(record));
        for (Throwable thrown = record.getThrown(); thrown != null; thrown = thrown.getCause()) {
            line(out, record, thrown.toString());
            for (StackTraceElement element : thrown.getStackTrace()) {
                line(out, record, "  at " + element);
            }
        }
        return out.toString();
    }

    private void line(StringBuilder out, LogRecord record, String text) {
        out.append(settings.render(new LogLine(record.getInstant(), level(record.getLevel()), text)));
    }

    private static Level level(java.util.logging.Level level) {
        int weight = level.intValue();
        if (weight >= java.util.logging.Level.SEVERE.intValue()) {
            return Level.ERROR;
        }
        if (weight >= java.util.logging.Level.WARNING.intValue()) {
            return Level.WARN;
        }
        return weight >= java.util.logging.Level.INFO.intValue() ? Level.INFO : Level.DEBUG;
    }
}
