package dev.turntable.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.helidon.http.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** {@code /api/config…}: the configuration in force, its past, reload and rollback; our own addition. Secrets are masked everywhere. */
final class ConfigRoutes {
    private static final Status UNPROCESSABLE = Status.create(422, "Unprocessable Entity");

    /** A text to check may be as long as a configuration may be. */
    private static final int MOST_BYTES = 32 << 20;

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

    /** {@code POST /api/config/check}: the files as they lie there, or the body instead of them. */
    void check(Call call) throws IOException {
        String body = new String(call.exchange().content().readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        ConfigControl.Checked checked = control.check(body.isBlank() ? Optional.empty() : Optional.of(body));
        answer(call, checked.outcome(), out -> checked(out, checked));
    }

    private static void checked(JsonGenerator out, ConfigControl.Checked checked) throws IOException {
        if (checked.text().isPresent()) {
            out.writeStringField("text", checked.text().get());
        }
        out.writeArrayFieldStart("files");
        for (ConfigControl.File file : checked.files()) {
            out.writeStartObject();
            out.writeStringField("name", file.name());
            out.writeStringField("text", file.text());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeArrayFieldStart("marks");
        for (ConfigControl.Mark mark : checked.marks()) {
            out.writeStartObject();
            out.writeStringField("kind", mark.error() ? "error" : "warning");
            out.writeStringField("file", mark.file());
            out.writeNumberField("line", mark.line());
            out.writeNumberField("column", mark.column());
            out.writeStringField("message", mark.message());
            out.writeStringField("hint", mark.hint());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    /** {@code POST /api/config/rollback?hash=…}. */
    void rollback(Call call) {
        String hash = call.query().given("hash").orElseThrow(() -> ApiException.bad("hash is required"));
        answer(call, control.rollback(hash).orElseThrow(() -> ApiException.notFound("configuration not found")));
    }

    private static void answer(Call call, ConfigControl.Outcome outcome) {
        answer(call, outcome, _ -> {});
    }

    /** The outcome's fields, and then {@code more}. */
    private static void answer(Call call, ConfigControl.Outcome outcome, Json.Body more) {
        boolean refused = outcome instanceof ConfigControl.Outcome.Refused;
        Answers.json(call, refused ? UNPROCESSABLE : Status.OK_200, out -> {
            out.writeStartObject();
            out.writeBooleanField("changed", outcome instanceof ConfigControl.Outcome.Changed);
            switch (outcome) {
                case ConfigControl.Outcome.Changed changed -> changed(out, changed);
                case ConfigControl.Outcome.Unchanged unchanged -> out.writeStringField("hash", unchanged.hash());
                case ConfigControl.Outcome.Refused because -> Json.strings(out, "errors", because.errors());
            }
            more.write(out);
            out.writeEndObject();
        });
    }

    private static void changed(JsonGenerator out, ConfigControl.Outcome.Changed changed) throws IOException {
        out.writeStringField("hash", changed.hash());
        Json.strings(out, "added", changed.added());
        Json.strings(out, "removed", changed.removed());
        Json.strings(out, "restarted", changed.restarted());
        Json.strings(out, "retuned", changed.retuned());
        Json.strings(out, "settings", changed.settings());
        Json.strings(out, "warnings", changed.warnings());
    }
}
