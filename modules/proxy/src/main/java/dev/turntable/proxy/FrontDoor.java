package dev.turntable.proxy;

import dev.turntable.config.Config;
import dev.turntable.event.Fact;
import dev.turntable.proxy.door.DoorSelector;
import dev.turntable.proxy.exchange.Answering;
import dev.turntable.proxy.exchange.Exchange;
import dev.turntable.proxy.exchange.Route;
import dev.turntable.proxy.exchange.Routes;
import dev.turntable.proxy.filters.AccessFilter;
import dev.turntable.proxy.filters.CorsFilter;
import dev.turntable.proxy.filters.ExchangeFilter;
import dev.turntable.proxy.filters.KeyCheck;
import dev.turntable.proxy.filters.PathFilter;
import dev.turntable.upstream.Headers;
import dev.turntable.upstream.Reasons;
import io.helidon.common.tls.Tls;
import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.TransportResponse;
import io.helidon.http.HeaderNames;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRoute;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What every request passes (llama-swap §3.1). Helidon's web server accepts, reads and routes; this makes it ours: connections that notice
 * when their client leaves ({@link DoorSelector}), the filters in their order, and a route for each line of the table of {@link Routes}.
 *
 * <p>An action behind the front door can rely on: its route is for this path and method, a key was checked where one is needed, HEAD is
 * served as GET (the body is dropped on the way out), {@code Host} and lengths are sound. It must answer by its {@link Exchange}.
 */
public final class FrontDoor {
    /** Measured: an idle connection holds 14 KiB of heap (Helidon's buffer, a thread's stack); the rest is for working ones. */
    private static final int CONNECTION_BYTES = 24 * 1024;

    /** With TLS it holds five buffers of a record each. */
    private static final int SECURE_CONNECTION_BYTES = 128 * 1024;

    private final Routes routes;
    private final Supplier<Config> config;
    private final Consumer<Fact.HttpServed> served;
    private final DoorSelector selector;

    /** {@code served} puts on the record what was answered and is not there as a model's request. */
    public FrontDoor(Routes routes, Supplier<Config> config, Consumer<Fact.HttpServed> served) {
        this.routes = routes;
        this.config = config;
        this.served = served;
        this.selector = new DoorSelector(() -> config.get().turntable().limits().header());
    }

    /**
     * Makes a Helidon server serve our routes, and nothing else: its only protocol is HTTP/1.1, small writes are sent at once on the
     * caller's thread, bodies are not packed or unpacked on the way. More clients than connections wait in the system's backlog until one
     * leaves.
     */
    public void install(WebServerConfig.Builder server, Optional<Tls> tls) {
        server.protocolsDiscoverServices(false)
                .addConnectionSelector(selector)
                .routing(routing())
                .directHandlers(refusals())
                .contentEncoding(ContentEncodingContext.builder()
                        .contentEncodingsDiscoverServices(false)
                        .build())
                .writeQueueLength(0)
                .maxTcpConnections(connections(tls.isPresent() ? SECURE_CONNECTION_BYTES : CONNECTION_BYTES))
                // Its channels write 8 KiB at a time, and its sockets do not close behind TLS.
                .useNio(tls.isPresent())
                .connectionOptions(options -> options.tcpNoDelay(true).socketKeepAlive(true));
        tls.ifPresent(server::tls);
    }

    /** Ends the connections of clients that have not taken for so long what is written to them: for a server that wants to end. */
    public void hangUp(Duration stalled) {
        selector.hangUp(stalled);
    }

    private HttpRouting.Builder routing() {
        HttpRouting.Builder routing = HttpRouting.builder()
                .addFilter(new ExchangeFilter())
                .addFilter(new AccessFilter(served))
                .addFilter(new CorsFilter(routes, config))
                .addFilter(new PathFilter(routes));
        KeyCheck keys = new KeyCheck(config);
        for (Route route : routes.all()) {
            Route.Action action = route.keyed() ? keys.before(route.action()) : route.action();
            routing.route(HttpRoute.builder()
                    .methods(method -> route.allows(method.text()))
                    .path(route.path())
                    .handler((request, response) -> {
                        Exchange exchange = Exchange.of(request);
                        // To Helidon get is GET.
                        boolean meant = route.allows(exchange.method());
                        Answering.of(exchange, () -> {
                            if (meant) {
                                action.serve(exchange);
                            } else {
                                unrouted(exchange);
                            }
                        });
                    }));
        }
        return routing.any((request, response) -> {
            Exchange exchange = Exchange.of(request);
            Answering.of(exchange, () -> unrouted(exchange));
        });
    }

    /** As many as the settings allow and the heap can hold. */
    private int connections(int bytesEach) {
        long fitting = Math.max(64, Runtime.getRuntime().maxMemory() / bytesEach);
        return (int) Math.min(fitting, config.get().turntable().limits().connections());
    }

    /** What was not even a request hears its status in a line; then the connection ends. */
    private static DirectHandlers refusals() {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
            handlers.addHandler(type, (request, event, status, headers, message) -> TransportResponse.builder()
                    .status(status)
                    .headers(headers)
                    .header(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                    .keepAlive(false)
                    .entity((status.code() + " " + Reasons.of(status.code())).getBytes(StandardCharsets.US_ASCII))
                    .build());
        }
        return handlers.build();
    }

    /** Subtrees that exist below a path without its slash lead there; a known path names its methods; everything else is nowhere. */
    private void unrouted(Exchange exchange) throws IOException {
        String path = exchange.path();
        String allow = routes.allowed(exchange.rawPath());
        if (path.equals("/ui") || path.equals("/upstream")) {
            exchange.redirect(307, path + "/" + exchange.head().queryPart());
        } else if (allow.isEmpty()) {
            sorry(exchange, 404, "404 page not found", nosniff());
        } else {
            Headers more = nosniff();
            more.add("Allow", allow);
            sorry(exchange, 405, "Method Not Allowed", more);
        }
    }

    /** A line, for those who do not say that they read JSON. */
    private static void sorry(Exchange exchange, int status, String message, Headers more) throws IOException {
        if (exchange.header("Accept")
                .filter(accept -> accept.contains("application/json"))
                .isPresent()) {
            exchange.error(status, message, more);
        } else {
            exchange.answer(status, "text/plain; charset=utf-8", message + "\n", more);
        }
    }

    private static Headers nosniff() {
        Headers more = new Headers();
        more.add("X-Content-Type-Options", "nosniff");
        return more;
    }
}
