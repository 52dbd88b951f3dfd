package dev.turntable.testkit;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An answer as it came over the wire.
 *
 * @param head its header lines
 * @param body without the marks of its chunks
 * @param trailers header lines behind the last chunk
 * @param complete false when the connection ended before its end
 */
public record RawAnswer(int status, List<String> head, byte[] body, List<String> trailers, boolean complete) {
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The first value of a header, or an empty text. */
    public String header(String name) {
        return head.stream()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }
}
