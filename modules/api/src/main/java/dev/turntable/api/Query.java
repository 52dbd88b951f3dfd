package dev.turntable.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The query of a request, decoded; a part that cannot be decoded or holds a semicolon is left out and the rest stands. */
final class Query {
    /** More parameters than any route has; the rest is ignored, so that a long query costs no memory. */
    private static final int MAX_PARAMETERS = 1_000;

    private final Map<String, List<String>> values = new LinkedHashMap<>();

    private Query() {}

    static Query parse(String raw) {
        Query query = new Query();
        if (raw == null || raw.isEmpty()) {
            return query;
        }
        int count = 0;
        for (String part : raw.split("&")) {
            if (part.isEmpty() || part.indexOf(';') >= 0) {
                continue;
            }
            if (++count > MAX_PARAMETERS) {
                break;
            }
            int equals = part.indexOf('=');
            decode(equals < 0 ? part : part.substring(0, equals))
                    .ifPresent(name -> decode(equals < 0 ? "" : part.substring(equals + 1))
                            .ifPresent(value -> query.values
                                    .computeIfAbsent(name, n -> new ArrayList<>())
                                    .add(value)));
        }
        return query;
    }

    /** {@code text} is the bytes of the wire as Latin-1, which may be UTF-8 without escapes. */
    private static Optional<String> decode(String text) {
        try {
            String utf8 = new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            return Optional.of(URLDecoder.decode(utf8, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    /** Every parameter with its values in order. */
    Map<String, List<String>> asMap() {
        return Collections.unmodifiableMap(values);
    }

    /** The same with the blanks around every value taken off. */
    Map<String, List<String>> trimmed() {
        Map<String, List<String>> trimmed = new LinkedHashMap<>();
        values.forEach(
                (name, all) -> trimmed.put(name, all.stream().map(String::strip).toList()));
        return trimmed;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** First value, empty when absent. */
    Optional<String> first(String name) {
        List<String> all = values.get(name);
        return all == null ? Optional.empty() : Optional.of(all.getFirst());
    }

    /** First value without blanks around it; a blank one counts as absent. */
    Optional<String> given(String name) {
        return first(name).map(String::strip).filter(v -> !v.isEmpty());
    }

    /** All values, without blanks around them and without blank ones. */
    List<String> all(String name) {
        return values.getOrDefault(name, List.of()).stream()
                .map(String::strip)
                .filter(v -> !v.isEmpty())
                .toList();
    }
}
