package dev.turntable.clients;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/** Answers made to order: values of the header {@code X-Demo}, by which a test tells the demo upstream what to say. */
final class Orders {
    static final String HEADER = "X-Demo";

    private static final ObjectMapper JSON = new ObjectMapper();

    private Orders() {}

    /** This JSON text as the whole answer. */
    static String json(String text) {
        return order(Map.of("text", text));
    }

    /** This JSON text with this status. */
    static String status(int status, String text) {
        return order(Map.of("status", status, "text", text));
    }

    /** These bytes as an event stream. */
    static String events(String text) {
        return order(
                Map.of("text", text, "framing", "chunked", "headers", Map.of("Content-Type", "text/event-stream")));
    }

    static String order(Map<String, Object> wishes) {
        try {
            return JSON.writeValueAsString(wishes);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
