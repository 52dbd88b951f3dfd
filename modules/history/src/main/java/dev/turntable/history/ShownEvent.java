package dev.turntable.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.turntable.event.Actor;
import dev.turntable.event.Commit;
import dev.turntable.event.Event;
import dev.turntable.event.EventType;
import dev.turntable.journal.RecordCodec;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;

/**
 * One event as clients see it (docs/http-api.md), with its links and its cause.
 *
 * @param cursor opaque position, ordered
 * @param n 0 for the fact, decisions from 1
 * @param cause id of the event it follows from, if that is known and still kept
 */
public record ShownEvent(
        String cursor, long seq, int n, Instant time, Event event, Links links, Actor actor, Optional<String> cause)
        implements Answer {
    private static final RecordCodec<Event> CODEC = RecordCodec.of(Event.class);
    private static final JsonFactory JSON = new JsonFactory();
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    /** Fields of an event that stand beside {@code data} instead of in it. */
    private static final Set<String> LIFTED = Set.of("model", "run", "swap", "request");

    static ShownEvent of(Commit commit, int n, Links links, String cursor, Optional<String> cause) {
        return new ShownEvent(cursor, commit.seq(), n, commit.time(), commit.event(n), links, Actors.of(commit), cause);
    }

    /** {@code seq.n}. */
    public String id() {
        return seq + "." + n;
    }

    /** {@code fact} or {@code decision}. */
    public String kind() {
        return n == 0 ? "fact" : "decision";
    }

    @Override
    public void write(JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("cursor", cursor);
        out.writeStringField("id", id());
        out.writeNumberField("seq", seq);
        out.writeNumberField("n", n);
        out.writeStringField("time", MICROS.format(time));
        out.writeStringField("kind", kind());
        out.writeStringField("type", event.type());
        out.writeNumberField(
                "v", event.getClass().getAnnotation(EventType.class).version());
        optional(out, "model", links.model());
        optional(out, "run", links.run());
        optional(out, "swap", links.swap());
        optional(out, "request", links.request());
        optional(out, "cause", cause);
        out.writeStringField("actor", actor.value());
        out.writeObjectFieldStart("data");
        writeData(out);
        out.writeEndObject();
        out.writeEndObject();
    }

    private static void optional(JsonGenerator out, String name, Optional<?> value) throws IOException {
        if (value.isPresent()) {
            out.writeStringField(name, value.get().toString());
        }
    }

    /** {@code data} alone, as JSON. */
    String data() {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            writeData(out);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** The record's own fields but those that are links already. */
    private void writeData(JsonGenerator out) throws IOException {
        try (JsonParser in = JSON.createParser(CODEC.encode(event))) {
            in.nextToken();
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String name = in.currentName();
                in.nextToken();
                boolean tag = name.equals("type")
                        || name.equals("v")
                                && event.getClass()
                                                .getAnnotation(EventType.class)
                                                .version()
                                        > 1;
                if (tag || LIFTED.contains(name) && links.has(name)) {
                    in.skipChildren();
                } else {
                    out.writeFieldName(name);
                    out.copyCurrentStructure(in);
                }
            }
        }
    }
}
