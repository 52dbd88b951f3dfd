package dev.turntable.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The record as it is written ({@code /api/history/stream}): a test is told of the event it waits for, and need not look again and again. */
record LiveRecord(Http http) {
    /**
     * The {@code n}th event, from the beginning of the record on, that is as described.
     *
     * @param filter parameters of the stream: {@code "type=swap.*&model=fox"}
     */
    JsonNode await(String filter, int n, Predicate<JsonNode> described) {
        long deadline = System.nanoTime() + Wait.PATIENCE.toNanos();
        int seen = 0;
        String event = "";
        try (Stream<String> stream = http.lines("/api/history/stream?from=earliest&" + filter)) {
            // A silent stream says every 15 s where it is, so the deadline is looked at.
            for (Iterator<String> lines = stream.iterator(); lines.hasNext() && System.nanoTime() < deadline; ) {
                String line = lines.next();
                if (line.startsWith("event:")) {
                    event = line.substring("event:".length()).strip();
                } else if (line.startsWith("data:") && !event.equals("bookmark")) {
                    JsonNode data = Answer.parse(line.substring("data:".length()));
                    if (described.test(data) && ++seen == n) {
                        return data;
                    }
                }
            }
        }
        throw new AssertionError("no. " + n + " of " + filter + " is not on the record; there were " + seen);
    }
}
