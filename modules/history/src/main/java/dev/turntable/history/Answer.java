package dev.turntable.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Something that goes out as JSON, over HTTP and from the command line alike. */
public interface Answer {
    /** Writes itself as one JSON value where the generator stands. */
    void write(JsonGenerator out) throws IOException;

    /** Itself as UTF-8 JSON. */
    default byte[] json() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1_024);
        try (JsonGenerator out = new JsonFactory().createGenerator(bytes)) {
            write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
