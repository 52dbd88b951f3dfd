package dev.turntable.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One table: direct against through us, through a bare relay on our own connection to the upstream, through haproxy where it is installed,
 * and through any other proxy that is named; interleaved, medians of all rounds. The figures mean something on a quiet machine only: load,
 * upstream and proxy share it. {@link Options} has the command line.
 */
final class Main {
    private final Options options;
    private final Report report;

    private Main(Options options) {
        this.options = options;
        List<String> columns = new ArrayList<>(List.of("direct", "relay", Report.OURS, "haproxy"));
        columns.addAll(options.others().keySet());
        this.report = new Report(columns);
    }

    public static void main(String[] args) throws Exception {
        Options options;
        try {
            options = Options.of(args);
        } catch (IllegalArgumentException unclear) {
            System.err.println("bench: " + unclear.getMessage() + "\n" + Options.USAGE);
            System.exit(2);
            return;
        }
        new Main(options).run();
    }

    private void run() throws IOException, InterruptedException {
        try (Workshop workshop = new Workshop()) {
            if (options.asks("load", "bodies", "streams")) {
                traffic(workshop);
            }
            if (options.asks("cold", "rested")) {
                step("cold and rested");
                new Cold(report, workshop, options).run();
            }
            if (options.asks("swaps")) {
                step("swaps");
                new Swapping(report, workshop, options).run();
            }
            if (options.asks("starts")) {
                step("starts");
                new Footprint(report, workshop).starts(options.rounds());
            }
            if (options.asks("memory")) {
                step("memory");
                new Footprint(report, workshop).memory(options.quick());
            }
            if (options.asks("growth")) {
                step("growth");
                new Growth(report, workshop, options).run();
            }
            if (options.asks("journal")) {
                step("journal");
                new JournalSection(report, workshop).run(Math.min(options.rounds(), 3));
            }
            if (options.asks("decisions")) {
                step("decisions");
                new Decisions(report).run();
            }
            print();
        }
    }

    private static void step(String name) {
        System.err.println("bench: " + name);
    }

    private void print() throws IOException {
        IO.println(report.text());
        report.save(Workshop.results());
    }

    private void traffic(Workshop workshop) throws IOException, InterruptedException {
        Map<String, Program> targets = new LinkedHashMap<>();
        try (Program upstream = workshop.upstream()) {
            targets.put("direct", upstream);
            try {
                targets.put("relay", Program.saying(Workshop.ours(RelayServer.class, "" + upstream.port()), Map.of()));
                targets.put(Report.OURS, workshop.turntable(upstream.port()));
                workshop.haproxy(upstream.port()).ifPresent(haproxy -> targets.put("haproxy", haproxy));
                for (var other : options.others().entrySet()) {
                    targets.put(other.getKey(), workshop.other(other.getValue(), upstream.port()));
                }
                Traffic traffic = new Traffic(report, options);
                if (options.asks("load")) {
                    step("load");
                    traffic.load(targets);
                }
                if (options.asks("bodies")) {
                    step("bodies");
                    traffic.bodies(targets);
                }
                if (options.asks("streams")) {
                    step("streams");
                    traffic.streams(targets);
                }
            } finally {
                targets.values().forEach(Program::close);
            }
        }
    }
}
