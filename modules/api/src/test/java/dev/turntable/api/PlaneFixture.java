package dev.turntable.api;

import dev.turntable.config.Config;
import dev.turntable.config.loading.ConfigLoader;
import dev.turntable.config.loading.ConfigSources;
import dev.turntable.config.loading.LoadOptions;
import dev.turntable.config.loading.LoadResult;
import dev.turntable.history.History;
import dev.turntable.journal.MemoryJournal;
import dev.turntable.logs.LogSettings;
import dev.turntable.logs.LogStreams;
import dev.turntable.logs.OutputStore;
import dev.turntable.logs.OutputStore.Retention;
import dev.turntable.logs.StartCommands;
import dev.turntable.proxy.FrontDoor;
import dev.turntable.proxy.activity.CaptureStore;
import dev.turntable.proxy.activity.InFlight;
import dev.turntable.proxy.exchange.Route;
import dev.turntable.proxy.exchange.Routes;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A whole control plane on a port of its own, over a real journal, real logs and a {@link FakeCore}; close it. */
final class PlaneFixture implements AutoCloseable {
    static final BuildInfo BUILD = new BuildInfo("1.2.3", "abcdef", "2026-01-01T00:00:00Z");

    final MemoryJournal journal = MemoryJournal.create();
    final FakeCore core = new FakeCore(journal);
    final InFlight inFlight = new InFlight();
    final CaptureStore captures = new CaptureStore(() -> 1 << 20);
    final FakeConfig config;
    final LogStreams logs;
    final OutputStore output;
    final History history;
    final ControlPlane plane;
    private final Path folder;
    private final WebServer server;

    private PlaneFixture(String yaml) throws IOException {
        folder = Files.createTempDirectory("turntable-api");
        config = new FakeConfig(load(yaml));
        output = OutputStore.open(folder.resolve("output"), Retention.DEFAULT, InstantSource.system());
        logs = LogStreams.open(
                journal,
                output,
                LogSettings.of("info", "", "proxy", ZoneOffset.UTC),
                StartCommands.UNKNOWN,
                OutputStream.nullOutputStream(),
                1);
        history = History.open(journal);
        plane = new ControlPlane(new ControlPlane.Parts(
                config,
                core,
                journal,
                logs,
                history,
                inFlight,
                captures,
                BUILD,
                InstantSource.system(),
                ZoneOffset.UTC));
        server = serve(plane.routes(), config::current);
    }

    /** These routes behind the front door. */
    static WebServer serve(List<Route> routes, Supplier<Config> config) {
        WebServerConfig.Builder builder = WebServer.builder().host("127.0.0.1").port(0);
        new FrontDoor(Routes.of(List.of(), routes), config, served -> {}).install(builder, Optional.empty());
        return builder.build().start();
    }

    static PlaneFixture with(String yaml) {
        try {
            return new PlaneFixture(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Config load(String yaml) {
        return switch (ConfigLoader.load(ConfigSources.text("test.yaml", yaml), LoadOptions.of(Map.of()))) {
            case LoadResult.Loaded loaded -> loaded.config();
            case LoadResult.Refused refused ->
                throw new AssertionError(refused.first().render());
        };
    }

    /** What a client got. */
    record Reply(int status, String text, Map<String, List<String>> headers) {
        Object json() {
            return JsonTree.parse(text);
        }

        String header(String name) {
            return headers.entrySet().stream()
                    .filter(e -> name.equalsIgnoreCase(e.getKey()))
                    .map(e -> e.getValue().getFirst())
                    .findFirst()
                    .orElse("");
        }
    }

    Reply get(String path, String... headers) {
        return send("GET", path, Optional.empty(), headers);
    }

    Reply post(String path) {
        return send("POST", path, Optional.of(""));
    }

    Reply send(String method, String path, Optional<String> body, String... headers) {
        try {
            HttpURLConnection c = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + port() + path).toURL().openConnection();
            c.setRequestMethod(method);
            c.setInstanceFollowRedirects(false);
            c.setReadTimeout(20_000);
            for (int i = 0; i < headers.length; i += 2) {
                c.setRequestProperty(headers[i], headers[i + 1]);
            }
            if (body.isPresent()) {
                c.setDoOutput(true);
                c.getOutputStream().write(body.get().getBytes(StandardCharsets.UTF_8));
            }
            int status = c.getResponseCode();
            InputStream in = status >= 400 ? c.getErrorStream() : c.getInputStream();
            String text = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new Reply(status, text, c.getHeaderFields());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens a stream and reads it in the background. */
    Streamed open(String path, String... headers) {
        return new Streamed(port(), path, headers);
    }

    int port() {
        return server.port();
    }

    /** Waits until something holds, ten seconds at most. */
    static void until(String what, BooleanSupplier holds) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within ten seconds: " + what);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    @Override
    public void close() {
        plane.close();
        server.stop();
        logs.close();
        history.close();
        output.close();
        journal.close();
    }

    /** A stream that is read as it comes. */
    static final class Streamed implements AutoCloseable {
        private final Socket socket;
        private final StringBuilder text = new StringBuilder();
        private volatile boolean ended;

        Streamed(int port, String path, String... headers) {
            try {
                socket = new Socket("127.0.0.1", port);
                StringBuilder head = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: x\r\n");
                for (int i = 0; i < headers.length; i += 2) {
                    head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
                }
                socket.getOutputStream().write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Thread.ofVirtual().start(this::read);
        }

        private void read() {
            try {
                byte[] buffer = new byte[8_192];
                InputStream in = socket.getInputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    synchronized (text) {
                        text.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
                        ended |= text.toString().endsWith("\r\n0\r\n\r\n");
                    }
                }
            } catch (IOException gone) {
                // Closed by the test.
            }
            ended = true;
        }

        /** Head, chunk sizes and all. */
        String text() {
            synchronized (text) {
                return text.toString();
            }
        }

        boolean ended() {
            return ended;
        }

        /** The decoded data of every message of that type so far ({@code /api/events}). */
        List<Object> messages(String type) {
            List<Object> found = new ArrayList<>();
            for (String line : text().split("\n")) {
                if (line.startsWith("data:{\"type\":\"" + type + "\"")) {
                    Object envelope = JsonTree.parse(line.substring(5).strip());
                    found.add(JsonTree.parse((String) JsonTree.at(envelope, "data")));
                }
            }
            return found;
        }

        void await(String needle) {
            until("the stream says " + needle + " in " + text(), () -> text().contains(needle));
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
