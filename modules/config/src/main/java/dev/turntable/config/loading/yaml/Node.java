package dev.turntable.config.loading.yaml;

import dev.turntable.config.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;

/** A tree of resolved YAML values in the order of the file, each with its position. Immutable; anchors and merge keys are already followed. */
public sealed interface Node {
    Pos pos();

    /** What the YAML library of llama-swap would take a scalar for. */
    enum Kind {
        TEXT("!!str"),
        INT("!!int"),
        FLOAT("!!float"),
        BOOL("!!bool"),
        NULL("!!null"),
        TIME("!!timestamp");

        private final String tag;

        Kind(String tag) {
            this.tag = tag;
        }

        public String tag() {
            return tag;
        }
    }

    /**
     * One value.
     *
     * @param value resolved; a {@link Kind#TIME} is its RFC 3339 text
     * @param raw as spelled
     * @param plain without quotes
     */
    record Scalar(Pos pos, Kind kind, Value value, String raw, boolean plain) implements Node {
        /** Nothing at all after the colon, which is not the same as the word {@code null} when files are merged. */
        public boolean isBlank() {
            return kind == Kind.NULL && plain && raw.isEmpty();
        }

        public Scalar with(Kind newKind, Value newValue, String newRaw) {
            return new Scalar(pos, newKind, newValue, newRaw, false);
        }

        public Scalar withText(String text) {
            return new Scalar(pos, Kind.TEXT, new Value.Text(text), text, false);
        }
    }

    record Items(Pos pos, List<Node> items) implements Node {
        public Items {
            items = List.copyOf(items);
        }
    }

    record Fields(Pos pos, SequencedMap<String, Field> fields) implements Node {
        public Fields {
            fields = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fields));
        }

        public Optional<Node> get(String key) {
            return Optional.ofNullable(fields.get(key)).map(Field::value);
        }

        public Fields with(Field field) {
            SequencedMap<String, Field> copy = new LinkedHashMap<>(fields);
            copy.put(field.key(), field);
            return new Fields(pos, copy);
        }

        public Fields without(String key) {
            SequencedMap<String, Field> copy = new LinkedHashMap<>(fields);
            copy.remove(key);
            return new Fields(pos, copy);
        }
    }

    /**
     * One key with its value.
     *
     * @param textKey false for an unquoted number, boolean or null as key, which is taken as its text
     */
    record Field(Pos keyPos, String key, boolean textKey, Node value) {
        public Field with(Node newValue) {
            return new Field(keyPos, key, textKey, newValue);
        }
    }

    default boolean isNull() {
        return this instanceof Scalar scalar && scalar.kind() == Kind.NULL;
    }

    /** The text of a text scalar. */
    default Optional<String> text() {
        return this instanceof Scalar scalar && scalar.kind() == Kind.TEXT
                ? Optional.of(scalar.raw())
                : Optional.empty();
    }

    /** The same tree with every scalar value replaced; keys stay. */
    default Node map(UnaryOperator<Scalar> change) {
        return switch (this) {
            case Scalar scalar -> change.apply(scalar);
            case Items items -> {
                List<Node> mapped = new ArrayList<>(items.items().size());
                items.items().forEach(item -> mapped.add(item.map(change)));
                yield new Items(items.pos(), mapped);
            }
            case Fields fields -> {
                SequencedMap<String, Field> mapped = new LinkedHashMap<>();
                fields.fields()
                        .forEach((key, field) ->
                                mapped.put(key, field.with(field.value().map(change))));
                yield new Fields(fields.pos(), mapped);
            }
        };
    }

    /** As a free-form value; keys become text. */
    default Value toValue() {
        return switch (this) {
            case Scalar scalar -> scalar.value();
            case Items items ->
                new Value.Items(items.items().stream().map(Node::toValue).toList());
            case Fields fields -> {
                SequencedMap<String, Value> values = new LinkedHashMap<>();
                fields.fields()
                        .forEach((key, field) -> values.put(key, field.value().toValue()));
                yield new Value.Fields(values);
            }
        };
    }
}
