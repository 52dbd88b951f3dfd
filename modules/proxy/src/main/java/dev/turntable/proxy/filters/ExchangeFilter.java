package dev.turntable.proxy.filters;

import dev.turntable.proxy.exchange.Exchange;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;

/**
 * The outermost filter: begins the {@link Exchange} that every other asks for, sends the end of the answer when all others are done with it
 * (who has seen that end must find it on the record), and does what the answer announced of the connection.
 */
public final class ExchangeFilter implements Filter {
    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        Exchange exchange = Exchange.begin(request, response);
        try {
            chain.proceed();
        } finally {
            exchange.quiet();
        }
        if (!exchange.finish()) {
            throw new CloseConnectionException("the connection ends with this answer");
        }
    }
}
