package dev.turntable.api;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A route's path with variables: {@code {name}} is one segment that is not empty, {@code {name...}} all that is left, empty included.
 *
 * <p>Matching works on the path as the client wrote it: literal parts match after decoding, but an encoded slash never separates
 * (llama-swap §3.1, §13.1).
 */
final class PathPattern {
    private final String text;
    private final List<String> parts;

    PathPattern(String text) {
        this.text = text;
        this.parts = List.of(text.substring(1).split("/", -1));
    }

    String text() {
        return text;
    }

    /** The variables' decoded values when the raw path fits, empty when it does not. */
    Optional<Map<String, String>> match(String rawPath) {
        if (!rawPath.startsWith("/")) {
            return Optional.empty();
        }
        String[] segments = rawPath.substring(1).split("/", -1);
        Map<String, String> variables = new LinkedHashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i);
            if (part.endsWith("...}")) {
                return rest(segments, i).map(rest -> {
                    variables.put(part.substring(1, part.length() - 4), rest);
                    return variables;
                });
            }
            if (i >= segments.length) {
                return Optional.empty();
            }
            Optional<String> segment = decode(segments[i]);
            if (part.startsWith("{")) {
                if (segment.isEmpty() || segment.get().isEmpty()) {
                    return Optional.empty();
                }
                variables.put(part.substring(1, part.length() - 1), segment.get());
            } else if (segment.isEmpty() || !segment.get().equals(part)) {
                return Optional.empty();
            }
        }
        return segments.length == parts.size() ? Optional.of(variables) : Optional.empty();
    }

    private static Optional<String> rest(String[] segments, int from) {
        if (from >= segments.length) {
            return Optional.empty();
        }
        List<String> decoded = new ArrayList<>();
        for (int i = from; i < segments.length; i++) {
            Optional<String> segment = decode(segments[i]);
            if (segment.isEmpty()) {
                return Optional.empty();
            }
            decoded.add(segment.get());
        }
        return Optional.of(String.join("/", decoded));
    }

    /** Percent-decoding of a path part; a plus sign is itself. Empty for a broken escape. */
    static Optional<String> decode(String text) {
        if (text.indexOf('%') < 0) {
            return Optional.of(text);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] != '%') {
                bytes.write(raw[i]);
                continue;
            }
            if (i + 2 >= raw.length) {
                return Optional.empty();
            }
            int high = Character.digit(raw[i + 1], 16);
            int low = Character.digit(raw[i + 2], 16);
            if (high < 0 || low < 0) {
                return Optional.empty();
            }
            bytes.write(high << 4 | low);
            i += 2;
        }
        return Optional.of(bytes.toString(StandardCharsets.UTF_8));
    }
}
