package dev.turntable.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * What an upstream was sent, read from its answer: the echo of the demo upstream, and of an {@link EchoPeer}. On the routes that the demo
 * upstream answers as a model would, the header line {@link #PLEASE} asks for the echo instead.
 */
public record Received(JsonNode echo) {
    public static final String PLEASE = "X-Demo: {\"status\":200}";

    public static Received of(Answer answer) {
        return new Received(answer.expect(200).json());
    }

    /** The name the upstream was started with. */
    public String by() {
        return echo.get("name").asText();
    }

    public String method() {
        return echo.get("method").asText();
    }

    /** Path and query as they stood in the request line. */
    public String target() {
        return echo.get("target").asText();
    }

    public String body() {
        return echo.get("body").asText();
    }

    public JsonNode json() {
        return Answer.parse(body());
    }

    /** Bytes of the body, and their SHA-256 as hexadecimal digits. */
    public long length() {
        return echo.get("length").asLong();
    }

    public String sha256() {
        return echo.get("sha256").asText();
    }

    public List<String> header(String name) {
        return StreamSupport.stream(echo.get("headers").spliterator(), false)
                .filter(pair -> pair.get(0).asText().equalsIgnoreCase(name))
                .map(pair -> pair.get(1).asText())
                .toList();
    }
}
