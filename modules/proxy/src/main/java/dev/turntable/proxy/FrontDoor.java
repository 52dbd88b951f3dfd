package dev.turntable.proxy;

import dev.turntable.config.Config;
import dev.turntable.event.Fact;
import dev.turntable.upstream.Headers;
import dev.turntable.upstream.RequestHead;
import dev.turntable.upstream.WireException;
import io.helidon.webserver.WebServerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * What every request passes first (llama-swap §3.1): strict HTTP, pre-flight answers, clean paths, unknown paths and methods, keys, and
 * the record of what was served. A model's request goes on to the {@link DataPlane}; every other known path goes, normalised, to Helidon's
 * own routing, where {@code api} registered its handlers.
 *
 * <p>Helidon listens and gives each connection its virtual thread; from there the connection is ours, because a proxy needs interim
 * answers, trailers, exact headers and the right to cut an answer short (docs/decisions/0050). With TLS, clients choose between HTTP/2 and
 * HTTP/1.1; without, there is HTTP/1.1 only (docs/decisions/0052).
 *
 * <p>A handler behind the front door can rely on: the path has a route in {@link Routes} for this method, a key was checked where one is
 * needed, HEAD arrives as GET (the body is dropped on the way out), {@code Host} and lengths are sound. It must not answer OPTIONS, 404 for
 * unknown paths or 405, and must not record {@code http.served}.
 */
public final class FrontDoor {
    private static final System.Logger LOG = System.getLogger(FrontDoor.class.getName());

    private static final String DEFAULT_ALLOWED = "Content-Type, Authorization, Accept, X-Requested-With";

    /** Measured: an idle connection holds 14 KiB of heap (Helidon's buffer, a thread's stack); the rest is for working ones. */
    private static final int CONNECTION_BYTES = 24 * 1024;

    /** With TLS it holds 35 KiB: the buffers and keys of both directions. */
    private static final int SECURE_CONNECTION_BYTES = 48 * 1024;

    /** A request of HTTP/2 has a thread and buffers like a connection, and shares the heap with them. */
    private static final int STREAM_BYTES = 48 * 1024;

    private final Routes routes;
    private final Supplier<Config> config;
    private final Admission admission;
    private final DataPlane plane;
    private final HelidonRelay relay = new HelidonRelay();
    private final Semaphore streams;

    public FrontDoor(Routes routes, Supplier<Config> config, Admission admission, DataPlane plane) {
        this.routes = routes;
        this.config = config;
        this.admission = admission;
        this.plane = plane;
        this.streams = new Semaphore((int) fitting(STREAM_BYTES));
    }

    /**
     * Makes a Helidon server use this front door: its only protocol, small writes sent at once, writes on the caller's thread. More clients
     * than connections wait in the system's backlog until one leaves.
     *
     * @param tls with it, clients must speak TLS; the server's own stays off
     */
    public void install(WebServerConfig.Builder server, Optional<SSLContext> tls) {
        server.protocolsDiscoverServices(false)
                .addConnectionSelector(new DoorSelector(this, tls))
                .writeQueueLength(0)
                .maxTcpConnections(connections(tls.isPresent() ? SECURE_CONNECTION_BYTES : CONNECTION_BYTES))
                .connectionOptions(options -> options.tcpNoDelay(true).socketKeepAlive(true));
    }

    /** As many as the settings allow and the heap can hold. */
    private int connections(int bytesEach) {
        return (int)
                Math.min(fitting(bytesEach), config.get().turntable().limits().connections());
    }

    private static long fitting(int bytesEach) {
        return Math.max(64, Runtime.getRuntime().maxMemory() / bytesEach);
    }

    /** Most bytes of a request's headers. */
    int headLimit() {
        return config.get().turntable().limits().header();
    }

    /** Room for one more request of HTTP/2; given back when it has been served. */
    Semaphore streams() {
        return streams;
    }

    /** Answers one request, whatever happens on the way. True when the client may send another where this one came from. */
    boolean answer(Exchange exchange) throws IOException {
        try {
            serve(exchange);
            return exchange.finish();
        } catch (WireException violation) {
            if (exchange.status() == 0) {
                refuse(exchange, violation);
            }
        } catch (UncheckedIOException lost) {
            unanswered(exchange);
        } catch (RuntimeException bug) {
            LOG.log(System.Logger.Level.ERROR, "request failed: " + exchange.path(), bug);
            unanswered(exchange);
        }
        return false;
    }

