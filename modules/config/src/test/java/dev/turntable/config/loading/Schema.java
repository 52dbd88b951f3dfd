package dev.turntable.config.loading;

import dev.turntable.config.Value;
import dev.turntable.config.loading.keys.KnownKeys;
import dev.turntable.config.loading.yaml.Source;
import dev.turntable.config.loading.yaml.YamlParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** A JSON Schema with just the words that ours uses; an unknown word is an error, so that nothing is silently left out. */
final class Schema {
    private static final Set<String> NOTES =
            Set.of("$schema", "$id", "title", "description", "default", "deprecated", "$defs");

    private final Value.Fields root;

    private Schema(Value.Fields root) {
        this.root = root;
    }

    static Schema read(Path file) throws IOException {
        String text = Files.readString(file);
        return new Schema((Value.Fields) tree(text));
    }

    /** JSON is YAML. */
    static Value tree(String text) {
        return YamlParser.parse(new Source("schema", text, Map.of()), text)
                .root()
                .map(dev.turntable.config.loading.yaml.Node::toValue)
                .orElse(new Value.Nothing());
    }

    boolean accepts(Value document) {
        return accepts(root, document);
    }

    /** Every key the schema names, as {@link KnownKeys} writes paths. */
    Set<String> paths() {
        Set<String> paths = new TreeSet<>();
        collect(root, "", paths);
        return paths;
    }

    private void collect(Value.Fields schema, String path, Set<String> paths) {
        Value.Fields rules = resolve(schema);
        List<Value.Fields> places = new ArrayList<>(List.of(rules));
        get(rules, "anyOf")
                .ifPresent(any -> ((Value.Items) any).items().forEach(item -> places.add((Value.Fields) item)));
        boolean deeper = false;
        for (Value.Fields place : places) {
            Optional<Value> properties = get(place, "properties");
            if (properties.isPresent()) {
                deeper = true;
                ((Value.Fields) properties.get())
                        .fields()
                        .forEach((key, child) ->
                                collect((Value.Fields) child, path.isEmpty() ? key : path + "." + key, paths));
            }
            Optional<Value> additional = get(place, "additionalProperties");
            if (additional.isPresent() && additional.get() instanceof Value.Fields child) {
                deeper = true;
                if (path.endsWith("setParamsByID")) {
                    paths.add(path + ".**");
                } else {
                    collect(child, path + ".*", paths);
                }
            } else if (additional.isPresent() && additional.get().equals(new Value.Bool(true))) {
                deeper = true;
                paths.add(path + ".**");
            }
        }
        if (!deeper) {
            paths.add(path);
        }
    }

    private boolean accepts(Value.Fields schema, Value value) {
        return schema.fields().entrySet().stream()
                .allMatch(rule -> holds(schema, rule.getKey(), rule.getValue(), value));
    }

    private boolean holds(Value.Fields schema, String word, Value rule, Value value) {
        if (NOTES.contains(word)) {
            return true;
        }
        return switch (word) {
            case "$ref" -> accepts(resolve(schema), value);
            case "type" ->
                rule instanceof Value.Items types
                        ? types.items().stream().anyMatch(type -> isType(text(type), value))
                        : isType(text(rule), value);
            case "enum" -> ((Value.Items) rule).items().contains(value);
            case "anyOf" -> ((Value.Items) rule).items().stream().anyMatch(one -> accepts((Value.Fields) one, value));
            case "not" -> !accepts((Value.Fields) rule, value);
            case "pattern" ->
                !(value instanceof Value.Text t)
                        || Pattern.compile(text(rule)).matcher(t.text()).find();
            case "minLength" -> !(value instanceof Value.Text t) || t.text().length() >= number(rule);
            case "minimum" -> !isType("number", value) || number(value) >= number(rule);
            case "maximum" -> !isType("number", value) || number(value) <= number(rule);
            case "minItems" ->
                !(value instanceof Value.Items items) || items.items().size() >= number(rule);
            case "minProperties" ->
                !(value instanceof Value.Fields fields) || fields.fields().size() >= number(rule);
            case "items" ->
                !(value instanceof Value.Items items)
                        || items.items().stream().allMatch(item -> accepts((Value.Fields) rule, item));
            case "required" ->
                !(value instanceof Value.Fields fields)
                        || ((Value.Items) rule).items().stream().allMatch(key -> fields.fields()
                                .containsKey(text(key)));
            case "propertyNames" ->
                !(value instanceof Value.Fields fields)
                        || fields.fields().keySet().stream()
                                .allMatch(key -> accepts((Value.Fields) rule, new Value.Text(key)));
            case "properties", "patternProperties", "additionalProperties" ->
                !(value instanceof Value.Fields fields)
                        || fields.fields().entrySet().stream()
                                .allMatch(field -> property(schema, field.getKey(), field.getValue()));
            default -> throw new AssertionError("the test's validator does not know " + word);
        };
    }

    private boolean property(Value.Fields schema, String key, Value value) {
        Optional<Value> named = get(schema, "properties").flatMap(all -> get((Value.Fields) all, key));
        if (named.isPresent()) {
            return accepts((Value.Fields) named.get(), value);
        }
        Optional<Value> patterns = get(schema, "patternProperties");
        if (patterns.isPresent()
                && ((Value.Fields) patterns.get())
                        .fields().keySet().stream()
                                .anyMatch(p -> Pattern.compile(p).matcher(key).find())) {
            return true;
        }
        return get(schema, "additionalProperties")
                .map(rule ->
                        rule instanceof Value.Fields child ? accepts(child, value) : rule.equals(new Value.Bool(true)))
                .orElse(true);
    }

    private Value.Fields resolve(Value.Fields schema) {
        return get(schema, "$ref")
                .map(ref -> {
                    String name = text(ref).substring("#/$defs/".length());
                    return (Value.Fields) get((Value.Fields) get(root, "$defs").orElseThrow(), name)
                            .orElseThrow();
                })
                .orElse(schema);
    }

    private static boolean isType(String type, Value value) {
        return switch (value) {
            case Value.Text ignored -> type.equals("string");
            case Value.Whole ignored -> type.equals("number") || type.equals("integer");
            case Value.Decimal ignored -> type.equals("number");
            case Value.Bool ignored -> type.equals("boolean");
            case Value.Nothing ignored -> type.equals("null");
            case Value.Items ignored -> type.equals("array");
            case Value.Fields ignored -> type.equals("object");
        };
    }

    private static double number(Value value) {
        return value instanceof Value.Decimal decimal
                ? decimal.number()
                : ((Value.Whole) value).number().doubleValue();
    }

    private static Optional<Value> get(Value.Fields fields, String key) {
        return Optional.ofNullable(fields.fields().get(key));
    }

    private static String text(Value value) {
        return ((Value.Text) value).text();
    }
}
