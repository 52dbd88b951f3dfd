package dev.turntable.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** A plain HTTP client for one server: what a test asks of it in a line. */
public final class Http implements AutoCloseable {
    private final URI base;
    private final Optional<SSLContext> trust;
    private volatile HttpClient client;

    Http(URI base) {
        this(base, Optional.empty());
    }

    /** {@code trust}: for a server with TLS. */
    Http(URI base, Optional<SSLContext> trust) {
        this.base = base;
        this.trust = trust;
        this.client = newClient();
    }

    public URI base() {
        return base;
    }

    public Answer get(String path) {
        return send(request(path));
    }

    /** Posts JSON. */
    public Answer post(String path, String json) {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
    }

    /** A chat with a model, not streamed. */
    public Answer chat(String model) {
        return post("/v1/chat/completions", chatBody(model, false, ""));
    }

    /** A chat whose body has more members: {@code chat("fox", "\"demo\":{\"delay_ms\":100}")}. */
    public Answer chat(String model, String more) {
        return post("/v1/chat/completions", chatBody(model, false, more));
    }

    /** The same, under way: for requests that have to wait. */
    public CompletableFuture<Answer> chatLater(String model, String more) {
        return client.sendAsync(
                        request("/v1/chat/completions")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(chatBody(model, false, more)))
                                .build(),
                        BodyHandlers.ofString())
                .thenApply(r -> new Answer(r.statusCode(), r.headers(), r.body()));
    }

    /** A streamed chat; the lines arrive as they are sent. Close the stream to hang up. */
    public Stream<String> chatStream(String model, String more) {
        return lines(request("/v1/chat/completions")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(chatBody(model, true, more))));
    }

    /** The lines of a long answer as they arrive. Close the stream to hang up. */
    public Stream<String> lines(String path) {
        return lines(request(path));
    }

    /** Reads a long answer until a line holds this text; every line up to there. */
    public String readUntil(String path, String text) {
        var seen = new StringBuffer();
        try (Stream<String> lines = lines(path)) {
            boolean found = CompletableFuture.supplyAsync(
                            () -> lines.peek(line -> seen.append(line).append('\n'))
                                    .anyMatch(line -> line.contains(text)),
                            Thread::startVirtualThread)
                    .get(Wait.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (found) {
                return seen.toString();
            }
            throw new AssertionError(path + " ended without '" + text + "':\n" + seen);
        } catch (TimeoutException e) {
            throw new AssertionError(path + " does not say '" + text + "':\n" + seen, e);
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private Stream<String> lines(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofLines()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A request to be finished by hand. */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(Wait.PATIENCE);
    }

    public Answer send(HttpRequest.Builder request) {
        try {
            var response = client.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Sends exactly this, whatever a decent client would say to it, over a connection of its own. {@code Host}, {@code Connection: close} and,
     * where no header line says how the body is framed, its length are added.
     *
     * @param line method and target: {@code "GET /v1/%6dodels"}
     * @param headers whole lines: {@code "Content-Type: text/plain"}
     */
    public Answer raw(String line, byte[] body, String... headers) {
        var lines = new ArrayList<>(List.of("Host: " + base.getAuthority(), "Connection: close"));
        lines.addAll(List.of(headers));
        if (body.length > 0 && lines.stream().noneMatch(h -> h.matches("(Transfer-Encoding|Content-Length):.*"))) {
            lines.add("Content-Length: " + body.length);
        }
        try (var client = RawClient.to(base)) {
            client.send(line + " HTTP/1.1\r\n" + String.join("\r\n", lines) + "\r\n\r\n")
                    .send(body);
            RawAnswer answer = client.answer(line.split(" ")[0]);
            while (answer.status() < 200) {
                answer = client.answer(line.split(" ")[0]);
            }
            assertTrue(answer.complete(), () -> "the answer to " + line + " is cut off");
            return Answer.of(answer);
        }
    }

    public Answer raw(String line, String body, String... headers) {
        return raw(line, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    public Answer raw(String line) {
        return raw(line, "");
    }

    public static String chatBody(String model, boolean stream, String more) {
        return "{\"model\":\"%s\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]%s}"
                .formatted(model, stream, more.isEmpty() ? "" : "," + more);
    }

    /** Closes every connection of this client, whatever is under way; it can be used again. */
    public void hangUp() {
        client.shutdownNow();
        client = newClient();
    }

    private HttpClient newClient() {
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
        trust.ifPresent(builder::sslContext);
        return builder.build();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
