package dev.turntable.proxy;

import dev.turntable.proxy.http1.RequestHead;
import java.io.IOException;
import java.util.Optional;

/**
 * The one exception to the rule that a body under {@code /upstream} is never read: a peer that was addressed by its full name, in whose JSON
 * or form the same full name stands, gets its own name (llama-swap §3.9).
 */
record PeerBody(Optional<RequestBody> read) implements AutoCloseable {

    static PeerBody of(Exchange exchange, Names.Meaning meaning, RequestBody.Store bodies) throws IOException {
        RequestHead head = exchange.head();
        String type = head.headers().first("Content-Type").orElse("");
        boolean readable =
                type.contains("application/json") || Asked.mediaType(type).equals("application/x-www-form-urlencoded");
        if (!(meaning instanceof Names.Meaning.AtPeer peer)
                || peer.bare().equals(peer.name())
                || !readable
                || head.method().equals("GET")
                || head.method().equals("HEAD")) {
            return new PeerBody(Optional.empty());
        }
        RequestBody body = bodies.read(exchange.body());
        Optional<Asked> asked = Asked.of(head, body).filter(a -> a.name().equals(peer.name()));
        if (asked.isPresent() && asked.get().place() != Asked.Place.QUERY) {
            new Rewrite(head, body, asked.get()).rename(peer.bare());
        }
        return new PeerBody(Optional.of(body));
    }

    @Override
    public void close() {
        read.ifPresent(RequestBody::close);
    }
}
