package dev.turntable.history;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.turntable.event.Outcome;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import dev.turntable.event.Tokens;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is recorded of a request that asked a model for something (llama-swap §8.2).
 *
 * @param id dense, from 1, in the order of the ends, the same after every restart
 * @param timestamp when it ended, whole seconds
 * @param model real id, or the name a peer was asked by
 * @param durationMs from arrival to end, waiting and loading included
 * @param waitMs from arrival to being served; empty for a request that never was
 * @param request finds its capture
 * @param run the process that served it
 * @param outcome how it truly ended, whatever its status says
 */
public record ActivityRow(
        long id,
        Instant timestamp,
        String model,
        String path,
        String contentType,
        int status,
        Tokens tokens,
        long durationMs,
        Optional<String> error,
        SortedMap<String, String> metadata,
        RequestId request,
        Optional<RunId> run,
        OptionalLong waitMs,
        Outcome outcome) {
    private static final DateTimeFormatter RFC3339 = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssXXX");

    public ActivityRow {
        timestamp = timestamp.truncatedTo(ChronoUnit.SECONDS);
        metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    }

    /** Writes the row as JSON, its time in {@code zone}. */
    public void write(JsonGenerator out, boolean hasCapture, ZoneId zone) throws IOException {
        out.writeStartObject();
        out.writeNumberField("id", id);
        out.writeStringField("timestamp", RFC3339.format(timestamp.atZone(zone)));
        out.writeStringField("model", model);
        out.writeStringField("req_path", path);
        out.writeStringField("resp_content_type", contentType);
        out.writeNumberField("resp_status_code", status);
        out.writeObjectFieldStart("tokens");
        out.writeNumberField("cache_tokens", tokens.cached());
        out.writeNumberField("draft_tokens", tokens.drafted());
        out.writeNumberField("draft_acc_tokens", tokens.draftAccepted());
        out.writeNumberField("input_tokens", tokens.input());
        out.writeNumberField("output_tokens", tokens.output());
        out.writeFieldName("prompt_per_second");
        number(out, tokens.promptPerSecond());
        out.writeFieldName("tokens_per_second");
        number(out, tokens.tokensPerSecond());
        out.writeEndObject();
        out.writeNumberField("duration_ms", durationMs);
        out.writeBooleanField("has_capture", hasCapture);
        if (error.isPresent()) {
            out.writeStringField("error_msg", error.get());
        }
        if (!metadata.isEmpty()) {
            out.writeObjectFieldStart("metadata");
            for (Map.Entry<String, String> entry : metadata.entrySet()) {
                out.writeStringField(entry.getKey(), entry.getValue());
            }
            out.writeEndObject();
        }
        out.writeStringField("outcome", outcome.wire());
        out.writeStringField("request", request.toString());
        if (run.isPresent()) {
            out.writeStringField("run", run.get().toString());
        }
        if (waitMs.isPresent()) {
            out.writeNumberField("wait_ms", waitMs.getAsLong());
        }
        out.writeEndObject();
    }

    /** Whole numbers without a point, as llama-swap writes them. */
    static void number(JsonGenerator out, double value) throws IOException {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            out.writeNumber((long) value);
        } else {
            out.writeNumber(value);
        }
    }
}
