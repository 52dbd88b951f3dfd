package dev.turntable.testkit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Another server to be configured as a peer: it answers whatever it is asked with what it received, in the form of the demo upstream's
 * echo. Lives in this JVM.
 */
public final class EchoPeer implements AutoCloseable {
    private final String name;
    private final HttpServer server;

    private EchoPeer(String name) {
        this.name = name;
        try {
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::echo);
        server.start();
    }

    public static EchoPeer named(String name) {
        return new EchoPeer(name);
    }

    /**
     * The peer as an entry to be put below {@code peers:}, under its name.
     *
     * @param models the list of its models: {@code "[a, b]"}
     * @param keys more keys of the peer, each on its own line
     */
    public String entry(String models, String... keys) {
        var entry = new StringBuilder("  %s:\n    proxy: http://127.0.0.1:%d\n    models: %s\n"
                .formatted(name, server.getAddress().getPort(), models));
        for (String key : keys) {
            entry.append("    ").append(key).append('\n');
        }
        return entry.toString();
    }

    /** Host and port, as a {@code Host} header names them. */
    public String authority() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private void echo(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        List<List<String>> headers = exchange.getRequestHeaders().entrySet().stream()
                .flatMap(header -> header.getValue().stream().map(value -> List.of(header.getKey(), value)))
                .toList();
        byte[] answer = new ObjectMapper()
                .writeValueAsBytes(Map.of(
                        "name",
                        name,
                        "method",
                        exchange.getRequestMethod(),
                        "target",
                        exchange.getRequestURI().toString(),
                        "headers",
                        headers,
                        "length",
                        body.length,
                        "body",
                        new String(body, StandardCharsets.UTF_8)));
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
