package dev.turntable.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.turntable.config.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes answers as JSON the way llama-swap does: one line, map keys sorted, and {@code < > &} escaped for pages that embed it (§13.3). */
final class Json {
    private static final JsonFactory FACTORY = JsonFactory.builder().build().setCharacterEscapes(new HtmlSafe());

    private Json() {}

    /** What writes one value. */
    @FunctionalInterface
    interface Body {
        void write(JsonGenerator out) throws IOException;
    }

    static byte[] bytes(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
            body.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static String text(Body body) {
        return new String(bytes(body), StandardCharsets.UTF_8);
    }

    /** A free-form value of the configuration, keys of every mapping in it sorted. */
    static void value(JsonGenerator out, Value value) throws IOException {
        switch (value) {
            case Value.Text text -> out.writeString(text.text());
            case Value.Items items -> {
                out.writeStartArray();
                for (Value item : items.items()) {
                    value(out, item);
                }
                out.writeEndArray();
            }
            case Value.Fields fields -> {
                out.writeStartObject();
                for (Map.Entry<String, Value> field : new TreeMap<>(fields.fields()).entrySet()) {
                    out.writeFieldName(field.getKey());
                    value(out, field.getValue());
                }
                out.writeEndObject();
            }
            case Value.Whole whole -> out.writeNumber(whole.number());
            case Value.Decimal decimal -> out.writeRawValue(decimal.toJson());
            case Value.Bool bool -> out.writeBoolean(bool.yes());
            case Value.Nothing nothing -> out.writeNull();
        }
    }

    static void strings(JsonGenerator out, String name, List<String> values) throws IOException {
        out.writeArrayFieldStart(name);
        for (String value : values) {
            out.writeString(value);
        }
        out.writeEndArray();
    }

    static void strings(JsonGenerator out, String name, Map<String, String> values) throws IOException {
        out.writeObjectFieldStart(name);
        for (Map.Entry<String, String> entry : new TreeMap<>(values).entrySet()) {
            out.writeStringField(entry.getKey(), entry.getValue());
        }
        out.writeEndObject();
    }

    /** A number without a fraction when it has none: {@code 5}, {@code 5.5}. */
    static void number(JsonGenerator out, String name, double value) throws IOException {
        out.writeFieldName(name);
        number(out, value);
    }

    static void number(JsonGenerator out, double value) throws IOException {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            out.writeNull();
        } else if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            out.writeNumber((long) value);
        } else {
            out.writeNumber(value);
        }
    }

    private static final class HtmlSafe extends CharacterEscapes {
        private static final long serialVersionUID = 1L;
        private static final int[] ASCII = ascii();

        private static int[] ascii() {
            int[] escapes = standardAsciiEscapesForJSON();
            escapes['<'] = ESCAPE_CUSTOM;
            escapes['>'] = ESCAPE_CUSTOM;
            escapes['&'] = ESCAPE_CUSTOM;
            return escapes;
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return ASCII.clone();
        }

        @Override
        public SerializableString getEscapeSequence(int c) {
            return switch (c) {
                case '<' -> new SerializedString("\\u003c");
                case '>' -> new SerializedString("\\u003e");
                case '&' -> new SerializedString("\\u0026");
                case 0x2028 -> new SerializedString("\\u2028");
                case 0x2029 -> new SerializedString("\\u2029");
                default -> null;
            };
        }
    }
}
