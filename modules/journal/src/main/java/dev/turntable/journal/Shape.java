package dev.turntable.journal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** How values of one Java type stand in JSON; built once for each type by {@link Shapes}. */
abstract class Shape {

    /** Writes the value. */
    abstract void write(JsonGenerator out, Object value) throws IOException;

    /** Reads a value; the parser stands on its first token and is left on its last. */
    abstract Object read(JsonParser in) throws IOException;

    /** Whether a field with this value is left out of its object. */
    boolean omits(Object value) {
        return false;
    }

    /** What a field that was left out means; null when it must not be left out. */
    Object absent() {
        return null;
    }

    /** Whether the value is one JSON string, so that it can be a key. */
    boolean isText() {
        return false;
    }

    /** The value as a key of an object. Only where {@link #isText()}. */
    String toText(Object value) {
        throw new UnsupportedOperationException();
    }

    /** The value behind a key of an object. Only where {@link #isText()}. */
    Object fromText(String text) {
        throw new UnsupportedOperationException();
    }

    static void expect(JsonParser in, JsonToken token, String what) throws IOException {
        if (in.currentToken() != token) {
            throw unreadable(in, "expected " + what + ", found " + describe(in));
        }
    }

    static JournalException unreadable(JsonParser in, String message) {
        return new JournalException(
                JournalException.Code.UNREADABLE,
                message + " at " + in.getParsingContext().pathAsPointer() + ", byte "
                        + in.currentTokenLocation().getByteOffset());
    }

    private static String describe(JsonParser in) throws IOException {
        JsonToken token = in.currentToken();
        if (token == null) {
            return "the end";
        }
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING -> "text";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "the number " + in.getText();
            case VALUE_NULL -> "null";
            case VALUE_TRUE, VALUE_FALSE -> "a truth value";
            case END_ARRAY, END_OBJECT, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> token.asString();
        };
    }
}
