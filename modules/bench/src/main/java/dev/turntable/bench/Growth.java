package dev.turntable.bench;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** What more models, a longer journal, more readers and more waiting requests cost. */
final class Growth {
    private static final int READERS = 200;
    private static final int WAITING = 1_000;

    private final Report report;
    private final Workshop workshop;
    private final Options options;

    Growth(Report report, Workshop workshop, Options options) {
        this.report = report;
        this.workshop = workshop;
        this.options = options;
    }

    void run() throws IOException, InterruptedException {
        try (Program upstream = workshop.upstream()) {
            for (int models : new int[] {1, 100, 1_000}) {
                models(upstream, models);
            }
            journal(upstream, options.quick() ? 1_000_000 : 10_000_000);
            readers(upstream);
            waiting();
        }
    }

    private Path config(String name, Program upstream, int models) throws IOException {
        var text = new StringBuilder(
                "models:\n  bench:\n    cmd: sleep 100000\n    checkEndpoint: none\n    concurrencyLimit: 1000\n");
        text.append("    proxy: http://127.0.0.1:").append(upstream.port()).append('\n');
        for (int i = 1; i < models; i++) {
            text.append("  other-%d:\n    cmd: sleep 100000\n    proxy: http://127.0.0.1:9\n".formatted(i));
        }
        return Files.writeString(workshop.scratch(name + ".yaml"), text);
    }

    private void models(Program upstream, int models) throws IOException, InterruptedException {
        Path config = config("models-" + models, upstream, models);
        try (Program turntable = workshop.turntable(config, "models-" + models)) {
            figures(turntable, "%,d models".formatted(models));
        }
    }

    private void figures(Program turntable, String with) throws IOException, InterruptedException {
        report.add("listening with " + with + ", ms", Report.OURS, turntable.listenMillis());
        Load.run(turntable.port(), Traffic.CONNECTIONS, 0, 3_000L * options.seconds(), 1024, 1024);
        Load load = Load.run(turntable.port(), Traffic.CONNECTIONS, 0, 1_000L * options.seconds(), 1024, 1024);
        report.add("requests/s with " + with, Report.OURS, load.rate());
        report.add("resident with " + with + ", MB", Report.OURS, turntable.residentMegabytes());
    }

    /** A journal of so many commits, made beforehand as requests would have made it; the second start has its snapshot. */
    private void journal(Program upstream, int commits) throws IOException, InterruptedException {
        Path config = config("long", upstream, 1);
        Path data = Files.createDirectories(workshop.scratch("long"));
        Program.run(Workshop.ours(
                Workshop.journalOptions(),
                JournalClient.class,
                "fill",
                data.resolve("journal").toString(),
                "" + commits));
        try (Program first = workshop.turntable(config, "long")) {
            report.add(
                    "listening, first start on %,d commits, ms".formatted(commits), Report.OURS, first.listenMillis());
        }
        try (Program second = workshop.turntable(config, "long")) {
            figures(second, "%,d commits".formatted(commits));
        }
    }

    /** A stream beside 200 readers of the log, each of which is told of every request. */
    private void readers(Program upstream) throws IOException, InterruptedException {
        try (Program turntable = workshop.turntable(config("readers", upstream, 1), "readers")) {
            stream(turntable, "alone");
            List<Socket> readers = new ArrayList<>();
            try {
                for (int i = 0; i < READERS; i++) {
                    Socket reader = new Socket("127.0.0.1", turntable.port());
                    readers.add(reader);
                    reader.getOutputStream().write(Wire.bytes("GET /logs/stream HTTP/1.1\r\nHost: a\r\n\r\n"));
                    Thread.ofVirtual().start(() -> drain(reader));
                }
                stream(turntable, "beside 200 log readers");
            } finally {
                for (Socket reader : readers) {
                    reader.close();
                }
            }
        }
    }

    private static void drain(Socket reader) {
        byte[] bytes = new byte[1 << 14];
        try {
            while (reader.getInputStream().read(bytes) >= 0) {
                Thread.onSpinWait();
            }
        } catch (IOException closed) {
            // The measurement is over.
        }
    }

    private void stream(Program turntable, String when) throws IOException, InterruptedException {
        for (int round = -1; round < options.rounds(); round++) {
            String[] said = Program.run(Workshop.ours(
                            StreamClient.class, "" + turntable.port(), "1", "" + options.seconds() * 200, "5000"))
                    .split(" ");
            if (round >= 0) {
                report.add("event of a stream, %s, p50, µs".formatted(when), Report.OURS, Double.parseDouble(said[0]));
                report.add("event of a stream, %s, p99, µs".formatted(when), Report.OURS, Double.parseDouble(said[1]));
            }
        }
    }

    /** A thousand requests for a model that never gets ready. */
    private void waiting() throws IOException {
        Path config = Files.writeString(
                workshop.scratch("waiting.yaml"),
                "models:\n  bench:\n    cmd: sleep 100000\n    proxy: http://127.0.0.1:9\n    concurrencyLimit: 2000\n");
        String row = "1,000 requests that wait, MB";
        try (Program turntable = workshop.turntable(config, "waiting")) {
            LockSupport.parkNanos(2_000_000_000L);
            double before = turntable.residentMegabytes();
            List<Socket> clients = new ArrayList<>();
            try {
                for (int i = 0; i < WAITING; i++) {
                    Socket client = new Socket("127.0.0.1", turntable.port());
                    clients.add(client);
                    client.getOutputStream().write(Wire.chat("bench", ""));
                }
                LockSupport.parkNanos(3_000_000_000L);
                report.add(row, Report.OURS, turntable.residentMegabytes() - before);
            } finally {
                for (Socket client : clients) {
                    client.close();
                }
            }
        }
        report.wantAtMost(row, 20);
    }
}
