package dev.turntable.bench;

import dev.turntable.upstream.MessageBody;
import dev.turntable.upstream.Output;
import dev.turntable.upstream.ProxyEnvironment;
import dev.turntable.upstream.ResponseHead;
import dev.turntable.upstream.Target;
import dev.turntable.upstream.UpstreamConnection;
import dev.turntable.upstream.UpstreamPool;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * A bare relay: Helidon's server in front, our connection to the upstream behind, nothing decided and nothing recorded. What Turntable
 * adds is what it is slower by. Argument: the upstream's port.
 */
final class RelayServer {
    private final UpstreamPool pool = new UpstreamPool(System::nanoTime, new ProxyEnvironment(Map.of()));
    private final Target target;

    private RelayServer(URI upstream) {
        target = Target.of(
                "bench",
                upstream,
                Duration.ofSeconds(30),
                Duration.ZERO,
                Duration.ofSeconds(10),
                Duration.ofSeconds(90));
    }

    public static void main(String[] args) {
        RelayServer relay = new RelayServer(URI.create("http://127.0.0.1:" + args[0]));
        WebServer server = WebServer.builder()
                .host("127.0.0.1")
                .port(0)
                .shutdownHook(false)
                .featuresDiscoverServices(false)
                .maxPayloadSize(-1)
                .connectionOptions(options -> options.tcpNoDelay(true))
                .routing(HttpRouting.builder()
                        .any((request, answer) -> relay.pass(request.content().as(byte[].class), answer)))
                .build()
                .start();
        IO.println("listening on " + server.port());
    }

    private void pass(byte[] body, ServerResponse answer) throws IOException {
        UpstreamConnection connection = pool.acquire(target);
        var out = new Output(connection::write);
        out.text("POST /v1/chat/completions HTTP/1.1\r\nHost: ").text(target.authority());
        out.text("\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n");
        out.write(body, 0, body.length);
        out.flush();
        ResponseHead head = connection.readHead(Duration.ZERO);
        MessageBody from = MessageBody.ofResponse(connection.input(), head, "POST");
        answer.status(Status.create(head.status()));
        answer.header(
                HeaderNames.CONTENT_TYPE, head.headers().first("Content-Type").orElse(""));
        if (from.framing() == MessageBody.Framing.LENGTH) {
            byte[] all = new byte[(int) from.length()];
            int at = 0;
            for (int n = from.read(all, 0, all.length); n > 0; n = from.read(all, at, all.length - at)) {
                at += n;
            }
            answer.send(all);
        } else {
            try (OutputStream to = answer.outputStream()) {
                for (int n = from.ready(true); n > 0; n = from.ready(true)) {
                    to.write(from.array(), from.offset(), n);
                    to.flush();
                    from.consume(n);
                }
            }
        }
        pool.release(connection);
    }
}
