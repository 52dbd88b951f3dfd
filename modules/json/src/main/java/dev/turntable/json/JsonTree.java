package dev.turntable.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A small piece of JSON in memory, read leniently: numbers may be texts, fractions are cut (llama-swap §8.3). */
public sealed interface JsonTree {
    record Fields(Map<String, JsonTree> fields) implements JsonTree {}

    record Items(List<JsonTree> items) implements JsonTree {}

    record Text(String text) implements JsonTree {}

    record Number(double value) implements JsonTree {}

    record Bool(boolean value) implements JsonTree {}

    record Nothing() implements JsonTree {}

    /** The value at a path of keys. */
    default Optional<JsonTree> at(String... keys) {
        JsonTree here = this;
        for (String key : keys) {
            if (!(here instanceof Fields fields) || !fields.fields().containsKey(key)) {
                return Optional.empty();
            }
            here = fields.fields().get(key);
        }
        return Optional.of(here);
    }

    default double number() {
        return switch (this) {
            case Number n -> n.value();
            case Text t -> parse(t.text());
            case Bool b -> b.value() ? 1 : 0;
            case Fields f -> 0;
            case Items i -> 0;
            case Nothing n -> 0;
        };
    }

    default long whole() {
        return (long) number();
    }

    private static double parse(String text) {
        try {
            return Double.parseDouble(text.strip());
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }

    /** Parses one whole value; empty when it is not JSON. */
    static Optional<JsonTree> parse(JsonFactory factory, byte[] json, int from, int length) {
        try (JsonParser parser = factory.createParser(json, from, length)) {
            Builder builder = new Builder();
            JsonToken token = parser.nextToken();
            while (token != null) {
                if (builder.accept(token, parser)) {
                    return Optional.of(builder.result());
                }
                token = parser.nextToken();
            }
            return Optional.empty();
        } catch (IOException notJson) {
            return Optional.empty();
        }
    }

    /** Builds a value from the tokens of any parser. */
    final class Builder {
        private final Deque<JsonTree> open = new ArrayDeque<>();
        private final Deque<String> names = new ArrayDeque<>();
        private Optional<JsonTree> done = Optional.empty();

        public Builder() {}

        /** Takes a token; true when the value is complete. */
        public boolean accept(JsonToken token, JsonParser parser) throws IOException {
            switch (token) {
                case START_OBJECT -> open.push(new Fields(new LinkedHashMap<>()));
                case START_ARRAY -> open.push(new Items(new ArrayList<>()));
                case END_OBJECT, END_ARRAY -> put(open.pop());
                case FIELD_NAME -> names.push(parser.currentName());
                case VALUE_STRING -> put(new Text(parser.getText()));
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> put(new Number(JsonTree.parse(parser.getText())));
                case VALUE_TRUE -> put(new Bool(true));
                case VALUE_FALSE -> put(new Bool(false));
                case VALUE_NULL -> put(new Nothing());
                case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> {}
            }
            return done.isPresent();
        }

        private void put(JsonTree value) {
            switch (open.peek()) {
                case null -> done = Optional.of(value);
                case Fields fields -> fields.fields().putIfAbsent(names.pop(), value);
                case Items items -> items.items().add(value);
                case JsonTree leaf -> throw new IllegalStateException("a leaf is never open: " + leaf);
            }
        }

        public JsonTree result() {
            return done.orElseThrow();
        }
    }
}
