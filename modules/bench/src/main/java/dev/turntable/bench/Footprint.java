package dev.turntable.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** How soon the image listens, how much memory it keeps, and what it does when there is nothing to do. */
final class Footprint {
    private static final int REQUESTS = 100_000;
    private static final String LISTENING = "listening, second start, ms";
    private static final String IDLE_MEMORY = "resident idle, MB";
    private static final String LOADED_MEMORY = "resident after 300,000 requests, MB";

    private final Report report;
    private final Workshop workshop;

    Footprint(Report report, Workshop workshop) {
        this.report = report;
        this.workshop = workshop;
    }

    void starts(int rounds) throws IOException {
        Path config = Files.writeString(
                workshop.scratch("start.yaml"),
                "models:\n  bench:\n    cmd: sleep 100000\n    proxy: http://127.0.0.1:9\n");
        for (int round = 0; round < rounds; round++) {
            String data = "start-" + round;
            try (Program cold = workshop.turntable(config, data)) {
                report.add("listening, new data folder, ms", Report.OURS, cold.listenMillis());
            }
            try (Program second = workshop.turntable(config, data)) {
                report.add(LISTENING, Report.OURS, second.listenMillis());
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
                report.add("resident after a second, MB", Report.OURS, second.residentMegabytes());
            }
        }
        report.wantAtMost(LISTENING, 300);
    }

    void memory(boolean quick) throws IOException, InterruptedException {
        try (Program upstream = workshop.upstream();
                Program turntable = workshop.turntable(upstream.port())) {
            LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
            String idle = "processor when idle, %";
            report.add(IDLE_MEMORY, Report.OURS, turntable.residentMegabytes());
            report.add(idle, Report.OURS, turntable.idlePercent(Duration.ofSeconds(quick ? 10 : 30)));
            report.wantAtMost(IDLE_MEMORY, 90);
            report.wantAtMost(idle, 0.2);
            for (int hundreds = 1; hundreds <= (quick ? 1 : 3); hundreds++) {
                Load.run(
                        turntable.port(),
                        Traffic.CONNECTIONS,
                        REQUESTS,
                        Duration.ofMinutes(3).toMillis(),
                        1024,
                        1024);
                report.add(
                        "resident after %d,000 requests, MB".formatted(hundreds * 100),
                        Report.OURS,
                        turntable.residentMegabytes());
            }
            report.wantAtMost(LOADED_MEMORY, 180);
            LockSupport.parkNanos(Duration.ofSeconds(5).toNanos());
            report.add("processor when idle afterwards, %", Report.OURS, turntable.idlePercent(Duration.ofSeconds(10)));
        }
    }
}
