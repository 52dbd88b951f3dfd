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
        report.wantAtMost("journal append, p50, µs", 5);
        report.wantAtMost("journal append, p99, µs", 50);
        report.wantAtLeast("journal, commits/s with 16 followers", 100_000);
        report.wantAtLeast("journal, commits folded a second", 1_000_000);
        report.wantAtMost("journal, bytes a commit", 400);
        report.wantAtMost("admit and finish, p99, µs", 50);
    }
}
