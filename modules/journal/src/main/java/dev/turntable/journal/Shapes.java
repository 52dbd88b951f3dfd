package dev.turntable.journal;

import com.fasterxml.jackson.core.io.SerializedString;
import dev.turntable.event.EventType;
import dev.turntable.event.Flat;
import dev.turntable.event.WireName;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Finds the {@link Shape} of a Java type, once; types that contain themselves are allowed. */
final class Shapes {
    private static final MethodType PARSER = MethodType.methodType(Object.class, String.class);

    private final MethodHandles.Lookup lookup;
    private final Upcasters upcasters;
    private final Map<Type, Shape> known = new HashMap<>();

    Shapes(MethodHandles.Lookup lookup, Upcasters upcasters) {
        this.lookup = lookup;
        this.upcasters = upcasters;
    }

    /** Throws IllegalArgumentException for a type that has no place in JSON. */
    Shape of(Type type) {
        Shape shape = known.get(type);
        if (shape != null) {
            return shape;
        }
        Later later = new Later();
        known.put(type, later);
        Shape found = type instanceof Class<?> c ? ofClass(c) : ofGeneric(type);
        later.found = found;
        known.put(type, found);
        return found;
    }

    private Shape ofClass(Class<?> type) {
        Optional<Shape> scalar = Scalars.of(type);
        if (scalar.isPresent()) {
            return scalar.get();
        }
        if (type == OptionalInt.class) {
            return Containers.OptionalShape.ofInt(of(int.class));
        }
        if (type == OptionalLong.class) {
            return Containers.OptionalShape.ofLong(of(long.class));
        }
        if (type == OptionalDouble.class) {
            return Containers.OptionalShape.ofDouble(of(double.class));
        }
        if (type.isEnum()) {
            return Scalars.ofEnum(type);
        }
        if (type.isRecord()) {
            return ofRecord(type);
        }
        if (type.isSealed()) {
            return ofSealed(type);
        }
        throw new IllegalArgumentException("no place in JSON for " + type);
    }

    private Shape ofGeneric(Type type) {
        if (type instanceof ParameterizedType p && p.getRawType() instanceof Class<?> raw) {
            Type[] of = p.getActualTypeArguments();
            if (raw == Optional.class) {
                return Containers.OptionalShape.of(of(of[0]));
            }
            if (Collection.class.isAssignableFrom(raw) && raw.isInterface()) {
                return new Containers.CollectionShape(raw, of(of[0]));
            }
            if (Map.class.isAssignableFrom(raw) && raw.isInterface()) {
                return new Containers.MapShape(raw, of(of[0]), of(of[1]));
            }
        }
        throw new IllegalArgumentException("no place in JSON for " + type);
    }

    /** An id (a record that reads its own text with a static {@code parse}, or wraps one string) is text; other records are objects. */
    private Shape ofRecord(Class<?> type) {
        try {
            Optional<MethodHandle> parse = textParser(type);
            if (parse.isPresent()) {
                MethodHandle handle = parse.get().asType(PARSER);
                return new Scalars.Text<>(Object.class, Object::toString, text -> call(handle, text));
            }
            RecordShape shape = new RecordShape(type);
            known.put(type, shape);
            Parts parts = parts(type);
            shape.complete(parts.fields(), parts.constructor());
            return shape;
        } catch (IllegalAccessException | NoSuchMethodException e) {
            throw new IllegalArgumentException(
                    "cannot reach " + type + ": is its package exported, or its lookup given?", e);
        }
    }

    /** What a record consists of; {@code constructor} takes the values of all fields in order. */
    private record Parts(List<RecordShape.Field> fields, MethodHandle constructor) {}

    /** The components of a {@link Flat} one stand among the others. */
    private Parts parts(Class<?> type) throws IllegalAccessException, NoSuchMethodException {
        List<RecordShape.Field> fields = new ArrayList<>();
        MethodHandle constructor = constructor(type);
        for (RecordComponent component : type.getRecordComponents()) {
            MethodHandle getter = lookup.unreflect(component.getAccessor());
            if (component.isAnnotationPresent(Flat.class)) {
                Parts inner = parts(component.getType());
                constructor = MethodHandles.collectArguments(constructor, fields.size(), inner.constructor());
                inner.fields()
                        .forEach(field -> fields.add(new RecordShape.Field(
                                field.name(), MethodHandles.filterReturnValue(getter, field.getter()), field.shape())));
            } else {
                fields.add(new RecordShape.Field(
                        new SerializedString(snakeCase(component.getName())), getter, of(component.getGenericType())));
            }
        }
        return new Parts(fields, constructor);
    }

    private Optional<MethodHandle> textParser(Class<?> type) throws IllegalAccessException, NoSuchMethodException {
        RecordComponent[] components = type.getRecordComponents();
        boolean parses = Arrays.stream(type.getDeclaredMethods())
                .anyMatch(m -> m.getName().equals("parse")
                        && m.getReturnType() == type
                        && Arrays.equals(m.getParameterTypes(), new Class<?>[] {String.class}));
        if (parses) {
            return Optional.of(lookup.findStatic(type, "parse", MethodType.methodType(type, String.class)));
        }
        boolean wraps = components.length == 1
                && components[0].getType() == String.class
                && components[0].getName().equals("value");
        return wraps ? Optional.of(constructor(type)) : Optional.empty();
    }

    private MethodHandle constructor(Class<?> type) throws IllegalAccessException, NoSuchMethodException {
        Class<?>[] parameters = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        return lookup.findConstructor(type, MethodType.methodType(void.class, parameters));
    }

    private Shape ofSealed(Class<?> type) {
        ChoiceShape shape = new ChoiceShape(type, upcasters);
        ((Later) known.get(type)).found = shape;
        addChoices(shape, type);
        return shape;
    }

    private void addChoices(ChoiceShape shape, Class<?> type) {
        for (Class<?> choice : type.getPermittedSubclasses()) {
            if (choice.isSealed()) {
                addChoices(shape, choice);
                continue;
            }
            EventType event = choice.getAnnotation(EventType.class);
            Shape fields = of(choice);
            if (!(fields instanceof RecordShape record)) {
                throw new IllegalArgumentException(
                        choice + " is a choice of " + type + " but no record that is an object");
            }
            shape.add(choice, new ChoiceShape.Choice(wireName(choice), event == null ? 1 : event.version(), record));
        }
    }

    /** The name of a choice of a sealed interface. Throws IllegalArgumentException where none is written down. */
    static String wireName(Class<?> choice) {
        EventType event = choice.getAnnotation(EventType.class);
        WireName wire = choice.getAnnotation(WireName.class);
        if (event == null && wire == null) {
            throw new IllegalArgumentException(choice + " needs an @EventType or a @WireName");
        }
        return event == null ? wire.value() : event.value();
    }

    private static Object call(MethodHandle parse, String text) {
        try {
            return parse.invokeExact(text);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    static String snakeCase(String camelCase) {
        return camelCase.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    static RuntimeException rethrow(Throwable e) {
        return switch (e) {
            case RuntimeException r -> r;
            case Error error -> throw error;
            default -> new IllegalStateException(e);
        };
    }

    /** Stands in for a shape that is still being found. */
    private static final class Later extends Shape {
        private Shape found;

        @Override
        void write(com.fasterxml.jackson.core.JsonGenerator out, Object value) throws java.io.IOException {
            found.write(out, value);
        }

        @Override
        Object read(com.fasterxml.jackson.core.JsonParser in) throws java.io.IOException {
            return found.read(in);
        }
    }
}
