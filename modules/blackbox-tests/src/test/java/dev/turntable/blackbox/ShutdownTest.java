package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.testkit.TurntableProcess;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A SIGTERM: what is under way comes to its end, what would never end is ended, and then the models go. */
class ShutdownTest {
    /** The longest a stop may wait for requests; far above what a stop takes that waits for nothing. */
    private static final Duration DRAIN = Duration.ofSeconds(30);

    @Test
    @SpecCase("6")
    void aStreamUnderWayEndsByItselfAndThenTheModelIsStopped() {
        try (var turntable = TurntableProcess.with(model("fox")).start()) {
            try (Stream<String> stream = turntable.http().chatStream("fox", "\"demo\":{\"tokens\":30,\"gap_ms\":30}")) {
                var lines = stream.iterator();
                lines.next();
                turntable.signal("TERM");
                String last = "";
                while (lines.hasNext()) {
                    String line = lines.next();
                    last = line.isEmpty() ? last : line;
                }
                assertEquals("data: [DONE]", last);
            }
            assertEquals(0, turntable.stop());
            turntable.assertNothingLeft();
            turntable.start();
            List<String> steps =
                    List.of("server.stopping", "request.finished", "stop.ordered", "server.drained", "server.stopped");
            assertEquals(
                    steps,
                    turntable.history("order=asc&limit=1000").stream()
                            .map(event -> event.get("type").asText())
                            .filter(steps::contains)
                            .toList());
        }
    }

    @Test
    @SpecCase("7")
    void anOpenEventStreamEndsAtOnceAndDelaysNothing() {
        try (var turntable = TurntableProcess.with(model("fox")).start();
                Stream<String> events = turntable.http().lines("/api/events")) {
            var lines = events.iterator();
            assertEquals("event:message", lines.next());
            long began = System.nanoTime();
            turntable.signal("TERM");
            while (lines.hasNext()) {
                lines.next();
            }
            assertEquals(0, turntable.stop());
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            assertTrue(took.compareTo(DRAIN.dividedBy(2)) < 0, "it took " + took);
        }
    }
}
