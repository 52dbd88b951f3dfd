package dev.turntable.proxy.forward;

import dev.turntable.config.Peer;
import dev.turntable.config.Timeouts;
import dev.turntable.proxy.body.RequestBody;
import dev.turntable.proxy.exchange.Exchange;
import dev.turntable.proxy.exchange.RequestHead;
import dev.turntable.upstream.Headers;
import dev.turntable.upstream.MessageBody;
import dev.turntable.upstream.Target;
import java.io.IOException;
import java.net.URI;
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

    /** True when it can be sent once more: its body, if it has one, is kept. */
    boolean repeatable() {
        return passing.map(MessageBody::done).orElse(true);
    }

    static Target target(Object key, URI base, Timeouts timeouts) {
        return Target.of(
                key, base, timeouts.connect(), timeouts.keepalive(), timeouts.tlsHandshake(), timeouts.idleConn());
    }

    /** The request that carries a plan out; {@code key} names the pool, {@code hops} our mark on what goes to a peer. */
    static Outgoing to(
            Exchange exchange, Plan plan, Object key, URI base, Timeouts timeouts, Optional<Peer> peer, Hops hops)
            throws IOException {
        RequestHead head = exchange.head();
        Target target = target(key, base, timeouts);
        Headers headers = HeaderRules.toUpstream(
                head,
                exchange.peer(),
                plan.has(Plan.Trait.METERED),
                plan.config().apiKeys());
        peer.ifPresent(p -> {
            HeaderRules.forPeer(headers, p, target.authority());
            hops.mark(headers);
        });
        boolean unpack = HeaderRules.asksForGzip(headers, head.method());
        Optional<String> query = plan.to().query().map(q -> peer.isPresent() ? Addresses.readable(q) : q);
        Optional<MessageBody> passing = plan.body().isPresent() ? Optional.empty() : Optional.of(exchange.body());
        return new Outgoing(
                target,
                head.method(),
                Addresses.join(base, plan.to().path(), query),
                headers,
                plan.body(),
                passing,
                timeouts.responseHeader(),
                unpack);
    }
}
