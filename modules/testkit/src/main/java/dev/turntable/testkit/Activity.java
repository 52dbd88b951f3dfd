package dev.turntable.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The activity rows of a server and what else is kept of a request. Rows are written after the answer, so they are waited for. */
public record Activity(Http http) {
    public JsonNode page(String query) {
        return http.get("/api/metrics/activity?" + query).expect(200).json();
    }

    /** The ids of the rows on this page, in order. */
    public int[] ids(String query) {
        JsonNode data = page(query).get("data");
        return IntStream.range(0, data.size())
                .map(i -> data.get(i).get("id").asInt())
                .toArray();
    }

    /** The row that the request leaves which this sends. */
    public JsonNode rowOf(Supplier<Answer> request) {
        int newest = newest().map(row -> row.get("id").asInt()).orElse(0);
        request.get();
        return Wait.until("a row after no. " + newest, () -> newest().filter(
                        row -> row.get("id").asInt() > newest));
    }

    private Optional<JsonNode> newest() {
        return Optional.ofNullable(page("limit=1").get("data").get(0));
    }

    /** What was captured of the request of this row. */
    public Answer capture(JsonNode row) {
        return http.get("/api/captures/" + row.get("id").asInt());
    }
}
