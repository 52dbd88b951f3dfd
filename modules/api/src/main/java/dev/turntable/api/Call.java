package dev.turntable.api;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Map;
import java.util.Optional;

/**
 * One request to the control plane, with what its route pattern took out of the path.
 *
 * @param path decoded values of the pattern's variables by name
 * @param query parsed once; unreadable parts are dropped, as llama-swap's library does
 */
record Call(ServerRequest request, ServerResponse response, Map<String, String> path, Query query) {

    /** The value of a variable that the route's pattern names. */
    String variable(String name) {
        return path.get(name);
    }

    /** The first header of that name as it was written. */
    Optional<String> header(String name) {
        return request.headers().first(HeaderNames.create(name));
    }

    /** The first {@code Accept} header as it was written, or nothing; clients are told apart by plain text search (llama-swap §3.2). */
    String accept() {
        return header("Accept").orElse("");
    }
}
