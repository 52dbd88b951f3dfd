import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One table: direct against through us, and through haproxy where it is installed. Interleaved, medians of all rounds.
 *
 * <p>Run by {@code scripts/bench} from the project's root, straight from source. The figures mean something on a quiet machine only:
 * load, upstream and proxy share it.
 *
 * <pre>  scripts/bench [rounds] [seconds]   default 5 rounds of 4 seconds</pre>
 */
final class Bench {
    private static final Path IMAGE = Path.of("target/turntable").toAbsolutePath();
    private static final int CONNECTIONS = 32;
    private static final String PAD = "x".repeat(1024);

    private final int rounds;
    private final Duration time;
    private final Path scratch;
    private final Map<String, Map<String, List<Double>>> table = new LinkedHashMap<>();

    private Bench(int rounds, Duration time, Path scratch) {
        this.rounds = rounds;
        this.time = time;
        this.scratch = scratch;
    }

    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 4;
        Path scratch = Files.createTempDirectory("turntable-bench-");
        try {
            new Bench(rounds, Duration.ofSeconds(seconds), scratch).run();
        } finally {
            try (Stream<Path> files = Files.walk(scratch)) {
                files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
            }
        }
    }

    private void run() throws Exception {
        int upstreamPort = Program.freePort();
        try (Program upstream = upstream(upstreamPort)) {
            var targets = new LinkedHashMap<String, Program>();
            targets.put("direct", upstream);
            Program turntable = turntable(upstreamPort);
            targets.put("turntable", turntable);
            if (isInstalled("haproxy")) {
                targets.put("haproxy", haproxy(upstreamPort));
            }
            try {
                measure(targets);
                row("idle CPU, %", "turntable", turntable.idlePercent(Duration.ofSeconds(5)));
                row("resident after it, MB", "turntable", turntable.residentMegabytes());
            } finally {
                targets.values().forEach(Program::close);
            }
        }
        swaps();
        print();
    }

    private void measure(Map<String, Program> targets) throws Exception {
        byte[] chat = Load.post("/v1/chat/completions", body("bench", false, "\"max_tokens\":4"));
        byte[] stream = Load.post("/v1/chat/completions", body("bench", true, "\"demo\":{\"tokens\":200,\"gap_ms\":5,\"clock\":true}"));
        for (Program target : targets.values()) {
            Load.run(target.address(), chat, CONNECTIONS, time); // warm
            Streams.run(target.address(), stream, 1);
        }
        for (int round = 0; round < rounds; round++) {
            for (var target : targets.entrySet()) {
                InetSocketAddress address = target.getValue().address();
                Load.Result load = Load.run(address, chat, CONNECTIONS, time);
                row("requests/s, 32 connections", target.getKey(), load.requestsPerSecond());
                row("p50, ms", target.getKey(), load.p50Millis());
                row("p99, ms", target.getKey(), load.p99Millis());
                row("failures", target.getKey(), load.failures());
                Streams.Result one = Streams.run(address, stream, 1);
                row("event, 1 stream, p50 µs", target.getKey(), one.p50Micros());
                row("event, 1 stream, p99 µs", target.getKey(), one.p99Micros());
                Streams.Result many = Streams.run(address, stream, 50);
                row("event, 50 streams, p50 µs", target.getKey(), many.p50Micros());
                row("event, 50 streams, p99 µs", target.getKey(), many.p99Micros());
            }
        }
    }

    /** Two models that exclude each other, asked for in turn; against stopping and starting the same programs by hand. */
    private void swaps() throws Exception {
        int port = Program.freePort();
        String demo = "${env.TURNTABLE_BIN} demo-upstream --port ${PORT} --quiet";
        Path config = Files.writeString(
                scratch.resolve("swap.yaml"), "models:\n  fox:\n    cmd: %s --name fox\n  owl:\n    cmd: %s --name owl\n".formatted(demo, demo));
        try (Program turntable = serve(config, port, "swap-data")) {
            row("listening, ms", "turntable", turntable.listenMillis());
            firstByteMillis(turntable.address(), "fox");
            for (int round = 0; round < rounds * 2; round++) {
                row("swap to first byte, ms", "turntable", firstByteMillis(turntable.address(), round % 2 == 0 ? "owl" : "fox"));
                row("swap to first byte, ms", "direct", byHandMillis());
            }
        }
        for (int round = 0; round < rounds; round++) {
            try (Program turntable = serve(config, Program.freePort(), "swap-data")) {
                row("listening, ms", "turntable", turntable.listenMillis());
                row("resident at start, MB", "turntable", turntable.residentMegabytes());
            }
        }
    }

    /** What a swap costs by itself: one program ends, the next starts, loads, and answers. */
    private double byHandMillis() throws Exception {
        int port = Program.freePort();
        Program old = upstream(port);
        int next = Program.freePort();
        long began = System.nanoTime();
        old.close();
        try (Program fresh = upstream(next)) {
            firstByteMillis(fresh.address(), "bench");
            return (System.nanoTime() - began) / 1e6;
        }
    }

    private static double firstByteMillis(InetSocketAddress address, String model) throws IOException {
        long began = System.nanoTime();
        try (var socket = new Socket(address.getAddress(), address.getPort())) {
            socket.getOutputStream().write(Load.post("/v1/chat/completions", body(model, false, "\"max_tokens\":1")));
            var status = new ByteArrayOutputStream();
            for (int i = 0; i < 12; i++) {
                status.write(socket.getInputStream().read());
            }
            if (!status.toString(StandardCharsets.US_ASCII).startsWith("HTTP/1.1 200")) {
                throw new IOException("swap to " + model + " answered " + status.toString(StandardCharsets.US_ASCII));
            }
            return (System.nanoTime() - began) / 1e6;
        }
    }

    private Program upstream(int port) throws IOException {
        return Program.start(
                port,
                scratch.resolve("upstream.log"),
                Map.of(),
                List.of(command(), "demo-upstream", "--port", "" + port, "--name", "bench", "--tokens", "4", "--quiet"));
    }

    private Program turntable(int upstreamPort) throws IOException {
        Path config = Files.writeString(
                scratch.resolve("bench.yaml"),
                "logToStdout: none\nmodels:\n  bench:\n    cmd: sleep 100000\n    proxy: http://127.0.0.1:%d\n".formatted(upstreamPort));
        return serve(config, Program.freePort(), "data");
    }

    private Program serve(Path config, int port, String data) throws IOException {
        return Program.start(
                port,
                scratch.resolve("turntable.log"),
                Map.of(),
                List.of(
                        command(), "-config", config.toString(), "-listen", "127.0.0.1:" + port, "-data-dir", scratch.resolve(data).toString()));
    }

    private Program haproxy(int upstreamPort) throws IOException {
        int port = Program.freePort();
        Path config = Files.writeString(
                scratch.resolve("haproxy.cfg"),
                """
                global
                  nbthread 2
                defaults
                  mode http
                  option http-no-delay
                  timeout connect 5s
                  timeout client 60s
                  timeout server 60s
                listen bench
                  bind 127.0.0.1:%d
                  server upstream 127.0.0.1:%d
                """
                        .formatted(port, upstreamPort));
        return Program.start(port, scratch.resolve("haproxy.log"), Map.of(), List.of("haproxy", "-f", config.toString()));
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"), new String[] {"/usr/sbin"})
                .flatMap(Stream::of)
                .anyMatch(dir -> Files.isExecutable(Path.of(dir, program)));
    }

    private static String command() {
        return IMAGE.resolve("bin/turntable").toString();
    }

    private static String body(String model, boolean stream, String more) {
        return "{\"model\":\"%s\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}],%s}"
                .formatted(model, stream, PAD, more);
    }

    private void row(String what, String target, double value) {
        table.computeIfAbsent(what, _ -> new LinkedHashMap<>()).computeIfAbsent(target, _ -> new ArrayList<>()).add(value);
    }

    private void print() {
        String[] targets = {"direct", "turntable", "haproxy"};
        IO.println("| medians of %d rounds | %s |".formatted(rounds, String.join(" | ", targets)));
        IO.println("|---|---|---|---|");
        table.forEach((what, values) -> {
            var line = new StringBuilder("| ").append(what);
            for (String target : targets) {
                line.append(" | ").append(values.containsKey(target) ? "%.1f".formatted(Streams.median(values.get(target))) : "");
            }
            IO.println(line.append(" |"));
        });
    }
}
