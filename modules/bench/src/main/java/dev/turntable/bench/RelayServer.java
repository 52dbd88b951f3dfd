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
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webclient.http1.Http1ClientResponse;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * A thin relay that differs in one thing only: what speaks to the upstream. It decides nothing, records nothing, and exists to choose.
 * Arguments: {@code own}, {@code webclient} or {@code httpclient}; the upstream's port.
 */
final class RelayServer {
    private static final int BUFFER = 16 * 1024;

    /** Passes one request on. */
    private interface Upstream {
        void relay(byte[] body, ServerResponse answer) throws IOException, InterruptedException;
    }

    private RelayServer() {}

    public static void main(String[] args) {
        URI uri = URI.create("http://127.0.0.1:" + args[1]);
        Upstream upstream =
                switch (args[0]) {
                    case "own" -> own(uri);
                    case "webclient" -> webClient(uri);
                    case "httpclient" -> httpClient(uri);
                    default -> throw new IllegalArgumentException(args[0]);
                };
        WebServer server = WebServer.builder()
                .host("127.0.0.1")
                .port(0)
                .shutdownHook(false)
                .featuresDiscoverServices(false)
                .routing(HttpRouting.builder().any((request, answer) -> handle(upstream, request, answer)))
                .build()
                .start();
        IO.println("listening on " + server.port());
    }

    private static void handle(Upstream upstream, ServerRequest request, ServerResponse answer) throws Exception {
        upstream.relay(request.content().as(byte[].class), answer);
    }

    private static void pass(InputStream in, ServerResponse answer) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (OutputStream out = answer.outputStream()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
                out.flush();
            }
        }
    }

    private static Upstream own(URI uri) {
        var pool = new UpstreamPool(System::nanoTime, new ProxyEnvironment(Map.of()));
        Target target = Target.of(
                "bench", uri, Duration.ofSeconds(30), Duration.ZERO, Duration.ofSeconds(10), Duration.ofSeconds(90));
        return (body, answer) -> {
            UpstreamConnection connection = pool.acquire(target);
            var out = new Output(connection::write);
            out.text("POST /v1/chat/completions HTTP/1.1\r\nHost: ").text(target.authority());
            out.text("\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n");
            out.write(body, 0, body.length);
            out.flush();
            ResponseHead head = connection.readHead(Duration.ZERO);
            MessageBody from = MessageBody.ofResponse(connection.input(), head, "POST");
            head(answer, head.status(), head.headers().first("Content-Type").orElse(""));
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
        };
    }

    private static Upstream webClient(URI uri) {
        Http1Client client = Http1Client.builder()
                .baseUri(uri)
                .connectionCacheSize(256)
                .sendExpectContinue(false)
                .followRedirects(false)
                .build();
        return (body, answer) -> {
            try (Http1ClientResponse response = client.post("/v1/chat/completions")
                    .header(HeaderNames.CONTENT_TYPE, "application/json")
                    .submit(body)) {
                head(
                        answer,
                        response.status().code(),
                        response.headers().first(HeaderNames.CONTENT_TYPE).orElse(""));
                if (response.headers().contains(HeaderNames.CONTENT_LENGTH)) {
                    answer.send(response.as(byte[].class));
                } else {
                    pass(response.inputStream(), answer);
                }
            }
        };
    }

    private static Upstream httpClient(URI uri) {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
        return (body, answer) -> {
            HttpRequest request = HttpRequest.newBuilder(uri.resolve("/v1/chat/completions"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            head(
                    answer,
                    response.statusCode(),
                    response.headers().firstValue("Content-Type").orElse(""));
            try (InputStream in = response.body()) {
                if (response.headers().firstValue("Content-Length").isPresent()) {
                    answer.send(in.readAllBytes());
                } else {
                    pass(in, answer);
                }
            }
        };
    }

    private static void head(ServerResponse answer, int status, String type) {
        answer.status(Status.create(status));
        answer.header(HeaderNames.CONTENT_TYPE, type);
    }
}
