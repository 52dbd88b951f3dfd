package dev.turntable.proxy;

import dev.turntable.config.Config;
import dev.turntable.config.loading.ConfigLoader;
import dev.turntable.config.loading.ConfigSources;
import dev.turntable.config.loading.LoadOptions;
import dev.turntable.config.loading.LoadResult;
import dev.turntable.upstream.ProxyEnvironment;
import dev.turntable.upstream.UpstreamPool;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** A running front door with a fake core and one scripted upstream: what the tests of this room stand in. */
final class House implements AutoCloseable {
    final ScriptedUpstream upstream = new ScriptedUpstream();
    final FakeAdmission admission;
    final InFlight inFlight = new InFlight();
    final CaptureStore captures;
    final Config config;
    volatile Optional<String> profile = Optional.empty();
    final UpstreamPool pool = new UpstreamPool(System::nanoTime, new ProxyEnvironment(Map.of()));
    private final WebServer server;
    private final DataPlane plane;

    /** {@code yaml} may hold {@code UP}, the address of the upstream. */
    House(Path folder, String yaml) throws IOException {
        this(folder, yaml, Optional.empty());
    }

    /** With {@code tls}, its clients must speak that. */
    House(Path folder, String yaml, Optional<SSLContext> tls) throws IOException {
        String text = yaml.replace("UP", "http://127.0.0.1:" + upstream.port());
        Path file = Files.writeString(folder.resolve("config.yaml"), text);
        config = load(file);
        admission = new FakeAdmission(config::model);
        captures = new CaptureStore(() -> (long) config.captureBuffer() << 20);
        plane = new DataPlane(
                () -> config, () -> profile, admission, captures, inFlight, folder.resolve("bodies"), pool);
        FrontDoor door = new FrontDoor(Routes.with(List.of()), () -> config, admission, plane);
        WebServerConfig.Builder builder =
                WebServer.builder().port(0).host("127.0.0.1").shutdownGracePeriod(Duration.ofSeconds(5));
        door.install(builder, tls);
        server = builder.addRouting(HttpRouting.builder()
                        .get("/health", (req, res) -> res.send("OK"))
                        .get("/running", (req, res) -> res.send("{\"running\":[]}"))
                        .post(
                                "/api/models/unload/{+name}",
                                (req, res) -> res.send(req.path().rawPath())))
                .build()
                .start();
    }

    private static Config load(Path file) {
        return switch (ConfigLoader.load(ConfigSources.file(file.toString()), LoadOptions.of(Map.of()))) {
            case LoadResult.Loaded loaded -> loaded.config();
            case LoadResult.Refused refused ->
                throw new AssertionError(refused.errors().toString());
        };
    }

    int port() {
        return server.port();
    }

    RawClient client() throws IOException {
        return new RawClient(port());
    }

    /** Ends the listener as a stop does: those under way may finish. */
    void stop() {
        server.stop();
    }

    @Override
    public void close() throws IOException {
        server.stop();
        plane.close();
        upstream.close();
    }
}
