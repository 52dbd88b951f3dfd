package dev.turntable.api;

import dev.turntable.event.ProcessState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Numbers that are read when somebody asks: states, queue, journal, memory. Names: {@code docs/metrics.md}. */
final class Gauges {
    private Gauges() {}

    static void register(
            MeterBook book, ControlPlane.Parts parts, RunWatch runs, Metrics metrics, LiveStreams streams) {
        for (ProcessState state :
                new ProcessState[] {ProcessState.STARTING, ProcessState.READY, ProcessState.STOPPING}) {
            book.gauge(
                    "turntable_models",
                    "Models whose process is in the state.",
                    () -> runs.count(state),
                    "state",
                    state.wire());
        }
        book.gauge("turntable_requests_under_way", "Requests that arrived and have not ended.", metrics::underWay);
        book.gauge("turntable_requests_waiting", "Requests that wait for their model.", metrics::waiting);
        book.gauge("turntable_streams_open", "Open event, log and history streams.", streams::size);
        book.gauge("turntable_journal_head", "Seq of the newest commit.", () -> parts.journal()
                .head());
        book.gauge("turntable_journal_earliest", "Seq of the oldest commit kept.", () -> parts.journal()
                .earliest());
        book.gauge("turntable_journal_bytes", "Size of the journal on disk.", () -> parts.journal()
                .status()
                .bytes());
        book.gauge(
                "turntable_journal_lag",
                "Commits the slowest follower has yet to see.",
                () -> parts.journal().status().followers().stream()
                        .mapToLong(f -> f.lag())
                        .max()
                        .orElse(0));
        book.gauge("turntable_resident_bytes", "Resident memory of the server itself.", Gauges::resident);
    }

    /** VmRSS of this process in bytes; 0 where there is no such file. */
    private static long resident() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(l -> l.startsWith("VmRSS:"))
                    .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException elsewhere) {
            return 0;
        }
    }
}
