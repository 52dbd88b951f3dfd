package dev.turntable.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.turntable.history.Activity;
import dev.turntable.history.ActivityFilter;
import dev.turntable.history.ActivityRow;
import dev.turntable.history.History;
import dev.turntable.proxy.activity.Capture;
import dev.turntable.proxy.activity.CaptureStore;
import dev.turntable.proxy.activity.InFlight;
import java.io.IOException;
import java.time.ZoneId;
import java.util.Optional;

/** {@code /api/inflight/…}, {@code /api/metrics/…}, {@code /api/captures/<id>}: requests under way and done, with what was recorded (llama-swap §8.5, §8.6). */
final class ActivityRoutes {
    private final History history;
    private final InFlight inFlight;
    private final CaptureStore captures;
    private final ZoneId zone;

    ActivityRoutes(History history, InFlight inFlight, CaptureStore captures, ZoneId zone) {
        this.history = history;
        this.inFlight = inFlight;
        this.captures = captures;
        this.zone = zone;
    }

    /** {@code POST /api/inflight/<id>/cancel} (llama-swap §3.7). */
    void cancel(Call call) {
        boolean found =
                InFlight.parseId(call.variable("id")).map(inFlight::cancel).orElse(false);
        if (!found) {
            throw ApiException.notFound("inflight request not found");
        }
        Answers.done(call);
    }

    void page(Call call) {
        Activity.Page page =
                history.activity().page(ActivityFilter.parse(call.query().trimmed()));
        Answers.json(call, out -> page.write(out, row -> captures.has(row.request()), zone));
    }

    void stats(Call call) {
        Answers.json(call, history.activity().stats(call.query().first("model"))::write);
    }

    void capture(Call call) {
        long id = number(call.variable("id"));
        Optional<Capture> capture =
                history.activity().row(id).map(ActivityRow::request).flatMap(captures::find);
        Capture found = capture.orElseThrow(() -> ApiException.notFound("capture not found"));
        Answers.json(call, out -> {
            out.writeStartObject();
            out.writeNumberField("id", id);
            out.writeStringField("req_path", found.path());
            Json.strings(out, "req_headers", found.requestHeaders());
            body(out, "req_body", found.requestBody());
            Json.strings(out, "resp_headers", found.responseHeaders());
            body(out, "resp_body", found.responseBody());
            out.writeEndObject();
        });
    }

    private static void body(JsonGenerator out, String name, Optional<byte[]> body) throws IOException {
        out.writeFieldName(name);
        if (body.isPresent()) {
            out.writeBinary(body.get());
        } else {
            out.writeNull();
        }
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            throw ApiException.bad("invalid capture ID");
        }
    }
}
