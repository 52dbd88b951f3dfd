package dev.turntable.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * What a swap costs beyond the upstreams' own time: from the client's request to the first byte of its answer, less stopping and starting
 * the same two programs by hand, measured in turn with it.
 */
final class Swapping {
    private static final String OPTIONS = "--load-ms 100 --tokens 1 --quiet";

    private final Report report;
    private final Workshop workshop;

    Swapping(Report report, Workshop workshop) {
        this.report = report;
        this.workshop = workshop;
    }

    void run(int swaps) throws IOException {
        String demo = "${env.TURNTABLE_BIN} demo-upstream --port ${PORT} " + OPTIONS;
        Path config = Files.writeString(
                workshop.scratch("swap.yaml"),
                "startPort: %d\nmodels:\n  fox:\n    cmd: %s --name fox\n  owl:\n    cmd: %s --name owl\n"
                        .formatted(Program.freePort(), demo, demo));
        try (Program turntable = workshop.turntable(config, "swap-data")) {
            firstByteMillis(turntable.port(), "fox");
            firstByteMillis(turntable.port(), "owl");
            for (int i = 0; i < swaps; i++) {
                double whole = firstByteMillis(turntable.port(), i % 2 == 0 ? "fox" : "owl");
                double alone = byHandMillis();
                report.add("swap, request to first byte, ms", "turntable", whole);
                report.add("swap, request to first byte, ms", "direct", alone);
            }
            timeline(turntable.port());
        }
        report.add(
                "swap overhead, ms",
                "turntable",
                report.median("swap, request to first byte, ms", "turntable")
                        - report.median("swap, request to first byte, ms", "direct"));
        report.target("swap overhead, ms", "< 30");
    }

    /** One program ends, the next starts, loads, is seen to be ready at once, and answers. */
    private double byHandMillis() throws IOException {
        Program old = Program.saying(Workshop.demo("0", OPTIONS), Map.of());
        awaitHealthy(old.port());
        int port = Program.freePort();
        long began = System.nanoTime();
        old.stopMillis();
        try (Program fresh = Program.on(port, Workshop.demo("" + port, OPTIONS))) {
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
        int status = status(port, Wire.chat(model, ""));
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

    /** The same swaps as the server itself has them on record. */
    private void timeline(int port) throws IOException {
        byte[] answer;
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write(Wire.bytes("GET /api/swaps?limit=100 HTTP/1.0\r\nHost: a\r\nConnection: close\r\n\r\n"));
            answer = socket.getInputStream().readAllBytes();
        }
        String text = new String(answer, StandardCharsets.UTF_8);
        JsonNode swaps = new ObjectMapper().readTree(text.substring(text.indexOf("\r\n\r\n") + 4));
        if (Boolean.getBoolean("bench.verbose")) {
            IO.println(swaps.toPrettyString());
        }
    }
}
