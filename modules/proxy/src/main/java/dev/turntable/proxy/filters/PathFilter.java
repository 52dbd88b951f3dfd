package dev.turntable.proxy.filters;

import dev.turntable.proxy.exchange.Answering;
import dev.turntable.proxy.exchange.Exchange;
import dev.turntable.proxy.exchange.PercentCodec;
import dev.turntable.proxy.exchange.Routes;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;

/** Refuses paths that cannot be decoded and leads unclean ones to the clean one (llama-swap §3.1). */
public final class PathFilter implements Filter {
    private final Routes routes;

    public PathFilter(Routes routes) {
        this.routes = routes;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        Exchange exchange = Exchange.of(request);
        String path = exchange.rawPath();
        if (!PercentCodec.wellFormed(path) || path.equals("*")) {
            Answering.of(exchange, () -> exchange.text(400, "400 Bad Request"));
            return;
        }
        String clean = CleanPath.of(path);
        if (clean.equals(path) || routes.verbatim(path)) {
            chain.proceed();
        } else {
            Answering.of(
                    exchange,
                    () -> exchange.redirect(307, clean + exchange.head().queryPart()));
        }
    }
}
