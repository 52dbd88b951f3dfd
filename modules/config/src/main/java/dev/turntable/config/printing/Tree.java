package dev.turntable.config.printing;

import dev.turntable.config.Redactor;
import dev.turntable.config.Value;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/** Builds a {@link Value.Fields} key by key, every text passed through a redactor. */
final class Tree {
    private final SequencedMap<String, Value> fields = new LinkedHashMap<>();
    private final Redactor redactor;

    Tree(Redactor redactor) {
        this.redactor = redactor;
    }

    Tree child() {
        return new Tree(redactor);
    }

    Tree put(String key, Value value) {
        fields.put(key, clean(value));
        return this;
    }

    Tree put(String key, Tree value) {
        fields.put(key, value.done());
        return this;
    }

    Tree put(String key, String text) {
        return put(key, new Value.Text(text));
    }

    Tree put(String key, Optional<String> text) {
        text.ifPresent(t -> put(key, t));
        return this;
    }

    Tree put(String key, long number) {
        return put(key, Value.Whole.of(number));
    }

    Tree put(String key, boolean yes) {
        return put(key, new Value.Bool(yes));
    }

    /** In whole seconds. */
    Tree seconds(String key, Duration duration) {
        return put(key, duration.toSeconds());
    }

    Tree texts(String key, Collection<String> texts) {
        return put(
                key,
                new Value.Items(
                        texts.stream().map(text -> (Value) new Value.Text(text)).toList()));
    }

    <T> Tree table(String key, Map<String, T> table, Function<T, Tree> row) {
        if (!table.isEmpty()) {
            Tree rows = child();
            table.forEach((name, value) -> rows.put(name, row.apply(value)));
            put(key, rows);
        }
        return this;
    }

    Tree values(String key, Map<String, ? extends Value> values) {
        if (!values.isEmpty()) {
            put(key, new Value.Fields(new LinkedHashMap<>(values)));
        }
        return this;
    }

    boolean isEmpty() {
        return fields.isEmpty();
    }

    Value.Fields done() {
        return new Value.Fields(fields);
    }

    private Value clean(Value value) {
        return switch (value) {
            case Value.Text text -> new Value.Text(redactor.redact(text.text()));
            case Value.Items items ->
                new Value.Items(items.items().stream().map(this::clean).toList());
            case Value.Fields nested -> {
                SequencedMap<String, Value> copy = new LinkedHashMap<>();
                nested.fields().forEach((key, child) -> copy.put(redactor.redact(key), clean(child)));
                yield new Value.Fields(copy);
            }
            case Value.Whole whole -> whole;
            case Value.Decimal decimal -> decimal;
            case Value.Bool bool -> bool;
            case Value.Nothing nothing -> nothing;
        };
    }
}
