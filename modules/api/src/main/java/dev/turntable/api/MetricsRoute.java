package dev.turntable.api;

import dev.turntable.api.machine.PerformanceMonitor;
import io.helidon.http.Status;
import java.util.Optional;

/**
 * {@code GET /metrics}: llama-swap's families of the machine (§8.8), then our own. As long as no model was asked for or moved, the answer is
 * llama-swap's to the byte, its empty one before the first sample and its 503 when sampling is off included.
 */
final class MetricsRoute {
    private static final String OFF = "# performance monitor not available\n";

    private final Performance performance;
    private final MeterBook book;

    MetricsRoute(Performance performance, MeterBook book) {
        this.performance = performance;
        this.book = book;
    }

    void show(Call call) {
        Optional<PerformanceMonitor> monitor = performance.monitor();
        Exposition machine = new Exposition();
        monitor.ifPresent(m -> MachineMetrics.write(machine, m));
        Exposition own = new Exposition();
        book.write(own);
        if (monitor.isEmpty() && own.isEmpty()) {
            Answers.text(call, Status.SERVICE_UNAVAILABLE_503, "text/plain; charset=utf-8", OFF);
        } else {
            String head = monitor.isEmpty() ? OFF : machine.toString();
            Answers.text(call, Status.OK_200, Exposition.CONTENT_TYPE, head + own);
        }
    }
}
