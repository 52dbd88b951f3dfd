package dev.turntable.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpHeaders;

/** One HTTP answer, read to its end. */
public record Answer(int status, HttpHeaders headers, String body) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** The body as JSON; fails when it is none. */
    public JsonNode json() {
        return parse(body);
    }

    /** Itself, when the status is the expected one. */
    public Answer expect(int expected) {
        assertEquals(expected, status, body);
        return this;
    }

    public String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    public static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }
}
