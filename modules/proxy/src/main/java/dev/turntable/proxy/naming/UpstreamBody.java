package dev.turntable.proxy.naming;

import dev.turntable.proxy.body.BodyStore;
import dev.turntable.proxy.body.RequestBody;
import dev.turntable.proxy.exchange.Exchange;
import dev.turntable.proxy.exchange.RequestHead;
import java.io.IOException;
import java.util.Optional;

/**
 * The body of a request under {@code /upstream}: read only when it is recorded, or for the one exception to the rule that it is never
 * changed: a peer that was addressed by its full name, in whose JSON or form the same full name stands, gets its own name (llama-swap §3.9).
 */
public record UpstreamBody(Optional<RequestBody> read) implements AutoCloseable {

    /** {@code forCapture}: the exchange will be recorded, so the body must be at hand although nothing is changed in it. */
    public static UpstreamBody of(Exchange exchange, Names.Meaning meaning, BodyStore bodies, boolean forCapture)
            throws IOException {
        RequestHead head = exchange.head();
        boolean multipart =
                RequestedModel.multipart(head.headers().first("Content-Type").orElse(""));
        if (!(meaning instanceof Names.Meaning.AtPeer peer)
                || peer.bare().equals(peer.name())
                || multipart
                || head.method().equals("GET")
                || head.method().equals("HEAD")) {
            return new UpstreamBody(
                    forCapture ? Optional.of(RequestBody.read(bodies, exchange.body())) : Optional.empty());
        }
        RequestBody body = RequestBody.read(bodies, exchange.body());
        Optional<RequestedModel> asked =
                RequestedModel.of(head, body).filter(a -> a.name().equals(peer.name()));
        if (asked.isPresent() && asked.get().place() != RequestedModel.Place.QUERY) {
            new Rewrite(head, body, asked.get()).rename(peer.bare());
        }
        return new UpstreamBody(Optional.of(body));
    }

    @Override
    public void close() {
        read.ifPresent(RequestBody::close);
    }
}
