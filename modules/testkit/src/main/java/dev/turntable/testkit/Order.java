package dev.turntable.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the demo upstream is to answer: the header line {@code X-Demo} of a request.
 *
 * <pre>{@code
 * http.raw("POST /infill", "{\"model\":\"fox\"}", JSON, Order.answer("{}").type("application/json").line());
 * }</pre>
 */
public final class Order {
    private final Map<String, Object> wishes = new LinkedHashMap<>();
    private final Map<String, String> headers = new LinkedHashMap<>();

    private Order() {}

    public static Order answer(String text) {
        return new Order().with("text", text);
    }

    /** One more wish, as {@code turntable demo-upstream --help} lists them. */
    public Order with(String wish, Object value) {
        wishes.put(wish, value);
        return this;
    }

    public Order header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    public Order type(String type) {
        return header("Content-Type", type);
    }

    public String line() {
        try {
            return "X-Demo: " + new ObjectMapper().writeValueAsString(with("headers", headers).wishes);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
