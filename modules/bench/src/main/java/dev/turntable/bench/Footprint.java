package dev.turntable.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** How soon the image listens, how much memory it keeps, and what it does when there is nothing to do. */
final class Footprint {
    private static final int REQUESTS = 100_000;

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
                report.add("listening with a new data folder, ms", "turntable", cold.listenMillis());
            }
            try (Program second = workshop.turntable(config, data)) {
                report.add("listening with the old one (second start), ms", "turntable", second.listenMillis());
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
                report.add("resident after a second, MB", "turntable", second.residentMegabytes());
            }
        }
        report.target("listening with the old one (second start), ms", "< 600");
    }

    void memory(Program upstream) throws IOException, InterruptedException {
        try (Program turntable = workshop.turntable(upstream.port())) {
            LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
            report.add("resident idle, MB", "turntable", turntable.residentMegabytes());
            report.target("resident idle, MB", "< 150");
            report.add("processor when idle, % over 10 s", "turntable", turntable.idlePercent(Duration.ofSeconds(10)));
            report.target("processor when idle, % over 10 s", "< 1");
            for (int hundreds = 1; hundreds <= 3; hundreds++) {
                serve(turntable.port());
                report.add(
                        "resident after %d,000 requests, MB".formatted(hundreds * 100),
                        "turntable",
                        turntable.residentMegabytes());
            }
            report.target("resident after 300,000 requests, MB", "as after 100,000");
            LockSupport.parkNanos(Duration.ofSeconds(5).toNanos());
            report.add(
                    "processor when idle afterwards, % over 10 s",
                    "turntable", turntable.idlePercent(Duration.ofSeconds(10)));
        }
    }

    private static void serve(int port) throws IOException, InterruptedException {
        Program.run(Workshop.ours(
                LoadClient.class,
                "" + port,
                "" + Traffic.CONNECTIONS,
                "" + REQUESTS,
                "" + Duration.ofMinutes(3).toMillis()));
    }
}
