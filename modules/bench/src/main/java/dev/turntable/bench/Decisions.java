package dev.turntable.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs {@link DecisionBenchmark} in a JVM of its own and takes its figures into the table. JMH forks know the class path only. */
final class Decisions {
    private final Report report;

    Decisions(Report report) {
        this.report = report;
    }

    void run() throws IOException, InterruptedException {
        List<String> jars = new ArrayList<>();
        for (String place : System.getProperty("jdk.module.path").split(File.pathSeparator)) {
            Path path = Path.of(place);
            if (Files.isDirectory(path)) {
                try (Stream<Path> files = Files.list(path)) {
                    files.filter(f -> f.toString().endsWith(".jar")).forEach(f -> jars.add(f.toString()));
                }
            } else {
                jars.add(place);
            }
        }
        String said = Program.run(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                jars.stream().collect(Collectors.joining(File.pathSeparator)),
                Decisions.class.getName()));
        for (String line : said.split("\n")) {
            if (line.startsWith("figure ")) {
                int at = line.lastIndexOf('=');
                report.add(
                        line.substring("figure ".length(), at),
                        "turntable",
                        Double.parseDouble(line.substring(at + 1)));
            }
        }
        report.wantAtMost("decision, request arrives, 1 model and nobody waiting, µs", 2);
        report.wantAtMost("decision, request finishes, 1 model and nobody waiting, µs", 2);
        report.wantAtMost("decision, request arrives, 1000 models and 999 waiting, µs", 20);
        report.wantAtMost("decision, request finishes, 1000 models and 999 waiting, µs", 20);
    }

    /** Prints {@code figure name=value} lines. */
    public static void main(String[] args) throws RunnerException {
        var options = new OptionsBuilder()
                .include(DecisionBenchmark.class.getName() + ".*")
                .addProfiler(GCProfiler.class)
                .build();
        for (RunResult result : new Runner(options).run()) {
            int size = Integer.parseInt(result.getParams().getParam("size"));
            String what = "decision, request %s, %s"
                    .formatted(
                            result.getPrimaryResult().getLabel(),
                            size == 1 ? "1 model and nobody waiting" : size + " models and " + (size - 1) + " waiting");
            IO.println("figure " + what + ", µs=" + result.getPrimaryResult().getScore() / 1e3);
            Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
            if (allocated != null) {
                IO.println("figure " + what + ", bytes allocated=" + allocated.getScore());
            }
        }
    }
}
