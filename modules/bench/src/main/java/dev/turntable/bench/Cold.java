package dev.turntable.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** What the first 200 requests find, one after the other: straight after a start, and after a minute in which nobody asked. */
final class Cold {
    private static final int REQUESTS = 200;

    private final Report report;
    private final Workshop workshop;
    private final Options options;

    Cold(Report report, Workshop workshop, Options options) {
        this.report = report;
        this.workshop = workshop;
        this.options = options;
    }

    void run() throws IOException, InterruptedException {
        try (Program upstream = workshop.upstream()) {
            first(upstream, "direct", "warm");
            for (int round = 0; round < Math.min(options.rounds(), 3); round++) {
                Map<String, Program> fresh = new LinkedHashMap<>();
                try {
                    fresh.put(Report.OURS, workshop.turntable(upstream.port()));
                    for (var other : options.others().entrySet()) {
                        fresh.put(other.getKey(), workshop.other(other.getValue(), upstream.port()));
                    }
                    for (var target : fresh.entrySet()) {
                        first(target.getValue(), target.getKey(), "cold");
                    }
                    if (options.asks("rested") && round == 0) {
                        LockSupport.parkNanos(
                                Duration.ofSeconds(options.quick() ? 10 : 60).toNanos());
                        for (var target : fresh.entrySet()) {
                            first(target.getValue(), target.getKey(), "rested");
                        }
                    }
                } finally {
                    fresh.values().forEach(Program::close);
                }
            }
        }
    }

    private void first(Program target, String column, String when) throws IOException, InterruptedException {
        double before = target.cpuSeconds();
        Load load = Load.run(target.port(), 1, REQUESTS, 60_000, 1024, 1024);
        String row = "first 200 requests, " + when + ", ";
        report.add(row + "p50, ms", column, load.p50Millis());
        report.add(row + "p99, ms", column, load.p99Millis());
        report.add(row + "processor time, ms", column, (target.cpuSeconds() - before) * 1e3);
    }
}
