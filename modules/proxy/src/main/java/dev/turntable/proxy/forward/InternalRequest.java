package dev.turntable.proxy.forward;

import dev.turntable.config.Timeouts;
import dev.turntable.proxy.admission.Admission;
import dev.turntable.upstream.Headers;
import dev.turntable.upstream.MessageBody;
import dev.turntable.upstream.Output;
import dev.turntable.upstream.ResponseHead;
import dev.turntable.upstream.Target;
import dev.turntable.upstream.UpstreamConnection;
import dev.turntable.upstream.WireException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** The one request that nobody sent: {@code GET /} to a model that was preloaded, its answer thrown away (llama-swap §5.9). */
public final class InternalRequest {
    private final Forwarder forwarder;
    private final Forwarder.Retry retry;

    public InternalRequest(Forwarder forwarder, Forwarder.Retry retry) {
        this.forwarder = forwarder;
        this.retry = retry;
    }

    /**
     * The status of the answer; empty when there was none, or not all of it in time.
     *
     * @param atMost how long the model is kept busy: nothing may evict it meanwhile
     */
    public OptionalInt pay(Admission.Upstream upstream, Duration atMost) throws InterruptedException {
        Optional<URI> base = upstream.settings().proxy().uri();
        OptionalInt status = base.isEmpty() ? OptionalInt.empty() : ask(root(upstream, base.get()), atMost);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return status;
    }

    private static Outgoing root(Admission.Upstream upstream, URI base) {
        Timeouts timeouts = upstream.settings().timeouts();
        Target target = Outgoing.target(upstream.run(), base, timeouts);
        Headers headers = new Headers();
        headers.add("Host", target.authority());
        headers.add("Connection", "close");
        return new Outgoing(
                target,
                "GET",
                Addresses.join(base, "/", Optional.empty()),
                headers,
                Optional.empty(),
                Optional.empty(),
                timeouts.responseHeader(),
                false);
    }

    private OptionalInt ask(Outgoing out, Duration atMost) {
        try (UpstreamConnection connection = forwarder.connect(out.target(), retry, () -> false)) {
            Thread end = Thread.ofVirtual().name("end of a visit").start(() -> closeAfter(atMost, connection));
            try {
                Output wire = new Output(connection::write);
                forwarder.head(wire, out);
                wire.flush();
                return OptionalInt.of(answer(connection, out));
            } finally {
                end.interrupt();
            }
        } catch (IOException | WireException none) {
            return OptionalInt.empty();
        }
    }

    private static int answer(UpstreamConnection connection, Outgoing out) throws IOException {
        ResponseHead head = connection.readHead(out.headerTimeout());
        while (head.interim()) {
            head = connection.readHead(out.headerTimeout());
        }
        MessageBody body = MessageBody.ofResponse(connection.input(), head, out.method());
        for (int window = body.ready(true); window > 0; window = body.ready(true)) {
            body.consume(window);
        }
        return head.status();
    }

    private static void closeAfter(Duration time, UpstreamConnection connection) {
        try {
            Thread.sleep(time);
            connection.close();
        } catch (InterruptedException answered) {
            // it came in time
        }
    }
}
