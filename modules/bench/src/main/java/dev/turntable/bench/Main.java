package dev.turntable.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One table: direct against through us, and through haproxy where it is installed; interleaved, medians of all rounds. The figures mean
 * something on a quiet machine only: load, upstream and proxy share it.
 *
 * <pre>  scripts/bench [--rounds N] [--seconds N] [load | streams | swaps | starts | memory | journal | decisions | relays]…</pre>
 */
final class Main {
    private static final List<String> SECTIONS =
            List.of("load", "streams", "swaps", "starts", "memory", "journal", "decisions", "relays");

    private final int rounds;
    private final int seconds;
    private final Set<String> sections;
    private final Report report = new Report("direct", "turntable", "haproxy");

    private Main(int rounds, int seconds, Set<String> sections) {
        this.rounds = rounds;
        this.seconds = seconds;
        this.sections = sections;
    }

    public static void main(String[] args) throws Exception {
        int rounds = 5;
        int seconds = 4;
        List<String> asked = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--rounds" -> rounds = Integer.parseInt(args[++i]);
                case "--seconds" -> seconds = Integer.parseInt(args[++i]);
                default -> asked.add(args[i]);
            }
        }
        if (!SECTIONS.containsAll(asked)) {
            System.err.println(
                    "usage: scripts/bench [--rounds N] [--seconds N] [" + String.join(" | ", SECTIONS) + "]...");
            System.exit(2);
        }
        new Main(rounds, seconds, Set.copyOf(asked.isEmpty() ? SECTIONS : asked)).run();
    }

    private void run() throws IOException, InterruptedException {
        try (Workshop workshop = new Workshop()) {
            if (sections.contains("load") || sections.contains("streams")) {
                traffic(workshop);
            }
            if (sections.contains("swaps")) {
                step("swaps");
                new Swapping(report, workshop).run(rounds * 3);
            }
            if (sections.contains("starts")) {
                step("starts");
                new Footprint(report, workshop).starts(rounds);
            }
            if (sections.contains("memory")) {
                step("memory");
                try (Program upstream = workshop.upstream()) {
                    new Footprint(report, workshop).memory(upstream);
                }
            }
            if (sections.contains("journal")) {
                step("journal");
                new JournalSection(report, workshop).run(Math.min(rounds, 3));
            }
            if (sections.contains("decisions")) {
                step("decisions");
                new Decisions(report).run();
            }
            if (!sections.equals(Set.of("relays"))) {
                print(report, "table.md");
            }
            if (sections.contains("relays")) {
                step("relays");
                relays(workshop);
            }
        }
    }

    private static void step(String name) {
        System.err.println("bench: " + name);
    }

    private static void print(Report report, String file) throws IOException {
        IO.println(report.text());
        report.save(Workshop.results().resolve(file));
    }

    private void traffic(Workshop workshop) throws IOException, InterruptedException {
        var targets = new LinkedHashMap<String, Program>();
        try (Program upstream = workshop.upstream()) {
            targets.put("direct", upstream);
            try {
                targets.put("turntable", workshop.turntable(upstream.port()));
                workshop.haproxy(upstream.port()).ifPresent(haproxy -> targets.put("haproxy", haproxy));
                traffic(new Traffic(report, workshop), targets);
            } finally {
                targets.values().forEach(Program::close);
            }
        }
    }

    private void traffic(Traffic traffic, Map<String, Program> targets) throws IOException, InterruptedException {
        if (sections.contains("load")) {
            step("load");
            traffic.load(targets, rounds, seconds);
            print(report, "table.md");
        }
        if (sections.contains("streams")) {
            step("streams");
            traffic.streams(targets, rounds, seconds);
        }
    }

    /** What should speak to the upstream: three relays that differ in nothing else. */
    private void relays(Workshop workshop) throws IOException, InterruptedException {
        var table = new Report("direct", "own", "webclient", "httpclient");
        var targets = new LinkedHashMap<String, Program>();
        try (Program upstream = workshop.upstream()) {
            targets.put("direct", upstream);
            try {
                for (String kind : List.of("own", "webclient", "httpclient")) {
                    targets.put(
                            kind,
                            Program.saying(Workshop.ours(RelayServer.class, kind, "" + upstream.port()), Map.of()));
                }
                var traffic = new Traffic(table, workshop);
                traffic.load(targets, rounds, seconds);
                traffic.streams(targets, rounds, seconds);
            } finally {
                targets.values().forEach(Program::close);
            }
        }
        print(table, "relays.md");
    }
}
