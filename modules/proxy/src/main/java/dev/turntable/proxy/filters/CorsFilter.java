package dev.turntable.proxy.filters;

import dev.turntable.config.Config;
import dev.turntable.proxy.exchange.Answering;
import dev.turntable.proxy.exchange.Exchange;
import dev.turntable.proxy.exchange.Route;
import dev.turntable.proxy.exchange.Routes;
import dev.turntable.upstream.HeadReader;
import dev.turntable.upstream.Headers;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Says which web pages may read an answer: of a model's, pages of every origin, whatever the answer is; of the control plane's, those that
 * {@code turntable.cors} names, or no page could be kept from reading logs and unloading models. Answers the browsers' questions before a
 * request ({@code OPTIONS}, llama-swap §3.1).
 *
 * <p>A browser sends some requests without a question, a form's POST for one, and only keeps the page from reading the answer. What changes
 * something on the control plane is therefore refused when a page of another site asks for it.
 */
public final class CorsFilter implements Filter {
    private static final String DEFAULT_HEADERS = "Content-Type, Authorization, Accept, X-Requested-With";

    private static final Set<String> READS = Set.of("GET", "HEAD");

    private final Routes routes;
    private final Supplier<Config> config;

    public CorsFilter(Routes routes, Supplier<Config> config) {
        this.routes = routes;
        this.config = config;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        Exchange exchange = Exchange.of(request);
        Optional<String> origin = exchange.header("Origin");
        if (exchange.method().equals("OPTIONS")) {
            Answering.of(exchange, () -> preflight(exchange, origin));
            return;
        }
        // Whose the path is, is asked last: it looks at every route.
        if (changes(exchange) && foreign(exchange, origin) && !open(exchange)) {
            Answering.of(
                    exchange,
                    () -> exchange.error(403, "a web page of another site may not do this: see turntable.cors"));
            return;
        }
        origin.filter(asking -> open(exchange) || listed(asking)).ifPresent(exchange::allow);
        chain.proceed();
    }

    /** True unless the path is the control plane's alone. */
    private boolean open(Exchange exchange) {
        return routes.at(exchange.rawPath()).allMatch(route -> route.plane() == Route.Plane.DATA);
    }

    /** llama-swap's {@code GET /unload} does, too. */
    private static boolean changes(Exchange exchange) {
        return !READS.contains(exchange.method()) || exchange.path().equals("/unload");
    }

    /** Browsers say where a request comes from ({@code Sec-Fetch-Site}); without TLS some name only the page's origin. Others say nothing. */
    private boolean foreign(Exchange exchange, Optional<String> origin) {
        if (origin.filter(this::listed).isPresent()) {
            return false;
        }
        Optional<String> site = exchange.header("Sec-Fetch-Site");
        if (site.isPresent()) {
            return !Set.of("same-origin", "none").contains(site.get());
        }
        String host = exchange.header("Host").orElse("");
        return origin.filter(page -> !page.replaceFirst("^https?://", "").equalsIgnoreCase(host))
                .isPresent();
    }

    private boolean listed(String origin) {
        List<String> allowed = config.get().turntable().cors();
        return allowed.contains("*") || allowed.contains(origin);
    }

    private void preflight(Exchange exchange, Optional<String> origin) throws java.io.IOException {
        Headers more = new Headers();
        boolean open = open(exchange);
        if (open || origin.filter(this::listed).isPresent()) {
            more.add("Access-Control-Allow-Origin", open ? "*" : origin.orElse("*"));
            more.add("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS");
            Optional<String> asked =
                    exchange.header("Access-Control-Request-Headers").filter(h -> !h.isEmpty());
            more.add(
                    "Access-Control-Allow-Headers",
                    asked.map(CorsFilter::tokens).orElse(DEFAULT_HEADERS));
            more.add("Access-Control-Max-Age", "86400");
        }
        exchange.empty(204, more);
    }

    /** The header names of the list that are tokens. */
    private static String tokens(String list) {
        return Arrays.stream(list.split(","))
                .map(String::strip)
                .filter(HeadReader::isToken)
                .collect(Collectors.joining(", "));
    }
}
