package dev.turntable.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * What a swap costs beyond the upstreams' own time: from the client's request to the first byte of its answer, less stopping and starting
 * the same two programs by hand, measured in turn with it; and the steps of the swaps as the server has them on record.
 */
final class Swapping {
    private static final String WHOLE = "swap, request to first byte, ms";
    private static final String OVERHEAD = "swap overhead, ms";

    private final Report report;
    private final Workshop workshop;
    private final Options options;
    private final String model;

    Swapping(Report report, Workshop workshop, Options options) {
        this.report = report;
        this.workshop = workshop;
        this.options = options;
        this.model =
                options.model().orElse(String.join(" ", Workshop.demo("${PORT}", "--load-ms 100 --tokens 1 --quiet")));
    }

    void run() throws IOException {
        Path config = Files.writeString(
                workshop.scratch("swap.yaml"),
                "startPort: %d\nmodels:\n  fox:\n    cmd: %s\n  owl:\n    cmd: %s\n"
                        .formatted(Program.freePort(), model, model));
        try (Program turntable = workshop.turntable(config, "swap-data")) {
            firstByteMillis(turntable.port(), "fox");
            firstByteMillis(turntable.port(), "owl");
            for (int i = 0; i < options.rounds() * 3; i++) {
                report.add(WHOLE, Report.OURS, firstByteMillis(turntable.port(), i % 2 == 0 ? "fox" : "owl"));
                report.add(WHOLE, "direct", byHandMillis());
            }
            timeline(turntable.port());
        }
        report.add(OVERHEAD, Report.OURS, report.median(WHOLE, Report.OURS) - report.median(WHOLE, "direct"));
        report.wantAtMost(OVERHEAD, 10);
    }

    private Program byHand() throws IOException {
        int port = Program.freePort();
        return Program.on(port, List.of("sh", "-c", "exec " + model.replace("${PORT}", "" + port)));
    }

    /** One program ends, the next starts, loads, is seen to be ready at once, and answers. */
    private double byHandMillis() throws IOException {
        Program old = byHand();
        awaitHealthy(old.port());
        long began = System.nanoTime();
        old.stopMillis();
        try (Program fresh = byHand()) {
            awaitHealthy(fresh.port());
            firstByteMillis(fresh.port(), "fox");
            return (System.nanoTime() - began) / 1e6;
        }
    }

    private static void awaitHealthy(int port) throws IOException {
        while (status(port, Wire.bytes("GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")) != 200) {
            LockSupport.parkNanos(500_000);
        }
    }

    private static double firstByteMillis(int port, String model) throws IOException {
        long began = System.nanoTime();
        int status = status(port, Wire.chat(model, "\"max_tokens\":1,"));
        if (status != 200) {
            throw new IOException("a swap to " + model + " answered " + status);
        }
        return (System.nanoTime() - began) / 1e6;
    }

    private static int status(int port, byte[] request) throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(request);
            byte[] status = socket.getInputStream().readNBytes(12);
            return status.length < 12 ? 0 : Integer.parseInt(new String(status, 9, 3, StandardCharsets.ISO_8859_1));
        }
    }

    /** Each step of the same swaps, from the one before it, as the record has them. */
    private void timeline(int port) throws IOException {
        for (JsonNode swap : Wire.json(port, "/api/swaps?limit=100").path("swaps")) {
            String last = "";
            double at = 0;
            for (JsonNode step : swap.path("timeline")) {
                String name = step.path("step").asText();
                double millis = step.path("ms").asDouble();
                if (!last.isEmpty() && swap.path("timeline").size() > 7) {
                    report.add("swap, %s to %s, ms".formatted(last, name), Report.OURS, millis - at);
                }
                last = name;
                at = millis;
            }
        }
    }
}
