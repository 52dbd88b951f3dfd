package dev.turntable.app;

import dev.turntable.app.Settings.Listen;
import dev.turntable.proxy.FrontDoor;
import io.helidon.common.configurable.Resource;
import io.helidon.common.pki.Keys;
import io.helidon.common.tls.Tls;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;

/** The listener: Helidon's web server, made ours by the front door. */
final class Listening {
    /** Requests under way at a stop get this long to end (llama-swap §1.3). */
    static final Duration DRAIN = Duration.ofSeconds(30);

    /** Who is refused when that time is over still hears so, before the connections are closed. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private Listening() {}

    /** Fails early, before anything is opened, when somebody else listens there already. */
    static void requireFree(Listen listen) {
        if (listen.port() == 0) {
            return;
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(address(listen));
        } catch (IOException e) {
            throw refused(listen, e);
        }
    }

    static WebServer open(Settings settings, FrontDoor door) {
        var builder = WebServer.builder()
                .port(settings.listen().port())
                .shutdownHook(false)
                .shutdownGracePeriod(DRAIN.plus(LAST_WORDS))
                .featuresDiscoverServices(false);
        if (!settings.listen().host().isEmpty()) {
            builder.host(settings.listen().host());
        }
        door.install(builder, settings.tls().map(Listening::tls));
        return Listener.start(builder.build(), settings.listen());
    }

    private static Tls tls(Settings.Tls files) {
        try {
            Keys keys = Keys.builder()
                    .pem(pem -> pem.key(Resource.create(files.key())).certChain(Resource.create(files.certificate())))
                    .build();
            return Tls.builder().privateKey(keys).privateKeyCertChain(keys).build();
        } catch (RuntimeException e) {
            throw new StartException(
                    ExitCode.REFUSED,
                    "TLS files cannot be used: " + files.certificate() + ", " + files.key() + ": " + e.getMessage(),
                    e);
        }
    }

    private static StartException refused(Listen listen, IOException e) {
        return new StartException(ExitCode.REFUSED, "cannot listen on " + listen + ": " + e.getMessage(), e);
    }

    private static InetSocketAddress address(Listen listen) {
        return listen.host().isEmpty()
                ? new InetSocketAddress(listen.port())
                : new InetSocketAddress(listen.host(), listen.port());
    }

    /** True when no other machine can reach it: an IP literal that is loopback, or a name whose every address is (llama-swap §1.2). */
    static boolean isLoopback(Listen listen) {
        if (listen.host().isEmpty()) {
            return false;
        }
        try {
            return Arrays.stream(InetAddress.getAllByName(listen.host())).allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
