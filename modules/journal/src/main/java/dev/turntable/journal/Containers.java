package dev.turntable.journal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SequencedCollection;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Shapes of optional values, lists, sets and maps. Empty ones are left out of their object. What has no order of its own (a plain set or
 * map) is written sorted by its text, so that equal values have equal bytes.
 */
final class Containers {
    private Containers() {}

    /** An optional value: the value, or no field. */
    static final class OptionalShape extends Shape {
        private final Shape inner;
        private final Object empty;
        private final Function<Object, Object> unwrap;
        private final Function<Object, Object> wrap;

        private OptionalShape(
                Shape inner, Object empty, Function<Object, Object> unwrap, Function<Object, Object> wrap) {
            this.inner = inner;
            this.empty = empty;
            this.unwrap = unwrap;
            this.wrap = wrap;
        }

        static Shape of(Shape inner) {
            return new OptionalShape(inner, Optional.empty(), o -> ((Optional<?>) o).orElseThrow(), Optional::of);
        }

        static Shape ofInt(Shape inner) {
            return new OptionalShape(
                    inner, OptionalInt.empty(), o -> ((OptionalInt) o).getAsInt(), v -> OptionalInt.of((int) v));
        }

        static Shape ofLong(Shape inner) {
            return new OptionalShape(
                    inner, OptionalLong.empty(), o -> ((OptionalLong) o).getAsLong(), v -> OptionalLong.of((long) v));
        }

        static Shape ofDouble(Shape inner) {
            return new OptionalShape(
                    inner,
                    OptionalDouble.empty(),
                    o -> ((OptionalDouble) o).getAsDouble(),
                    v -> OptionalDouble.of((double) v));
        }

        @Override
        boolean omits(Object value) {
            return empty.equals(value);
        }

        @Override
        Object absent() {
            return empty;
        }

        @Override
        void write(JsonGenerator out, Object value) throws IOException {
            inner.write(out, unwrap.apply(value));
        }

        @Override
        Object read(JsonParser in) throws IOException {
            return wrap.apply(inner.read(in));
        }
    }

    /** A list, or a set, as a JSON list. */
    static final class CollectionShape extends Shape {
        private final Shape item;
        private final boolean sort;
        private final Function<List<Object>, Object> build;

        CollectionShape(Class<?> type, Shape item) {
            this.item = item;
            if (type == List.class || type == SequencedCollection.class || type == Collection.class) {
                sort = false;
                build = List::copyOf;
            } else if (SortedSet.class.isAssignableFrom(type)) {
                sort = false;
                build = items -> Collections.unmodifiableNavigableSet(new TreeSet<>(items));
            } else {
                // a plain set has no order; a SequencedSet keeps the one it has
                sort = type == java.util.Set.class;
                build = items -> Collections.unmodifiableSequencedSet(new LinkedHashSet<>(items));
                if (sort && !item.isText()) {
                    throw new IllegalArgumentException(
                            "a Set whose members are no text has no order: use a SortedSet or SequencedSet");
                }
            }
        }

        @Override
        boolean omits(Object value) {
            return ((Collection<?>) value).isEmpty();
        }

        @Override
        Object absent() {
            return build.apply(List.of());
        }

        @Override
        void write(JsonGenerator out, Object value) throws IOException {
            Collection<?> items = (Collection<?>) value;
            if (sort) {
                items = items.stream()
                        .sorted(java.util.Comparator.comparing(item::toText))
                        .toList();
            }
            out.writeStartArray();
            for (Object one : items) {
                item.write(out, one);
            }
            out.writeEndArray();
        }

        @Override
        Object read(JsonParser in) throws IOException {
            expect(in, JsonToken.START_ARRAY, "a list");
            List<Object> items = new ArrayList<>();
            while (in.nextToken() != JsonToken.END_ARRAY) {
                items.add(item.read(in));
            }
            return build.apply(items);
        }
    }

    /** A map with text keys as an object. */
    static final class MapShape extends Shape {
        private final Shape key;
        private final Shape value;
        private final boolean sort;
        private final boolean natural;

        MapShape(Class<?> type, Shape key, Shape value) {
            this.key = key;
            this.value = value;
            this.natural = SortedMap.class.isAssignableFrom(type);
            this.sort = !natural && !SequencedMap.class.isAssignableFrom(type);
            if (!key.isText()) {
                throw new IllegalArgumentException("the keys of a map must be text, ids or constants");
            }
        }

        @Override
        boolean omits(Object value) {
            return ((Map<?, ?>) value).isEmpty();
        }

        @Override
        Object absent() {
            return finish(new LinkedHashMap<>());
        }

        @Override
        void write(JsonGenerator out, Object map) throws IOException {
            Map<String, Object> entries = sort ? new TreeMap<>() : new LinkedHashMap<>();
            ((Map<?, ?>) map).forEach((k, v) -> entries.put(key.toText(k), v));
            out.writeStartObject();
            for (Map.Entry<String, Object> entry : entries.entrySet()) {
                out.writeFieldName(entry.getKey());
                value.write(out, entry.getValue());
            }
            out.writeEndObject();
        }

        @Override
        Object read(JsonParser in) throws IOException {
            expect(in, JsonToken.START_OBJECT, "an object");
            LinkedHashMap<Object, Object> map = new LinkedHashMap<>();
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                Object k = keyOf(in);
                in.nextToken();
                if (map.put(k, value.read(in)) != null) {
                    throw unreadable(in, "key " + k + " stands twice");
                }
            }
            return finish(map);
        }

        private Object keyOf(JsonParser in) throws IOException {
            try {
                return key.fromText(in.currentName());
            } catch (IllegalArgumentException | java.time.DateTimeException e) {
                throw unreadable(in, e.getMessage());
            }
        }

        private Object finish(LinkedHashMap<Object, Object> map) {
            return natural
                    ? Collections.unmodifiableNavigableMap(new TreeMap<>(map))
                    : Collections.unmodifiableSequencedMap(map);
        }
    }
}
