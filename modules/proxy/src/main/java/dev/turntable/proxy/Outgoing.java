package dev.turntable.proxy;

import dev.turntable.proxy.http1.Headers;
import dev.turntable.proxy.http1.MessageBody;
import dev.turntable.proxy.http1.Target;
import java.time.Duration;
import java.util.Optional;

/**
 * A request as it goes upstream.
 *
 * @param path path and query, escapes as the client wrote them
 * @param body read before, in memory or on disk
 * @param passing a body that is read only while it is sent
 * @param headerTimeout zero is no limit
 * @param unpack we asked for gzip ourselves
 */
record Outgoing(
        Target target,
        String method,
        String path,
        Headers headers,
        Optional<RequestBody> body,
        Optional<MessageBody> passing,
        Duration headerTimeout,
        boolean unpack) {

    /** True when sending it twice cannot do harm. */
    boolean repeatable() {
        return passing.isEmpty()
                && body.map(b -> b.length() == 0).orElse(true)
                && switch (method) {
                    case "GET", "HEAD", "OPTIONS", "TRACE" -> true;
                    default -> false;
                };
    }
}
