package dev.turntable.journal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A sealed interface as the object of the chosen record, led by its name in {@code type} and, from version 2 on, its version in {@code v}.
 */
final class ChoiceShape extends Shape {
    static final SerializedString TYPE = new SerializedString("type");
    static final SerializedString VERSION = new SerializedString("v");

    /** One record of the sealed interface. */
    record Choice(String name, int version, RecordShape shape) {}

    private final Class<?> type;
    private final Upcasters upcasters;
    private final Map<Class<?>, Choice> byClass = new HashMap<>();
    private final Map<String, Choice> byName = new HashMap<>();

    ChoiceShape(Class<?> type, Upcasters upcasters) {
        this.type = type;
        this.upcasters = upcasters;
    }

    void add(Class<?> choice, Choice what) {
        if (what.shape().hasField("type") || what.shape().hasField("v")) {
            throw new IllegalArgumentException(choice + " has a component named type or v, which its tag needs");
        }
        byClass.put(choice, what);
        if (byName.put(what.name(), what) != null) {
            throw new IllegalArgumentException("two choices of " + type + " are named " + what.name());
        }
    }

    @Override
    void write(JsonGenerator out, Object value) throws IOException {
        Choice choice = byClass.get(value.getClass());
        out.writeStartObject();
        out.writeFieldName(TYPE);
        out.writeString(choice.name());
        if (choice.version() > 1) {
            out.writeFieldName(VERSION);
            out.writeNumber(choice.version());
        }
        choice.shape().writeFields(out, value);
        out.writeEndObject();
    }

    /** The fields alone, without the braces and the tag. */
    void writeFields(JsonGenerator out, Object value) throws IOException {
        byClass.get(value.getClass()).shape().writeFields(out, value);
    }

    @Override
    Object read(JsonParser in) throws IOException {
        expect(in, JsonToken.START_OBJECT, "an object");
        if (!in.nextFieldName(TYPE)) {
            throw unreadable(in, "a " + type.getSimpleName() + " begins with its type");
        }
        in.nextToken();
        expect(in, JsonToken.VALUE_STRING, "the name of a type");
        String name = in.getText();
        int version = 1;
        boolean onName = true;
        if (in.nextFieldName(VERSION)) {
            in.nextToken();
            expect(in, JsonToken.VALUE_NUMBER_INT, "a version");
            version = in.getIntValue();
            onName = false;
        }
        Choice choice = byName.get(name);
        if (choice != null && version == choice.version()) {
            return choice.shape().readFields(in, onName);
        }
        return readOther(in, name, version, onName);
    }

    /** An old version goes through its upcasters; an unknown or newer one is refused. */
    private Object readOther(JsonParser in, String name, int version, boolean onName) throws IOException {
        if (!onName) {
            in.nextToken();
        }
        Optional<Upcasters.Old> current = upcasters.raise(name, version, () -> JsonTree.readFields(in));
        if (current.isEmpty()) {
            Choice choice = byName.get(name);
            throw unreadable(
                    in,
                    choice == null
                            ? "no " + type.getSimpleName() + " is called " + name
                            : name + " has version " + version + ", this program reads " + choice.version());
        }
        Upcasters.Old old = current.get();
        Choice choice = byName.get(old.type());
        if (choice == null || choice.version() != old.version()) {
            throw unreadable(
                    in,
                    "upcasters end at " + old.type() + " version " + old.version()
                            + ", which this program does not read");
        }
        try (JsonParser again = JsonTree.parser(old.fields())) {
            again.nextToken();
            return choice.shape().read(again);
        }
    }
}
