package dev.turntable.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.helidon.http.Status;
import java.io.IOException;
import java.util.List;

/** {@code /api/config…}: the configuration in force, its past, reload and rollback; our own addition. Secrets are masked everywhere. */
final class ConfigRoutes {
    private final ConfigControl control;

    ConfigRoutes(ConfigControl control) {
        this.control = control;
    }

    /** {@code GET /api/config}. */
    void show(Call call) {
        Answers.json(call, out -> {
            out.writeStartObject();
            out.writeStringField("hash", control.current().hash());
            out.writeStringField("text", control.currentText());
            out.writeArrayFieldStart("warnings");
            for (var warning : control.current().warnings()) {
                out.writeString(warning.oneLine());
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    /** {@code GET /api/config/history}. */
    void history(Call call) {
        List<ConfigControl.Applied> all = control.history();
        String current = control.current().hash();
        Answers.json(call, out -> {
            out.writeStartObject();
            out.writeStringField("current", current);
            out.writeArrayFieldStart("configs");
            for (ConfigControl.Applied one : all) {
                out.writeStartObject();
                out.writeStringField("hash", one.hash());
                out.writeStringField("at", one.at().toString());
                out.writeStringField("origin", one.origin());
                out.writeBooleanField("kept", one.kept());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    /** {@code GET /api/config/history/<hash>}. */
    void earlier(Call call) {
        String hash = call.variable("hash");
        String text = control.show(hash).orElseThrow(() -> ApiException.notFound("configuration not found"));
        Answers.json(call, out -> {
            out.writeStartObject();
            out.writeStringField("hash", hash);
            out.writeStringField("text", text);
            out.writeEndObject();
        });
    }

    /** {@code POST /api/config/reload[?empty=true]}. */
    void reload(Call call) {
        answer(
                call,
                control.reload(
                        call.query().given("empty").filter("true"::equals).isPresent()));
    }

    /** {@code POST /api/config/rollback?hash=…}. */
    void rollback(Call call) {
        String hash = call.query().given("hash").orElseThrow(() -> ApiException.bad("hash is required"));
        answer(call, control.rollback(hash).orElseThrow(() -> ApiException.notFound("configuration not found")));
    }

    private static void answer(Call call, ConfigControl.Outcome outcome) {
        switch (outcome) {
            case ConfigControl.Outcome.Changed changed -> Answers.json(call, out -> changed(out, changed));
            case ConfigControl.Outcome.Unchanged unchanged ->
                Answers.json(call, out -> {
                    out.writeStartObject();
                    out.writeBooleanField("changed", false);
                    out.writeStringField("hash", unchanged.hash());
                    out.writeEndObject();
                });
            case ConfigControl.Outcome.Refused refused ->
                Answers.json(call, Status.create(422, "Unprocessable Entity"), out -> {
                    out.writeStartObject();
                    out.writeBooleanField("changed", false);
                    Json.strings(out, "errors", refused.errors());
                    out.writeEndObject();
                });
        }
    }

    private static void changed(JsonGenerator out, ConfigControl.Outcome.Changed changed) throws IOException {
        out.writeStartObject();
        out.writeBooleanField("changed", true);
        out.writeStringField("hash", changed.hash());
        Json.strings(out, "added", changed.added());
        Json.strings(out, "removed", changed.removed());
        Json.strings(out, "restarted", changed.restarted());
        Json.strings(out, "retuned", changed.retuned());
        Json.strings(out, "settings", changed.settings());
        Json.strings(out, "warnings", changed.warnings());
        out.writeEndObject();
    }
}
