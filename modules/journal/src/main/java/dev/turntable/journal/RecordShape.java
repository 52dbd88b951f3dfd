package dev.turntable.journal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A record as an object: its components in their order under snake_case names. */
final class RecordShape extends Shape {

    /** One component; {@code getter} takes the record as its own type. */
    record Field(SerializedString name, MethodHandle getter, Shape shape) {}

    private static final MethodType GETTER = MethodType.methodType(Object.class, Object.class);
    private static final MethodType CONSTRUCTOR = MethodType.methodType(Object.class, Object[].class);

    private final Class<?> type;
    private Field[] fields = {};
    private final Map<String, Integer> indexes = new HashMap<>();
    private MethodHandle constructor;

    // Adapted when the first record of this type is written or read: for all types together that took a third of the
    // server's start,
    // and most starts meet few of them. Two threads may do it twice, with the same outcome.
    private volatile MethodHandle[] getters;
    private volatile MethodHandle spreadConstructor;

    RecordShape(Class<?> type) {
        this.type = type;
    }

    /** Second half of construction, because a record may contain itself. */
    void complete(List<Field> fields, MethodHandle constructor) {
        this.fields = fields.toArray(Field[]::new);
        this.constructor = constructor;
        for (int i = 0; i < this.fields.length; i++) {
            indexes.put(this.fields[i].name().getValue(), i);
        }
    }

    boolean hasField(String name) {
        return indexes.containsKey(name);
    }

    @Override
    void write(JsonGenerator out, Object value) throws IOException {
        out.writeStartObject();
        writeFields(out, value);
        out.writeEndObject();
    }

    void writeFields(JsonGenerator out, Object value) throws IOException {
        MethodHandle[] handles = getters();
        for (int i = 0; i < fields.length; i++) {
            Field field = fields[i];
            Object part = get(handles[i], value);
            if (!field.shape().omits(part)) {
                out.writeFieldName(field.name());
                field.shape().write(out, part);
            }
        }
    }

    @Override
    Object read(JsonParser in) throws IOException {
        expect(in, JsonToken.START_OBJECT, "an object");
        return readFields(in, false);
    }

    /**
     * Reads to the end of the object.
     *
     * @param onName whether the parser already stands on the next name (or the end)
     */
    Object readFields(JsonParser in, boolean onName) throws IOException {
        Object[] values = new Object[fields.length];
        int next = 0; // fields come in order nearly always; the parser compares the expected name without building it
        boolean stands = onName;
        while (true) {
            int index;
            if (!stands && next < fields.length && in.nextFieldName(fields[next].name())) {
                index = next;
            } else {
                if (!stands && next >= fields.length) {
                    in.nextToken();
                }
                if (in.currentToken() == JsonToken.END_OBJECT) {
                    break;
                }
                index = indexOf(in);
            }
            stands = false;
            if (values[index] != null) {
                throw unreadable(in, "field " + fields[index].name() + " stands twice");
            }
            in.nextToken();
            values[index] = fields[index].shape().read(in);
            next = index + 1;
        }
        return construct(in, values);
    }

    private int indexOf(JsonParser in) throws IOException {
        Integer index = indexes.get(in.currentName());
        if (index == null) {
            throw unreadable(in, type.getSimpleName() + " has no field " + in.currentName());
        }
        return index;
    }

    private Object construct(JsonParser in, Object[] values) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null) {
                values[i] = fields[i].shape().absent();
                if (values[i] == null) {
                    throw unreadable(in, type.getSimpleName() + " lacks its field " + fields[i].name());
                }
            }
        }
        try {
            return spreadConstructor().invokeExact(values);
        } catch (IllegalArgumentException | NullPointerException e) {
            throw unreadable(in, type.getSimpleName() + " refuses these values: " + e.getMessage());
        } catch (Throwable e) {
            throw Shapes.rethrow(e);
        }
    }

    private MethodHandle[] getters() {
        MethodHandle[] found = getters;
        if (found == null) {
            found = new MethodHandle[fields.length];
            for (int i = 0; i < found.length; i++) {
                found[i] = fields[i].getter().asType(GETTER);
            }
            getters = found;
        }
        return found;
    }

    private MethodHandle spreadConstructor() {
        MethodHandle found = spreadConstructor;
        if (found == null) {
            found = constructor.asSpreader(Object[].class, fields.length).asType(CONSTRUCTOR);
            spreadConstructor = found;
        }
        return found;
    }

    private static Object get(MethodHandle getter, Object value) {
        try {
            return getter.invokeExact(value);
        } catch (Throwable e) {
            throw Shapes.rethrow(e);
        }
    }
}
