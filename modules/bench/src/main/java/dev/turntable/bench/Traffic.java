package dev.turntable.bench;

import java.io.IOException;
import java.util.Map;

/** Requests a second, their times, and the time events of a stream are on their way: the same upstream, directly and through each proxy. */
final class Traffic {
    static final int CONNECTIONS = 32;
    private static final int KILOBYTE = 1024;

    /**
     * A kind of load.
     *
     * @param request bytes of a request's body
     * @param answer bytes of an answer's body
     */
    private record Kind(String name, int connections, int request, int answer) {
        private static Kind small(int connections) {
            return new Kind(connections + " connections, 1 KB", connections, KILOBYTE, KILOBYTE);
        }

        String row(String figure) {
            return figure + ", " + name;
        }
    }

    private static final Kind ONE = Kind.small(1);
    private static final Kind USUAL = Kind.small(CONNECTIONS);
    private static final Kind MANY = Kind.small(256);
    private static final Kind LONG_PROMPT =
            new Kind("200 KB up, 32 connections", CONNECTIONS, 200 * KILOBYTE, KILOBYTE);
    private static final Kind PICTURE = new Kind("2 MB up, 8 connections", 8, 2048 * KILOBYTE, KILOBYTE);
    private static final Kind LONG_ANSWER =
            new Kind("200 KB down, 32 connections", CONNECTIONS, KILOBYTE, 200 * KILOBYTE);

    private final Report report;
    private final Options options;

    Traffic(Report report, Options options) {
        this.report = report;
        this.options = options;
    }

    void load(Map<String, Program> targets) throws IOException, InterruptedException {
        for (Program target : targets.values()) {
            load(target, USUAL, 4 * options.seconds());
        }
        rounds(targets, ONE, USUAL, MANY);
        for (Kind kind : new Kind[] {USUAL, MANY}) {
            report.wantTimes(kind.row("requests/s"), 2, "go");
        }
        report.wantTimes(USUAL.row("requests/s"), 0.6, "haproxy");
        report.wantTimes(USUAL.row("requests/s"), 5, "llama-swap");
        report.wantWithin(USUAL.row("p99, ms"), 1, 0, "go");
    }

    void bodies(Map<String, Program> targets) throws IOException, InterruptedException {
        for (Program target : targets.values()) {
            load(target, LONG_PROMPT, 2 * options.seconds());
        }
        rounds(targets, LONG_PROMPT, PICTURE, LONG_ANSWER);
        for (Kind kind : new Kind[] {LONG_PROMPT, LONG_ANSWER}) {
            report.wantTimes(kind.row("requests/s"), 1.5, "go");
            report.wantTimes(kind.row("requests/s"), 0.8, "relay");
        }
    }

    private void rounds(Map<String, Program> targets, Kind... kinds) throws IOException, InterruptedException {
        for (int round = 0; round < options.rounds(); round++) {
            for (Kind kind : kinds) {
                for (var target : targets.entrySet()) {
                    double before = target.getValue().cpuSeconds();
                    Load load = load(target.getValue(), kind, options.seconds());
                    double used = target.getValue().cpuSeconds() - before;
                    report.add(kind.row("requests/s"), target.getKey(), load.rate());
                    report.add(kind.row("p50, ms"), target.getKey(), load.p50Millis());
                    report.add(kind.row("p99, ms"), target.getKey(), load.p99Millis());
                    report.add(kind.row("processor time a request, µs"), target.getKey(), used / load.requests() * 1e6);
                    if (load.failures() > 0) {
                        report.add(kind.row("failures"), target.getKey(), load.failures());
                    }
                }
            }
        }
    }

    private static Load load(Program target, Kind kind, int seconds) throws IOException, InterruptedException {
        return Load.run(target.port(), kind.connections, 0, seconds * 1000L, kind.request, kind.answer);
    }

    /** One stream, then 200, on each target in turn; 4,000 events a second in the latter case. */
    void streams(Map<String, Program> targets) throws IOException, InterruptedException {
        for (int round = -1; round < options.rounds(); round++) {
            for (var target : targets.entrySet()) {
                streams(target.getKey(), target.getValue(), 1, options.seconds() * 200, 5_000, round < 0);
                streams(target.getKey(), target.getValue(), 200, options.seconds() * 20, 50_000, round < 0);
            }
        }
        for (String column : targets.keySet()) {
            if (!column.equals("direct")) {
                for (int streams : new int[] {1, 200}) {
                    for (String quantile : new String[] {"p50", "p99"}) {
                        String row = row(streams, quantile);
                        double added = report.median(row, column) - report.median(row, "direct");
                        report.add("added time: " + row, column, added);
                    }
                }
            }
        }
        report.wantAtMost("added time: " + row(1, "p99"), 100);
        report.wantWithin(row(200, "p50"), 0.5, 0, "go");
        report.wantWithin(FIRST_EVENT, 1, 200, "go");
    }

    private static final String FIRST_EVENT = "first event of a stream, p50, µs";

    private void streams(String column, Program target, int streams, int events, long gapMicros, boolean warming)
            throws IOException, InterruptedException {
        String[] said = Program.run(Workshop.ours(
                        StreamClient.class, "" + target.port(), "" + streams, "" + events, "" + gapMicros))
                .split(" ");
        if (!warming) {
            report.add(row(streams, "p50"), column, Double.parseDouble(said[0]));
            report.add(row(streams, "p99"), column, Double.parseDouble(said[1]));
            if (streams == 1) {
                report.add(FIRST_EVENT, column, Double.parseDouble(said[3]));
            }
        }
    }

    private static String row(int streams, String quantile) {
        return "event of %d stream%s, %s, µs".formatted(streams, streams == 1 ? "" : "s", quantile);
    }
}
