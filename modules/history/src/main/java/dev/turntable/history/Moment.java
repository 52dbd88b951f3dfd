package dev.turntable.history;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.turntable.event.ModelId;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import dev.turntable.fsm.Berth;
import dev.turntable.fsm.OpenRequest;
import dev.turntable.fsm.Run;
import dev.turntable.fsm.Waiter;
import dev.turntable.fsm.Yard;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The state after one commit, as {@code GET /api/state} shows it.
 *
 * @param seq the commit; 0 is before the first
 * @param time of that commit
 * @param cursor goes on behind it
 */
public record Moment(long seq, Instant time, String cursor, Yard yard) implements Answer {
    /** SHA-256 over the whole state, in lower-case hex. */
    public String stateHash() {
        return yard.stateHash();
    }

    /** The models that have a process, with its number. */
    public Map<ModelId, Long> processes() {
        Map<ModelId, Long> found = new TreeMap<>(Comparator.comparing(ModelId::value));
        for (Berth berth : yard.berths()) {
            berth.run().flatMap(Run::child).ifPresent(child -> found.put(berth.model(), child.pid()));
        }
        return found;
    }

    /** The models whose last start failed. */
    public List<ModelId> failed() {
        return yard.berths().stream()
                .filter(berth -> berth.failures() > 0)
                .map(Berth::model)
                .toList();
    }

    @Override
    public void write(JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("cursor", cursor);
        out.writeNumberField("seq", seq);
        out.writeStringField("time", time.toString());
        out.writeStringField("state_hash", stateHash());
        out.writeStringField("phase", yard.phase().name().toLowerCase(Locale.ROOT));
        if (yard.hold().isPresent()) {
            out.writeObjectFieldStart("hold");
            out.writeStringField("by", yard.hold().get().by().value());
            out.writeStringField("note", yard.hold().get().note());
            out.writeStringField("since", yard.hold().get().since().toString());
            out.writeEndObject();
        }
        text(out, "active_profile", yard.activeProfile());
        writeModels(out);
        writeSwaps(out);
        writeQueue(out);
        writeRequests(out);
        out.writeEndObject();
    }

    private void writeModels(JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("models");
        for (Berth berth : yard.berths()) {
            out.writeStartObject();
            out.writeStringField("model", berth.model().value());
            out.writeStringField("state", yard.state(berth.model()).wire());
            out.writeNumberField("leases", yard.inFlight(berth.model()));
            if (berth.run().isPresent()) {
                writeRun(out, berth.run().get());
            }
            if (berth.failures() > 0) {
                out.writeNumberField("failures", berth.failures());
                text(out, "last_failure", berth.lastFailure());
            }
            text(out, "backed_off_until", berth.backoff());
            if (berth.usualLoad().isPresent()) {
                out.writeNumberField("usual_load_ms", berth.usualLoad().get().toMillis());
            }
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void writeRun(JsonGenerator out, Run run) throws IOException {
        out.writeStringField("run", run.id().toString());
        out.writeStringField("because", run.start().reason().wire());
        out.writeStringField("ordered", run.start().ordered().toString());
        if (run.child().isPresent()) {
            out.writeNumberField("pid", run.child().get().pid());
            if (run.child().get().port().isPresent()) {
                out.writeNumberField("port", run.child().get().port().getAsInt());
            }
        }
        text(out, "ready", run.loaded().ready());
        text(out, "unload_due", run.ttlDue());
        if (run.stop().isPresent()) {
            out.writeStringField("stopping_because", run.stop().get().reason().wire());
        }
    }

    private void writeSwaps(JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("swaps");
        for (dev.turntable.fsm.Swap swap : yard.swaps()) {
            out.writeStartObject();
            out.writeStringField("swap", swap.id().toString());
            out.writeStringField("run", swap.run().toString());
            strings(
                    out,
                    "awaiting",
                    swap.awaiting().stream().map(RunId::toString).toList());
            strings(
                    out,
                    "joined",
                    swap.joined().stream().map(RequestId::toString).toList());
            out.writeStringField("started", swap.started().toString());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private void writeQueue(JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("queue");
        for (Waiter waiter : yard.queue()) {
            out.writeStartObject();
            out.writeStringField("model", waiter.model().value());
            text(out, "request", waiter.request());
            out.writeStringField("by", waiter.by().value());
            out.writeNumberField("priority", waiter.priority());
            out.writeStringField("since", waiter.since().toString());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private void writeRequests(JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("requests");
        for (OpenRequest request : yard.requests()) {
            out.writeStartObject();
            out.writeStringField("request", request.id().toString());
            out.writeStringField("model", request.model().value());
            out.writeStringField("arrived", request.arrived().toString());
            out.writeStringField("place", place(request.place()));
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static String place(OpenRequest.Place place) {
        return switch (place) {
            case OpenRequest.Place.Passing _ -> "passing";
            case OpenRequest.Place.Queued _ -> "queued";
            case OpenRequest.Place.Joined joined -> "waits for " + joined.swap();
            case OpenRequest.Place.Leased leased -> "served by " + leased.run();
            case OpenRequest.Place.Shed _ -> "refused";
            case OpenRequest.Place.Gone _ -> "gone";
        };
    }

    private static void text(JsonGenerator out, String name, Optional<?> value) throws IOException {
        if (value.isPresent()) {
            out.writeStringField(name, value.get().toString());
        }
    }

    private static void strings(JsonGenerator out, String name, List<String> values) throws IOException {
        out.writeArrayFieldStart(name);
        for (String value : values) {
            out.writeString(value);
        }
        out.writeEndArray();
    }
}
