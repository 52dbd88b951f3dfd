package dev.turntable.history;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;

/** The answer to a why: one plain sentence, and the events behind it from the root on. */
public record Because(String question, String answer, List<ShownEvent> chain) implements Answer {
    public Because {
        chain = List.copyOf(chain);
    }

    @Override
    public void write(JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("question", question);
        out.writeStringField("answer", answer);
        out.writeArrayFieldStart("chain");
        for (ShownEvent event : chain) {
            event.write(out);
        }
        out.writeEndArray();
        out.writeEndObject();
    }
}
