import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the image's start-up caches: runs the real server and the real demo upstream through what they do all day, and lets the JVM
 * keep the classes, links and profiles of that run.
 *
 * <p>A server that does not start, end or leave a cache fails the build; an answer that is late, broken or not 2xx does not: the run is
 * no test, and whoever works on a broken server needs an image to look at it.
 */
final class Training {
    private static final Pattern LISTENING = Pattern.compile("(?:listening on|serves) (?:http://)?(\\S+:\\d+)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration ANSWER = Duration.ofSeconds(15);

    private final Path image;
    private final Path root;
    private final Path scratch;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Training(Path image, Path root, Path scratch) {
        this.image = image;
        this.root = root;
        this.scratch = scratch;
    }

    static void run(Path image, Path root, Path scratch) throws Exception {
        Files.createDirectories(scratch);
        var training = new Training(image, root, scratch);
        training.demoUpstream();
        training.server();
    }

    private void demoUpstream() throws Exception {
        // The words the launcher adds are part of what the cache was made for.
        List<String> words = new ArrayList<>(List.of("-XX:AOTCacheOutput=" + image.resolve("lib/demo-upstream.aot")));
        words.addAll(launcherOptions());
        words.addAll(List.of("-m", "dev.turntable.demo/dev.turntable.demo.DemoUpstream", "--port", "0", "--name", "training"));
        train("demo-upstream", words, base -> {
            for (int i = 0; i < 20; i++) {
                get(base, "/health");
                chat(base, "training", false);
                chat(base, "training", true);
                post(base, "/v1/embeddings", "{\"model\":\"training\",\"input\":\"a b c\"}");
            }
        });
        mustExist("demo-upstream");
    }

    /** The JVM options the launcher gives the demo upstream. */
    private List<String> launcherOptions() throws IOException {
        Matcher line = Pattern.compile("demo=\"([^\"]*)\"").matcher(Files.readString(image.resolve("bin/turntable")));
        if (!line.find()) {
            throw new IllegalStateException("the launcher names no options for the demo upstream");
        }
        return List.of(line.group(1).split(" "));
    }

    /** Twice on one data folder: most starts find a journal, so the one that is kept must too. */
    private void server() throws Exception {
        // Other servers on this machine may hold the ports that the demo would use.
        Path demo = root.resolve("config/demo.yaml");
        Files.writeString(config(), "startPort: " + freePorts() + "\n" + Files.readString(demo));
        train("turntable", serverWords(), base -> chat(base, "fox", false));
        var words = new ArrayList<>(List.of("-XX:AOTCacheOutput=" + image.resolve("lib/turntable.aot")));
        words.addAll(serverWords());
        train("turntable", words, this::aDay);
        mustExist("turntable");
    }

    private Path config() {
        return scratch.resolve("config.yaml");
    }

    private static int freePorts() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return Math.min(socket.getLocalPort(), 65_000);
        }
    }

    private List<String> serverWords() {
        return List.of(
                "-m",
                "dev.turntable.app/dev.turntable.app.Main",
                "-config",
                config().toString(),
                "-data-dir",
                scratch.resolve("data").toString(),
                "-listen",
                "127.0.0.1:0");
    }

    private void mustExist(String name) {
        if (!Files.exists(image.resolve("lib/" + name + ".aot"))) {
            throw new IllegalStateException(name + " left no start-up cache; see " + scratch.resolve(name + ".log"));
        }
    }

    private void aDay(URI base) throws Exception {
        for (String model : List.of("fox", "owl", "wren", "fox")) {
            chat(base, model, false);
            chat(base, model, true);
        }
        together(32, 20, () -> chat(base, "fox", false));
        together(8, 4, () -> chat(base, "fox", true));
        for (String path : List.of(
                "/health", "/v1/models", "/running", "/logs", "/metrics", "/api/history?limit=100", "/api/swaps", "/api/state",
                "/api/journal", "/api/version", "/upstream/fox/v1/models", "/ui/", "/nothing-here")) {
            get(base, path);
        }
        post(base, "/v1/embeddings", "{\"model\":\"wren\",\"input\":\"a b c\"}");
        chat(base, "no-such-model", false);
        get(base, "/unload");
    }

    private interface Work {
        void on(URI base) throws Exception;
    }

    private interface Step {
        void run() throws Exception;
    }

    private void train(String name, List<String> words, Work work) throws Exception {
        var command = new ArrayList<>(List.of(image.resolve("bin/java").toString()));
        command.addAll(words);
        Path log = scratch.resolve(name + ".log");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("TURNTABLE_BIN", image.resolve("bin/turntable").toString());
        Process process = builder.start();
        try {
            work.on(URI.create("http://" + address(process, log)));
            process.destroy();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException(name + " does not end; see " + log);
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private static String address(Process process, Path log) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            Matcher line = LISTENING.matcher(Files.readString(log));
            if (line.find()) {
                return line.group(1);
            }
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
        throw new IllegalStateException("does not listen: " + Files.readString(log));
    }

    private void together(int clients, int times, Step step) throws Exception {
        try (var pool = Executors.newFixedThreadPool(clients)) {
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < clients; i++) {
                running.add(pool.submit(() -> {
                    for (int n = 0; n < times; n++) {
                        step.run();
                    }
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
    }

    private void chat(URI base, String model, boolean stream) throws Exception {
        post(
                base,
                "/v1/chat/completions",
                "{\"model\":\"%s\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"Say hello to the training run.\"}]}"
                        .formatted(model, stream));
    }

    private void post(URI base, String path, String body) throws Exception {
        send(HttpRequest.newBuilder(base.resolve(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    private void get(URI base, String path) throws Exception {
        send(HttpRequest.newBuilder(base.resolve(path)));
    }

    private void send(HttpRequest.Builder request) throws InterruptedException {
        HttpRequest asked = request.timeout(ANSWER).build();
        try {
            client.send(asked, BodyHandlers.discarding());
        } catch (IOException e) {
            System.err.println("training: " + asked.method() + " " + asked.uri().getPath() + ": " + e);
        }
    }
}
