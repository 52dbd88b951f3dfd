package dev.turntable.proxy.filters;

import dev.turntable.event.Fact;
import dev.turntable.proxy.exchange.Exchange;
import dev.turntable.proxy.exchange.Recorded;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Puts every answer on the record that is not there as a model's ({@code http.served}, llama-swap §3.1). */
public final class AccessFilter implements Filter {
    private final Consumer<Fact.HttpServed> served;

    public AccessFilter(Consumer<Fact.HttpServed> served) {
        this.served = served;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        try {
            chain.proceed();
        } finally {
            Exchange exchange = Exchange.of(request);
            if (!exchange.onRecord() && !polled(exchange.path())) {
                record(exchange);
            }
        }
    }

    /** What is asked for all the time and says nothing about anybody. */
    private static boolean polled(String path) {
        return Stream.of("/wol-health", "/api/performance", "/metrics").anyMatch(path::startsWith);
    }

    private void record(Exchange exchange) {
        served.accept(new Fact.HttpServed(
                Recorded.TERM.cut(exchange.method()),
                Recorded.LINE.cut(exchange.path()),
                exchange.head().protocol(),
                exchange.status() == 0 ? 200 : exchange.status(),
                exchange.bodyBytes(),
                Recorded.TERM.cut(exchange.client()),
                exchange.header("User-Agent").map(Recorded.LINE::cut),
                Duration.ofNanos(System.nanoTime() - exchange.startNanos())));
    }
}
