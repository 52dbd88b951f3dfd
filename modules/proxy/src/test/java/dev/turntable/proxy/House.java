package dev.turntable.proxy;

import dev.turntable.config.Config;
import dev.turntable.config.loading.ConfigLoader;
import dev.turntable.config.loading.ConfigSources;
import dev.turntable.config.loading.LoadOptions;
import dev.turntable.config.loading.LoadResult;
import dev.turntable.proxy.activity.CaptureStore;
import dev.turntable.proxy.activity.InFlight;
import dev.turntable.proxy.exchange.Route;
import dev.turntable.proxy.exchange.Routes;
import dev.turntable.testkit.RawClient;
import dev.turntable.testkit.StubUpstream;
import dev.turntable.upstream.ProxyEnvironment;
import dev.turntable.upstream.UpstreamPool;
import io.helidon.common.tls.Tls;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A running front door with a fake core and one scripted upstream: what the tests of this room stand in. */
final class House implements AutoCloseable {
    final StubUpstream upstream = StubUpstream.answering((_, wire) -> wire.send(StubUpstream.ok("{}")));
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
    House(Path folder, String yaml, Optional<Tls> tls) throws IOException {
        String text = yaml.replace("UP", "http://127.0.0.1:" + upstream.port());
        Path file = Files.writeString(folder.resolve("config.yaml"), text);
        config = load(file);
        admission = new FakeAdmission(config::model);
        captures = new CaptureStore(() -> (long) config.captureBuffer() << 20);
        plane = new DataPlane(
                () -> config, () -> profile, admission, captures, inFlight, folder.resolve("bodies"), pool);
        FrontDoor door = new FrontDoor(Routes.of(plane.routes(), control()), () -> config, admission::served);
        WebServerConfig.Builder builder =
                WebServer.builder().port(0).host("127.0.0.1").shutdownGracePeriod(Duration.ofSeconds(5));
        door.install(builder, tls);
        server = builder.build().start();
    }

    /** Stands in for the control plane. */
    private static List<Route> control() {
        return List.of(
                text("GET", "/health", false, Route.Plane.CONTROL, "OK"),
                text("GET", "/upstream", false, Route.Plane.CONTROL, ""),
                text("GET", "/unload", true, Route.Plane.CONTROL, "OK"),
                text("GET", "/metrics", true, Route.Plane.CONTROL, ""),
                text("GET", "/running", true, Route.Plane.CONTROL, "{\"running\":[]}"),
                text("GET", "/v1/models", true, Route.Plane.DATA, "{\"data\":[]}"),
                new Route(
                        "POST",
                        "/api/models/unload/{name...}",
                        true,
                        Route.Plane.CONTROL,
                        exchange -> exchange.text(200, exchange.rawPath())));
    }

    private static Route text(String method, String path, boolean keyed, Route.Plane plane, String text) {
        return new Route(method, path, keyed, plane, exchange -> exchange.text(200, text));
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
        return RawClient.to(port());
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
