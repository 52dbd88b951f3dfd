package dev.turntable.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.turntable.config.Config;
import dev.turntable.config.ModelConfig;
import dev.turntable.config.Peer;
import dev.turntable.event.ProcessState;
import dev.turntable.proxy.activity.InFlight;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The messages of {@code /api/events}, one method a type (llama-swap §3.8). */
final class Messages {
    private static final DateTimeFormatter WITH_FRACTION = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
            .appendOffset("+HH:MM", "Z")
            .toFormatter();

    private final ZoneId zone;

    Messages(ZoneId zone) {
        this.zone = zone;
    }

    /** @param source {@code proxy} or {@code upstream} */
    byte[] log(String source, byte[] chunk) {
        return Frames.message("logData", out -> {
            out.writeStartObject();
            out.writeStringField("source", source);
            out.writeStringField("data", new String(chunk, StandardCharsets.UTF_8));
            out.writeEndObject();
        });
    }

    /** All local models with their states, then all peers' models. */
    byte[] modelStatus(Config config, Map<String, ProcessState> states) {
        return Frames.message("modelStatus", out -> {
            out.writeStartArray();
            for (ModelConfig model : config.models().values()) {
                model(out, model, states.getOrDefault(model.id(), ProcessState.STOPPED));
            }
            for (Peer peer : config.peers().values()) {
                for (String model : peer.models()) {
                    peer(out, peer.id(), new Peer.Model(peer.id(), model).qualifiedName());
                }
            }
            out.writeEndArray();
        });
    }

    private static void model(JsonGenerator out, ModelConfig model, ProcessState state) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", model.id());
        out.writeStringField("name", model.name());
        out.writeStringField("description", model.description());
        out.writeStringField("state", state.wire());
        out.writeBooleanField("unlisted", model.unlisted());
        out.writeStringField("peerID", "");
        if (!model.aliases().isEmpty()) {
            Json.strings(out, "aliases", model.aliases());
        }
        CapabilityFields.writeFlags(out, model.capabilities());
        CapabilityFields.writeContext(out, model.capabilities());
        out.writeEndObject();
    }

    private static void peer(JsonGenerator out, String peer, String model) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", model);
        out.writeStringField("name", "");
        out.writeStringField("description", "");
        out.writeStringField("state", "");
        out.writeBooleanField("unlisted", false);
        out.writeStringField("peerID", peer);
        out.writeEndObject();
    }

    byte[] uiConfig(Config config) {
        return Frames.message("uiConfig", out -> {
            out.writeStartObject();
            out.writeObjectFieldStart("activity");
            Json.strings(out, "session_id", config.sessionIdHeaders());
            out.writeEndObject();
            out.writeEndObject();
        });
    }

    byte[] profileChanged(Optional<String> active) {
        return Frames.message("profileChanged", out -> {
            out.writeStartObject();
            Profiles.active(out, active);
            out.writeEndObject();
        });
    }

    byte[] activity(long id) {
        return Frames.message("activity", out -> {
            out.writeStartObject();
            out.writeNumberField("id", id);
            out.writeEndObject();
        });
    }

    /** The list of requests is left out when it is empty. */
    byte[] inFlight(List<InFlight.Entry> requests) {
        return Frames.message("inflight", out -> {
            out.writeStartObject();
            out.writeStringField("operation", "snapshot");
            if (!requests.isEmpty()) {
                out.writeArrayFieldStart("requests");
                for (InFlight.Entry entry : requests) {
                    entry(out, entry);
                }
                out.writeEndArray();
            }
            out.writeEndObject();
        });
    }

    byte[] inFlight(InFlight.Change change) {
        return Frames.message("inflight", out -> {
            out.writeStartObject();
            switch (change) {
                case InFlight.Change.Upsert upsert -> {
                    out.writeStringField("operation", "upsert");
                    out.writeFieldName("request");
                    entry(out, upsert.entry());
                }
                case InFlight.Change.Removed removed -> {
                    out.writeStringField("operation", "remove");
                    out.writeStringField("id", Long.toString(removed.id()));
                }
            }
            out.writeEndObject();
        });
    }

    private void entry(JsonGenerator out, InFlight.Entry entry) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", Long.toString(entry.id()));
        out.writeStringField("timestamp", WITH_FRACTION.format(entry.timestamp().atZone(zone)));
        out.writeStringField("model", entry.model());
        out.writeStringField("req_path", entry.path());
        out.writeStringField("method", entry.method());
        Json.strings(out, "req_headers", entry.requestHeaders());
        out.writeStringField("remote_ip", entry.remoteIp());
        Json.strings(out, "resp_headers", entry.responseHeaders());
        out.writeNumberField("resp_bytes", entry.responseBytes());
        out.writeNumberField("elapsed_ms", entry.elapsed().toMillis());
        out.writeEndObject();
    }
}
