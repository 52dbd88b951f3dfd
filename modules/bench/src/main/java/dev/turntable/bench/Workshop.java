package dev.turntable.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Where things lie and how the programs of a measurement are started. Owns a scratch folder. */
final class Workshop implements AutoCloseable {
    private static final Path ROOT =
            Path.of(System.getProperty("turntable.root", "")).toAbsolutePath();
    private static final String COMMAND = System.getProperty(
            "turntable.command", ROOT.resolve("target/turntable/bin/turntable").toString());

    private final Path scratch;

    Workshop() throws IOException {
        scratch = Files.createTempDirectory("turntable-bench-");
    }

    Path scratch(String name) {
        return scratch.resolve(name);
    }

    static Path results() throws IOException {
        return Files.createDirectories(ROOT.resolve("target/bench"));
    }

    /** A command line that runs a main class of ours in a JVM of its own, with a heap large enough to stay out of the way. */
    static List<String> ours(Class<?> main, String... args) {
        return ours(List.of(), main, args);
    }

    static List<String> ours(List<String> options, Class<?> main, String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-Xmx512m"));
        command.addAll(options);
        command.addAll(
                List.of("-p", System.getProperty("jdk.module.path"), "-m", "dev.turntable.bench/" + main.getName()));
        command.addAll(List.of(args));
        return command;
    }

    /** What the journal needs. */
    static List<String> journalOptions() {
        return List.of("@" + ROOT.resolve("config/jvm.options"));
    }

    Program upstream() throws IOException {
        return Program.saying(ours(FastUpstream.class), Map.of());
    }

    /** The image, with one model that stands for the upstream on that port. */
    Program turntable(int upstreamPort) throws IOException {
        return turntable(config(upstreamPort), "data");
    }

    private Path config(int upstreamPort) throws IOException {
        return Files.writeString(
                scratch("bench.yaml"),
                "models:\n  bench:\n    cmd: sleep 100000\n    checkEndpoint: none\n    proxy: http://127.0.0.1:%d\n    concurrencyLimit: 1000\n"
                        .formatted(upstreamPort));
    }

    /** Another proxy before the same upstream, by the command that {@link Options} describes. */
    Program other(String command, int upstreamPort) throws IOException {
        int port = Program.freePort();
        String filled = command.replace("{port}", "" + port)
                .replace("{upstream}", "" + upstreamPort)
                .replace("{config}", config(upstreamPort).toString());
        return Program.on(port, List.of("sh", "-c", "exec " + filled));
    }

    /** The image with this configuration, the data in a folder of the scratch folder. */
    Program turntable(Path config, String data) throws IOException {
        return Program.saying(
                List.of(
                        COMMAND,
                        "-config",
                        config.toString(),
                        "-listen",
                        "127.0.0.1:0",
                        "-data-dir",
                        scratch(data).toString()),
                Map.of());
    }

    /** The demo upstream of the image, as a model would be started. */
    static List<String> demo(String port, String options) {
        List<String> command = new ArrayList<>(List.of(COMMAND, "demo-upstream", "--port", port));
        command.addAll(List.of(options.split(" ")));
        return command;
    }

    Optional<Program> haproxy(int upstreamPort) throws IOException {
        Optional<String> found = installed("haproxy");
        if (found.isEmpty()) {
            return Optional.empty();
        }
        int port = Program.freePort();
        Path config = Files.writeString(scratch("haproxy.cfg"), """
                defaults
                  mode http
                  option http-no-delay
                  timeout connect 5s
                  timeout client 60s
                  timeout server 60s
                listen bench
                  bind 127.0.0.1:%d
                  http-reuse always
                  server upstream 127.0.0.1:%d
                """.formatted(port, upstreamPort));
        return Optional.of(Program.on(port, List.of(found.get(), "-db", "-f", config.toString())));
    }

    static Optional<String> installed(String program) {
        return Stream.concat(Stream.of(System.getenv().getOrDefault("PATH", "").split(":")), Stream.of("/usr/sbin"))
                .map(dir -> Path.of(dir, program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(scratch)) {
            files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
        }
    }
}
