package dev.turntable.bench;

import java.io.IOException;

/** Runs {@link JournalClient} in a JVM of its own and takes its figures into the table. */
final class JournalSection {
    private final Report report;
    private final Workshop workshop;

    JournalSection(Report report, Workshop workshop) {
        this.report = report;
        this.workshop = workshop;
    }

    void run(int rounds) throws IOException, InterruptedException {
        for (int round = 0; round < rounds; round++) {
            String said = Program.run(Workshop.ours(
                    Workshop.journalOptions(),
                    JournalClient.class,
                    workshop.scratch("journal-" + round).toString()));
            for (String line : said.split("\n")) {
                int at = line.lastIndexOf('=');
                if (at > 0) {
                    report.add(line.substring(0, at), "turntable", Double.parseDouble(line.substring(at + 1)));
                }
            }
        }
        report.target("journal append, p50, µs", "≤ 5");
        report.target("journal append, p99, µs", "≤ 50");
        report.target("journal, commits/s with 16 followers", "≥ 100,000");
        report.target("journal, commits folded a second", "≥ 1,000,000");
        report.target("journal, bytes a commit", "≤ 400");
        report.target("admit and finish, p99, µs", "≤ 50");
    }
}
