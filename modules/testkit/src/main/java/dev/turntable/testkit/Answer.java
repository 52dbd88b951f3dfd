package dev.turntable.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One HTTP answer, read to its end. */
public record Answer(int status, HttpHeaders headers, String body) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    static Answer of(RawAnswer raw) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line : raw.head()) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon), _ -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return new Answer(raw.status(), HttpHeaders.of(headers, (_, _) -> true), raw.text());
    }

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
