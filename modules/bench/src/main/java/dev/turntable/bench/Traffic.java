package dev.turntable.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests a second, their times, and the time events of a stream are on their way: the same upstream, directly and through each proxy. */
final class Traffic {
    static final int CONNECTIONS = 32;
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([\\d.]+)");
    private static final Pattern P50 = Pattern.compile("\\s50%\\s+([\\d.]+)(us|ms|s)\\b");
    private static final Pattern P99 = Pattern.compile("\\s99%\\s+([\\d.]+)(us|ms|s)\\b");
    private static final Pattern BAD = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");

    private final Report report;
    private final Optional<String> wrk = Workshop.installed("wrk");
    private final Path script;

    Traffic(Report report, Workshop workshop) throws IOException {
        this.report = report;
        String request = new String(Wire.chat("bench", ""), java.nio.charset.StandardCharsets.ISO_8859_1);
        script = Files.writeString(
                workshop.scratch("post.lua"),
                "wrk.method = \"POST\"\nwrk.path = \"/v1/chat/completions\"\nwrk.headers[\"Content-Type\"] = \"application/json\"\nwrk.body = [[%s]]\n"
                        .formatted(request.substring(request.indexOf("\r\n\r\n") + 4)));
        report.note(
                wrk.isPresent()
                        ? "Load from wrk, one thread; streams from our own client."
                        : "Load and streams from our own clients (wrk is not installed).");
    }

    /** Rounds of load on each target in turn. */
    void load(Map<String, Program> targets, int rounds, int seconds) throws IOException, InterruptedException {
        for (var target : targets.entrySet()) {
            warm(target.getValue(), 2 * seconds);
        }
        for (int round = 0; round < rounds; round++) {
            for (var target : targets.entrySet()) {
                double cpu = target.getValue().cpuSeconds();
                Result result = load(target.getValue(), seconds);
                double used = target.getValue().cpuSeconds() - cpu;
                report.add("requests/s, 32 connections, 1 KB", target.getKey(), result.rate);
                report.add("p50, ms", target.getKey(), result.p50Millis);
                report.add("p99, ms", target.getKey(), result.p99Millis);
                report.add("processor time a request, µs", target.getKey(), used / (result.rate * seconds) * 1e6);
                report.add("failures", target.getKey(), result.failures);
            }
        }
        double ours = report.median("requests/s, 32 connections, 1 KB", "turntable");
        double theirs = report.median("requests/s, 32 connections, 1 KB", "haproxy");
        if (!Double.isNaN(theirs)) {
            report.add("requests/s as a part of haproxy's", "turntable", ours / theirs);
            report.target("requests/s as a part of haproxy's", "≥ 0.4");
        }
    }

    void warm(Program target, int seconds) throws IOException, InterruptedException {
        load(target, seconds);
    }

    private record Result(double rate, double p50Millis, double p99Millis, double failures) {}

    private Result load(Program target, int seconds) throws IOException, InterruptedException {
        if (wrk.isEmpty()) {
            String[] said = Program.run(Workshop.ours(
                            LoadClient.class, "" + target.port(), "" + CONNECTIONS, "0", "" + seconds * 1000))
                    .split(" ");
            return new Result(
                    Double.parseDouble(said[0]),
                    Double.parseDouble(said[1]) / 1e3,
                    Double.parseDouble(said[2]) / 1e3,
                    Double.parseDouble(said[4]));
        }
        String said = Program.run(java.util.List.of(
                wrk.get(),
                "-t1",
                "-c" + CONNECTIONS,
                "-d" + seconds + "s",
                "--latency",
                "-s",
                script.toString(),
                "http://127.0.0.1:" + target.port() + "/v1/chat/completions"));
        Matcher bad = BAD.matcher(said);
        return new Result(
                find(RATE, said),
                millis(P50, said),
                millis(P99, said),
                bad.find() ? Double.parseDouble(bad.group(1)) : 0);
    }

    private static double find(Pattern pattern, String said) {
        Matcher found = pattern.matcher(said);
        return found.find() ? Double.parseDouble(found.group(1)) : Double.NaN;
    }

    private static double millis(Pattern pattern, String said) {
        Matcher found = pattern.matcher(said);
        if (!found.find()) {
            return Double.NaN;
        }
        double value = Double.parseDouble(found.group(1));
        return switch (found.group(2)) {
            case "us" -> value / 1e3;
            case "ms" -> value;
            default -> value * 1e3;
        };
    }

    /** One stream, then 200, on each target in turn; 4,000 events a second in the latter case. */
    void streams(Map<String, Program> targets, int rounds, int seconds) throws IOException, InterruptedException {
        for (int round = -1; round < rounds; round++) {
            for (var target : targets.entrySet()) {
                streams(target.getKey(), target.getValue(), 1, seconds * 200, 5_000, round < 0);
                streams(target.getKey(), target.getValue(), 200, seconds * 20, 50_000, round < 0);
            }
        }
        for (String column : targets.keySet()) {
            if (!column.equals("direct")) {
                added(column, 1, "≤ 120 (p50)");
                added(column, 200, "");
            }
        }
    }

    private void streams(String column, Program target, int streams, int events, long gapMicros, boolean warming)
            throws IOException, InterruptedException {
        String[] said = Program.run(Workshop.ours(
                        StreamClient.class, "" + target.port(), "" + streams, "" + events, "" + gapMicros))
                .split(" ");
        if (!warming) {
            report.add(row(streams, "p50"), column, Double.parseDouble(said[0]));
            report.add(row(streams, "p99"), column, Double.parseDouble(said[1]));
        }
    }

    private static String row(int streams, String quantile) {
        return "event of %d stream%s, %s, µs".formatted(streams, streams == 1 ? "" : "s", quantile);
    }

    private void added(String column, int streams, String wanted) {
        for (String quantile : new String[] {"p50", "p99"}) {
            String row = row(streams, quantile);
            String added = "added time: " + row;
            report.add(added, column, report.median(row, column) - report.median(row, "direct"));
            report.target(added, quantile.equals("p50") ? wanted : "");
        }
    }
}
