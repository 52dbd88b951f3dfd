package dev.turntable.app;

import dev.turntable.app.Settings.Listen;
import dev.turntable.config.Config;
import dev.turntable.journal.Journal;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;

/** The running server: the one place where all rooms are wired together. So far it answers {@code /health} and nothing else. */
public final class Turntable implements AutoCloseable {
    private final Settings settings;
    private final Journal journal;
    private final WebServer server;

    private Turntable(Settings settings, Journal journal, WebServer server) {
        this.settings = settings;
        this.journal = journal;
        this.server = server;
    }

    /** Starts and listens; throws {@link StartException} with nothing left behind. */
    public static Turntable start(Settings settings, Config config) {
        var builder = WebServer.builder()
                .port(settings.listen().port())
                .shutdownHook(false)
                .featuresDiscoverServices(false)
                .protocolsDiscoverServices(true)
                .routing(HttpRouting.builder().get("/health", (_, response) -> response.send("OK")));
        if (!settings.listen().host().isEmpty()) {
            builder.host(settings.listen().host());
        }
        Journal journal = DataFolder.open(settings, config.turntable().retention());
        try {
            return new Turntable(settings, journal, Listener.start(builder.build(), settings.listen()));
        } catch (RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    /** Where it listens, with the port it was given. */
    public Listen listening() {
        return new Listen(settings.listen().host(), server.port());
    }

    /** Reads the configuration again and applies what changed (SIGHUP, llama-swap §1.5). */
    public void reload() {}

    @Override
    public void close() {
        server.stop();
        journal.close();
    }
}
