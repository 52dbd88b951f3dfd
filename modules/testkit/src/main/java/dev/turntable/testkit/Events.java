package dev.turntable.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** A client of {@code /api/events}: reads when it is asked to, and keeps the list of requests under way as a web page would. */
public final class Events implements AutoCloseable {
    private final RawClient client;
    private final BufferedReader lines;
    private final Map<String, JsonNode> underWay = new TreeMap<>();
    private int snapshots;

    private Events(RawClient client) {
        this.client = client;
        client.ask("GET /api/events");
        client.head();
        this.lines = new BufferedReader(new InputStreamReader(client.chunkedBody(), StandardCharsets.UTF_8));
    }

    public static Events of(TurntableProcess turntable) {
        return new Events(RawClient.to(turntable));
    }

    /** One whose connection is full as soon as it does not read. */
    public static Events slow(TurntableProcess turntable) {
        return new Events(RawClient.withSmallBuffer(turntable));
    }

    /** A message, its data decoded. */
    public record Message(String type, JsonNode data) {}

    public Message next() {
        try {
            String line = lines.readLine();
            while (line != null && !line.startsWith("data:")) {
                line = lines.readLine();
            }
            if (line == null) {
                throw new AssertionError("the stream ended");
            }
            JsonNode json = Answer.parse(line.substring("data:".length()));
            var message = new Message(
                    json.get("type").asText(), Answer.parse(json.get("data").asText()));
            if (message.type().equals("inflight")) {
                apply(message.data());
            }
            return message;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next change of the list that is as described; what comes before it is taken in. */
    public JsonNode awaitChange(Predicate<JsonNode> described) {
        Message message = next();
        while (!message.type().equals("inflight") || !described.test(message.data())) {
            message = next();
        }
        return message.data();
    }

    private void apply(JsonNode change) {
        switch (change.get("operation").asText()) {
            case "snapshot" -> {
                snapshots++;
                underWay.clear();
                change.path("requests").forEach(r -> underWay.put(r.get("id").asText(), r));
            }
            case "upsert" -> underWay.put(change.at("/request/id").asText(), change.get("request"));
            case "remove" -> underWay.remove(change.get("id").asText());
            default -> throw new AssertionError("unknown operation: " + change);
        }
    }

    /** The requests under way by their ids, as far as it has read. */
    public Map<String, JsonNode> underWay() {
        return underWay;
    }

    public int snapshots() {
        return snapshots;
    }

    @Override
    public void close() {
        client.close();
    }
}
