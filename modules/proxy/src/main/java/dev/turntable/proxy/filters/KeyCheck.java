package dev.turntable.proxy.filters;

import dev.turntable.config.Config;
import dev.turntable.proxy.exchange.Authentication;
import dev.turntable.proxy.exchange.Exchange;
import dev.turntable.proxy.exchange.Route;
import dev.turntable.upstream.Headers;
import java.util.function.Supplier;

/** Lets a request pass that holds one of the configured keys, and tells every other so. */
public final class KeyCheck {
    private final Supplier<Config> config;

    public KeyCheck(Supplier<Config> config) {
        this.config = config;
    }

    public Route.Action before(Route.Action action) {
        return exchange -> {
            if (permitted(exchange)) {
                action.serve(exchange);
            } else {
                Headers more = new Headers();
                more.add("WWW-Authenticate", Authentication.CHALLENGE);
                exchange.error(401, Authentication.MESSAGE, more);
            }
        };
    }

    private boolean permitted(Exchange exchange) {
        return Authentication.permits(
                config.get().apiKeys(), exchange.header("Authorization"), exchange.header("x-api-key"));
    }
}
