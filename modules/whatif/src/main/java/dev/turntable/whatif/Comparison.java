package dev.turntable.whatif;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.turntable.whatif.figures.Result;
import dev.turntable.whatif.traffic.Micros;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The answer: what happened, the same played again, and each candidate. */
public final class Comparison {
    private final long from;
    private final long to;
    private final Result recorded;
    private final Optional<Result> replayed;
    private final List<Result> candidates;

    /** Moments in microseconds since 1970; {@code replayed} is missing when it was ended before. */
    Comparison(long from, long to, Result recorded, Optional<Result> replayed, List<Result> candidates) {
        this.from = from;
        this.to = to;
        this.recorded = recorded;
        this.replayed = replayed;
        this.candidates = List.copyOf(candidates);
    }

    long from() {
        return from;
    }

    long to() {
        return to;
    }

    Result recorded() {
        return recorded;
    }

    Optional<Result> replayed() {
        return replayed;
    }

    List<Result> candidates() {
        return candidates;
    }

    /** It was ended before it was whole. */
    public boolean isPartial() {
        return columns().stream().anyMatch(Result::partial);
    }

    List<Result> columns() {
        List<Result> columns = new ArrayList<>();
        columns.add(recorded);
        replayed.ifPresent(columns::add);
        columns.addAll(candidates);
        return columns;
    }

    /** For people, with a line's end at its end. */
    public String text() {
        return TextTable.of(this);
    }

    /** A page that needs nothing but a browser. */
    public String html() {
        return HtmlPage.of(this);
    }

    /** For tools. */
    public String json() {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.append('\n').toString();
    }

    /** The same as one JSON object. */
    public void write(JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("from", Micros.at(from).toString());
        out.writeStringField("to", Micros.at(to).toString());
        if (isPartial()) {
            out.writeBooleanField("partial", true);
        }
        out.writeObjectFieldStart("recorded");
        recorded.write(out);
        out.writeEndObject();
        if (replayed.isPresent()) {
            out.writeObjectFieldStart("replayed");
            replayed.get().write(out);
            out.writeEndObject();
        }
        out.writeArrayFieldStart("candidates");
        for (Result candidate : candidates) {
            out.writeStartObject();
            out.writeStringField("name", candidate.name());
            candidate.write(out);
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }
}