    private static void unanswered(Exchange exchange) throws IOException {
        if (exchange.status() == 0) {
            exchange.close();
            exchange.error(500, "unspecific error: internal error");
            exchange.flush();
        }
    }

    private void serve(Exchange exchange) throws IOException {
        RequestHead head = exchange.head();
        if (head.method().equals("OPTIONS")) {
            preflight(exchange);
        } else if (!PercentCodec.wellFormed(head.rawPath()) || head.target().equals("*")) {
            exchange.text(400, "400 Bad Request");
        } else {
            String clean = CleanPath.of(head.rawPath());
            if (clean.equals(head.rawPath())) {
                route(exchange);
            } else {
                exchange.redirect(307, clean + queryOf(head));
            }
        }
        record(exchange);
    }

    /** What was not even a request: answered, then the connection ends. */
    void refuse(Exchange exchange, WireException violation) throws IOException {
        exchange.refuse(violation.status());
        exchange.clientSide().linger();
    }

    private void route(Exchange exchange) throws IOException {
        RequestHead head = exchange.head();
        switch (routes.match(head.method(), head.rawPath())) {
            case Routes.Match.Unknown unknown -> unknown(exchange);
            case Routes.Match.WrongMethod wrong -> wrongMethod(exchange, wrong.allow());
            case Routes.Match.Found found -> {
                if (found.route().authenticated() && !permitted(head)) {
                    Headers more = new Headers();
                    more.add("WWW-Authenticate", Authentication.CHALLENGE);
                    exchange.error(401, Authentication.MESSAGE, more);
                } else {
                    serve(exchange, found.route());
                }
            }
        }
    }

    private void serve(Exchange exchange, Routes.Route route) throws IOException {
        switch (route.plane()) {
            case MODEL -> plane.model(exchange);
            case UPSTREAM -> plane.upstream(exchange);
            case COMFYUI -> plane.comfyui(exchange);
            case CONTROL -> relay.serve(exchange);
        }
    }

    private boolean permitted(RequestHead head) {
        return Authentication.permits(
                config.get().apiKeys(),
                head.headers().first("Authorization"),
                head.headers().first("x-api-key"));
    }

    /** Subtrees that exist below a path without its slash lead there; everything else is nowhere. */
    private void unknown(Exchange exchange) throws IOException {
        String path = exchange.path();
        if (path.equals("/ui")) {
            exchange.redirect(307, "/ui/" + queryOf(exchange.head()));
        } else {
            Headers more = new Headers();
            more.add("X-Content-Type-Options", "nosniff");
            exchange.answer(404, "text/plain; charset=utf-8", "404 page not found\n", more);
        }
    }

    private void wrongMethod(Exchange exchange, String allow) throws IOException {
        if (exchange.path().equals("/upstream")) {
            exchange.redirect(307, "/upstream/" + queryOf(exchange.head()));
            return;
        }
        Headers more = new Headers();
        more.add("Allow", allow);
        more.add("X-Content-Type-Options", "nosniff");
        exchange.answer(405, "text/plain; charset=utf-8", "Method Not Allowed\n", more);
    }

    private static String queryOf(RequestHead head) {
        return head.hasQuery() ? "?" + head.rawQuery() : "";
    }

    private static void preflight(Exchange exchange) throws IOException {
        Headers more = new Headers();
        more.add("Access-Control-Allow-Origin", "*");
        more.add("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS");
        Optional<String> asked = exchange.head()
                .headers()
                .first("Access-Control-Request-Headers")
                .filter(h -> !h.isEmpty());
        more.add("Access-Control-Allow-Headers", asked.map(CleanPath::tokens).orElse(DEFAULT_ALLOWED));
        more.add("Access-Control-Max-Age", "86400");
        exchange.empty(204, more);
    }

    private void record(Exchange exchange) {
        String path = exchange.path();
        if (exchange.onRecord()
                || path.startsWith("/wol-health")
                || path.startsWith("/api/performance")
                || path.startsWith("/metrics")) {
            return;
        }
        admission.served(new Fact.HttpServed(
                Recorded.TERM.cut(exchange.head().method()),
                Recorded.LINE.cut(path),
                exchange.head().protocol(),
                exchange.status() == 0 ? 200 : exchange.status(),
                exchange.bodyBytes(),
                Recorded.TERM.cut(exchange.client()),
                exchange.head().headers().first("User-Agent").map(Recorded.LINE::cut),
                Duration.ofNanos(System.nanoTime() - exchange.startNanos())));
    }
}
