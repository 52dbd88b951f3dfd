package dev.turntable.demo;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How one request wants to be treated: the object in its header {@code X-Demo}, or under {@code demo} in its body. */
record Order(Map<String, Object> wishes) {

    static Order of(Request request, Map<String, Object> body) {
        if (body.get("demo") instanceof Map<?, ?> inBody) {
            return new Order(strings(inBody));
        }
        return new Order(request.header("X-Demo")
                .map(text -> Json.object(text.getBytes(StandardCharsets.UTF_8)))
                .orElse(Map.of()));
    }

    private static Map<String, Object> strings(Map<?, ?> map) {
        var copy = new LinkedHashMap<String, Object>();
        map.forEach((name, value) -> copy.put(name.toString(), value));
        return copy;
    }

    boolean isEmpty() {
        return wishes.isEmpty();
    }

    boolean has(String wish) {
        return wishes.containsKey(wish);
    }

    Optional<String> text(String wish) {
        return Optional.ofNullable(wishes.get(wish)).map(Object::toString);
    }

    int number(String wish, int otherwise) {
        return wishes.get(wish) instanceof Number number ? number.intValue() : otherwise;
    }

    Duration millis(String wish, Duration otherwise) {
        return wishes.get(wish) instanceof Number number ? Duration.ofMillis(number.longValue()) : otherwise;
    }

    Map<String, String> pairs(String wish) {
        var pairs = new LinkedHashMap<String, String>();
        if (wishes.get(wish) instanceof Map<?, ?> map) {
            map.forEach((name, value) -> pairs.put(name.toString(), value.toString()));
        }
        return pairs;
    }

    List<Integer> numbers(String wish) {
        return wishes.get(wish) instanceof List<?> list
                ? list.stream().map(n -> ((Number) n).intValue()).toList()
                : List.of();
    }

    /** Whether the answer itself is made to order, and not just late or fatal. */
    boolean shapesAnswer() {
        return has("status")
                || has("headers")
                || has("text")
                || has("bytes")
                || has("framing")
                || has("trailers")
                || has("gzip")
                || has("early")
                || has("die");
    }
}
