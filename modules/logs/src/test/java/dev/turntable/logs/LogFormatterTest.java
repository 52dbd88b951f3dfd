package dev.turntable.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** Lines that are no events look like those that are. */
class LogFormatterTest {
    private static LogRecord record(String logger, Level level, String message) {
        LogRecord record = new LogRecord(level, message);
        record.setLoggerName(logger);
        record.setInstant(Instant.parse("2026-12-01T00:00:00Z"));
        return record;
    }

    @Test
    void aLibrarysWarningHasTheLooksOfALogLine() {
        assertEquals(
                "[WARN] io.helidon.webserver: odd  thing\n",
                new LogFormatter().format(record("io.helidon.webserver", Level.WARNING, "odd\r\nthing")));
        assertEquals(
                "[ERROR] the Conductor stops\n",
                new LogFormatter()
                        .format(record("dev.turntable.engine.Conductor", Level.SEVERE, "the Conductor stops")));
    }

    @Test
    void everyLineOfAStackTraceIsALogLine() {
        LogRecord failed = record("dev.turntable.x", Level.SEVERE, "it failed");
        failed.setThrown(new IllegalStateException("why", new ArithmeticException("root")));
        String text = new LogFormatter().format(failed);
        assertTrue(text.startsWith("[ERROR] it failed\n[ERROR] java.lang.IllegalStateException: why\n"), text);
        assertTrue(text.contains("[ERROR] java.lang.ArithmeticException: root\n"), text);
        assertTrue(text.lines().allMatch(line -> line.startsWith("[ERROR] ")), text);
    }

    @Test
    void theStampOfTheConfigurationIsOnEveryLine() {
        Logger root = Logger.getLogger("");
        Handler handler = root.getHandlers()[0];
        java.util.logging.Formatter before = handler.getFormatter();
        LogFormatter ours = new LogFormatter();
        try {
            handler.setFormatter(ours);
            LogFormatter.applyEverywhere(LogSettings.of("info", "rfc3339", "proxy", ZoneOffset.UTC));
        } finally {
            handler.setFormatter(before);
        }
        assertEquals(
                "2026-12-01T00:00:00Z [INFO] hello\n", ours.format(record("dev.turntable.x", Level.INFO, "hello")));
    }
}
