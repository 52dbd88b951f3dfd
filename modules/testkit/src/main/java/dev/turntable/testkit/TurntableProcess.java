package dev.turntable.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import javax.net.ssl.SSLContext;

/**
 * The server as a user runs it: the built image, on a free port, with a scratch folder and real child processes.
 *
 * <pre>{@code
 * try (var turntable = TurntableProcess.with(model("fox", "--load-ms 200"), model("owl")).start()) {
 *     turntable.http().chat("fox").expect(200);
 *     turntable.awaitEvent("swap.finished");
 * }
 * }</pre>
 *
 * Closing it stops the server in order, checks that it ended with 0 and that no process of the test is left, and takes the scratch
 * folder away. {@link #kill} and {@link #start} again keep the data folder: that is a crash and a restart.
 */
public final class TurntableProcess implements AutoCloseable {
    /** More models than most tests have. */
    private static final int LIKELY_MODELS = 20;

    private final Path scratch;
    private final Children children = new Children();
    private final int startPort = freePorts();
    private final List<String> starter = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private Optional<Running> running = Optional.empty();
    private Optional<Http> http = Optional.empty();
    private Optional<SSLContext> trust = Optional.empty();

    private TurntableProcess(String yaml) {
        try {
            this.scratch = Files.createTempDirectory("turntable-test-");
            Files.createDirectory(scratch.resolve("home"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        children.mark(environment);
        environment.put("HOME", scratch.resolve("home").toString());
        config(yaml);
    }

    /** A server with these models (see {@link #model}) and nothing else said. */
    public static TurntableProcess with(String... models) {
        return configured("models:\n" + String.join("", models));
    }

    /** A server with this configuration file. */
    public static TurntableProcess configured(String yaml) {
        return new TurntableProcess(yaml);
    }

    /**
     * A model of the configuration that is a demo upstream: an entry to be put below {@code models:}.
     *
     * @param options more of its options ({@code turntable demo-upstream --help}), then more keys of the model, each on its own line
     */
    public static String model(String name, String... options) {
        String demo = options.length == 0 ? "" : " " + options[0];
        var entry = new StringBuilder("  %s:\n    cmd: %s --name %s%s\n".formatted(name, demoUpstream(), name, demo));
        for (int i = 1; i < options.length; i++) {
            entry.append("    ").append(options[i]).append('\n');
        }
        // llama-swap's default of ten at once is a rule of its own, with tests of its own.
        return entry.indexOf("concurrencyLimit") < 0
                ? entry.append("    concurrencyLimit: 1000\n").toString()
                : entry.toString();
    }

    /** A model whose process is this command, and which is ready as soon as that runs: an entry like that of {@link #model}. */
    public static String command(String name, String command, String... keys) {
        var entry = new StringBuilder("  %s:\n    cmd: >-\n      %s\n".formatted(name, command));
        for (String key : keys) {
            entry.append("    ").append(key).append('\n');
        }
        return entry.toString();
    }

    /** How a configuration starts the demo upstream, up to its first option. */
    public static String demoUpstream() {
        return "${env.TURNTABLE_BIN} demo-upstream --port ${PORT}";
    }

    /** Writes the configuration file anew; a running server sees it when it looks. Unless it says {@code startPort}, it gets one of its own. */
    public TurntableProcess config(String yaml) {
        String ports = yaml.contains("startPort:") ? "" : "startPort: " + startPort + "\n";
        try {
            Files.writeString(scratch.resolve("config.yaml"), ports + yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /**
     * The first of a row of ports that no other server on this machine is likely to hand out: tests run beside each other. Below those
     * that the kernel gives to connections.
     */
    public static int freePorts() {
        while (true) {
            int first = ThreadLocalRandom.current().nextInt(10_000, 32_000);
            if (isFree(first) && isFree(first + LIKELY_MODELS)) {
                return first;
            }
        }
    }

    private static boolean isFree(int port) {
        try (var _ = new ServerSocket(port)) {
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    public TurntableProcess arguments(String... more) {
        arguments.addAll(List.of(more));
        return this;
    }

    /** Has it started by another program, which must become it: {@code "nohup"}. */
    public TurntableProcess startedBy(String... words) {
        starter.addAll(List.of(words));
        return this;
    }

    public TurntableProcess environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Lets it listen with TLS, as {@code localhost}. */
    public TurntableProcess tls(Certificate certificate) {
        trust = Optional.of(certificate.context());
        return arguments(
                "-listen",
                "localhost:0",
                "-tls-cert-file",
                certificate.certificate().toString(),
                "-tls-key-file",
                certificate.key().toString());
    }

    /** Starts it and returns when it listens. */
    public TurntableProcess start() {
        Running process = launch();
        String scheme = trust.isPresent() ? "https://" : "http://";
        try {
            http = Optional.of(new Http(URI.create(scheme + process.address()), trust));
        } catch (AssertionError e) {
            process.kill(); // whoever fails to get a server has none to close
            throw e;
        }
        return this;
    }

    /** Starts it where it is expected to end by itself; the exit code. Its output is in {@link #output}. */
    public int startAndEnd() {
        return launch().exitCode();
    }

    private Running launch() {
        if (running.filter(Running::isAlive).isPresent()) {
            throw new IllegalStateException("it is running");
        }
        var command = new ArrayList<>(List.of(
                Image.COMMAND.toString(),
                "-config",
                scratch.resolve("config.yaml").toString(),
                "-data-dir",
                dataDir().toString()));
        if (!arguments.contains("-listen")) {
            command.addAll(List.of("-listen", "127.0.0.1:0"));
        }
        command.addAll(arguments);
        command.addAll(0, starter);
        running = Optional.of(Running.start(scratch, environment, command));
        return running.orElseThrow();
    }

    public Http http() {
        return http.orElseThrow(() -> new IllegalStateException("not started"));
    }

    public Path dataDir() {
        return scratch.resolve("data");
    }

    public Path scratch() {
        return scratch;
    }

    public long pid() {
        return running.orElseThrow().pid();
    }

    /**
     * Opens a gate: a file in the folder where the server and its children run. {@code --load-until GATE} keeps a demo upstream
     * loading until then, {@code "demo":{"until":"GATE"}} an answer waiting.
     */
    public void open(String gate) {
        try {
            Files.createFile(scratch.resolve(gate));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the record says about one model. */
    public Story story(String model) {
        return new Story(this, model);
    }

    /** Everything the server has printed. */
    public List<String> output() {
        return running.map(Running::output).orElse(List.of());
    }

    /** The first line of its output that contains this, waited for: lines come one by one. */
    public String awaitLine(String part) {
        return running.orElseThrow().awaitLine(part);
    }

    /** Sends a signal by its name: {@code "HUP"}. */
    public void signal(String name) {
        running.orElseThrow().signal(name);
    }

    /** Every living process of this test but the server itself: upstreams, their children, orphans. */
    public List<ProcessHandle> upstreams() {
        long server = running.map(Running::pid).orElse(0L);
        return children.alive().stream().filter(p -> p.pid() != server).toList();
    }

    /** Whether this process is one of {@link #upstreams}. A zombie is none. */
    public boolean isAlive(long pid) {
        return upstreams().stream().anyMatch(process -> process.pid() == pid);
    }

    /** {@code /running}: model to state. */
    public Map<String, String> states() {
        var states = new HashMap<String, String>();
        http().get("/running")
                .expect(200)
                .json()
                .get("running")
                .forEach(r -> states.put(r.get("model").asText(), r.get("state").asText()));
        return states;
    }

    /** One page of the history: {@code history("type=swap.*&limit=1000")}. */
    public List<JsonNode> history(String query) {
        JsonNode events = http().get("/api/history?" + query).expect(200).json().get("events");
        return StreamSupport.stream(events.spliterator(), false).toList();
    }

    /** The first event of this type, waited for. */
    public JsonNode awaitEvent(String type) {
        return awaitEvent(type, event -> true);
    }

    /** The first event of this type that is as described, waited for. */
    public JsonNode awaitEvent(String type, Predicate<JsonNode> described) {
        return new LiveRecord(http()).await("type=" + type, 1, described);
    }

    /** SIGTERM; the exit code. */
    public int stop() {
        closeHttp();
        return running.orElseThrow().stop();
    }

    /** SIGKILL: a crash. The data folder stays, and so may upstreams; {@link #start} starts it again. */
    public void kill() {
        closeHttp();
        running.orElseThrow().kill();
    }

    /** Fails when a process of this test is still alive. */
    public void assertNothingLeft() {
        Wait.until("no process is left of " + children.commands(), () -> children.alive()
                .isEmpty());
    }

    private void closeHttp() {
        http.ifPresent(Http::close);
        http = Optional.empty();
    }

    @Override
    public void close() {
        try {
            if (running.filter(Running::isAlive).isPresent()) {
                assertEquals(
                        0,
                        stop(),
                        () -> "exit code; its output:\n" + running.orElseThrow().text());
                assertNothingLeft();
            }
        } finally {
            children.destroy();
            deleteScratch();
        }
    }

    private void deleteScratch() {
        try (var files = Files.walk(scratch)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
