package dev.turntable.whatif.figures;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * One column: what happened, or would have.
 *
 * @param partial the play was ended before its time
 * @param assumptions that this column rests on
 */
public record Result(
        String name,
        Figures all,
        SequencedMap<String, Figures> models,
        SequencedMap<String, Figures> clients,
        List<Assumption> assumptions,
        boolean partial) {

    public Result named(String other) {
        return new Result(other, all, models, clients, assumptions, partial);
    }

    public Result assuming(List<Assumption> others, boolean isPartial) {
        return new Result(name, all, models, clients, List.copyOf(others), isPartial);
    }

    /** The fields, into the object that the generator stands in. */
    public void write(JsonGenerator out) throws IOException {
        if (partial) {
            out.writeBooleanField("partial", true);
        }
        all.write(out);
        write(out, "models", models);
        write(out, "clients", clients);
        out.writeArrayFieldStart("assumptions");
        for (Assumption assumption : assumptions) {
            out.writeStartObject();
            if (!assumption.name().isEmpty()) {
                out.writeStringField("name", assumption.name());
                out.writeStringField("value", assumption.value());
            }
            out.writeStringField("text", assumption.text());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void write(JsonGenerator out, String name, Map<String, Figures> parts) throws IOException {
        out.writeObjectFieldStart(name);
        for (Map.Entry<String, Figures> part : parts.entrySet()) {
            out.writeObjectFieldStart(part.getKey());
            part.getValue().write(out);
            out.writeEndObject();
        }
        out.writeEndObject();
    }
}
