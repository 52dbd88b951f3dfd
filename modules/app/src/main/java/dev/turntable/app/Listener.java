package dev.turntable.app;

import dev.turntable.app.Settings.Listen;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Starts a web server so that an address that cannot be bound is an answer and not a log line. */
final class Listener {
    private Listener() {}

    /** The server, listening; or a {@link StartException} that says why not. */
    static WebServer start(WebServer server, Listen listen) {
        server.start();
        // Helidon 4.3.0 logs a failed bind, stops itself and returns as if all were well.
        if (!server.isRunning() || server.port() <= 0) {
            server.stop();
            throw new StartException(ExitCode.REFUSED, "cannot listen on " + listen + ": " + reason(listen));
        }
        return server;
    }

    /** Binds once more by hand, only to hear what the system says. */
    private static String reason(Listen listen) {
        var address = listen.host().isEmpty()
                ? new InetSocketAddress(listen.port())
                : new InetSocketAddress(listen.host(), listen.port());
        if (address.isUnresolved()) {
            return "unknown host";
        }
        try (var socket = new ServerSocket()) {
            socket.bind(address);
            return "it was in use a moment ago";
        } catch (IOException e) {
            return e.getMessage();
        }
    }
}
