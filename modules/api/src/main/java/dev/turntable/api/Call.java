package dev.turntable.api;

import dev.turntable.proxy.exchange.Exchange;
import java.util.Map;
import java.util.Optional;

/**
 * One request to the control plane, with what its route took out of the path.
 *
 * @param path decoded values of the route's variables by name
 * @param query parsed once; unreadable parts are dropped, as llama-swap's library does
 */
record Call(Exchange exchange, Map<String, String> path, Query query) {

    /** The value of a variable that the route's path names. */
    String variable(String name) {
        return path.get(name);
    }

    /** The first header of that name as it was written. */
    Optional<String> header(String name) {
        return exchange.header(name);
    }

    /** The first {@code Accept} header as it was written, or nothing; clients are told apart by plain text search (llama-swap §3.2). */
    String accept() {
        return header("Accept").orElse("");
    }
}
