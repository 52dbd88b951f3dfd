package dev.turntable.config.loading.keys;

import dev.turntable.config.Secret;
import dev.turntable.config.Value;
import dev.turntable.config.compat.Numbers;
import dev.turntable.config.loading.problems.Problems;
import dev.turntable.config.loading.yaml.Node;
import dev.turntable.config.loading.yaml.Node.Fields;
import dev.turntable.config.loading.yaml.Node.Items;
import dev.turntable.config.loading.yaml.Node.Scalar;
import dev.turntable.config.loading.yaml.Pos;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/** Fits the values of one mapping into types, as llama-swap's library converts them (§2.2); what does not fit is a type error with its place. */
final class Conversions {
    private static final Set<String> YES = Set.of("y", "Y", "yes", "Yes", "YES", "on", "On", "ON");
    private static final Set<String> NO = Set.of("n", "N", "no", "No", "NO", "off", "Off", "OFF");
    private static final Pattern SECRET_PATH = Pattern.compile("apiKeys.*|peers\\..*\\.apiKey|models\\..*\\.env.*");
    private static final double MAX_WHOLE = 0x1p63;

    private final Fields fields;
    private final String path;
    private final Problems problems;

    Conversions(Fields fields, String path, Problems problems) {
        this.fields = fields;
        this.path = path;
        this.problems = problems;
    }

    Fields fields() {
        return fields;
    }

    String path() {
        return path;
    }

    Problems problems() {
        return problems;
    }

    /** The value of a key; empty when absent or null. */
    Optional<Node> node(String key) {
        return fields.get(key).filter(node -> !node.isNull());
    }

    /** Where to point for a key: at its value, or at the mapping when it is absent. */
    Pos pos(String key) {
        return fields.get(key).map(Node::pos).orElse(fields.pos());
    }

    String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    Optional<String> text(String key) {
        return node(key).flatMap(node -> text(node, pathOf(key)));
    }

    OptionalLong whole(String key) {
        return node(key).map(node -> whole(node, pathOf(key))).orElse(OptionalLong.empty());
    }

    Optional<Boolean> bool(String key) {
        return node(key).flatMap(node -> bool(node, pathOf(key)));
    }

    /** The texts of a list, nulls dropped. */
    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        items(key, "[]string").forEach(item -> text(item, pathOf(key)).ifPresent(texts::add));
        return texts;
    }

    /** The values of a list, nulls dropped. */
    List<Node> items(String key, String type) {
        return allItems(key, type).stream().filter(item -> !item.isNull()).toList();
    }

    /** The values of a list, nulls among them. */
    List<Node> allItems(String key, String type) {
        Optional<Node> node = node(key);
        if (node.isEmpty()) {
            return List.of();
        }
        if (node.get() instanceof Items items) {
            return items.items();
        }
        wrong(node.get(), type, pathOf(key));
        return List.of();
    }

    /** A mapping below this one; empty when absent, null or something else. */
    Optional<Conversions> child(String key, String type) {
        return node(key).flatMap(node -> fit(node, type, pathOf(key)));
    }

    /** Any mapping, as a child of this one. */
    Optional<Conversions> fit(Node node, String type, String at) {
        if (node instanceof Fields mapping) {
            return Optional.of(new Conversions(mapping, at, problems));
        }
        wrong(node, type, at);
        return Optional.empty();
    }

    Optional<String> text(Node node, String at) {
        if (!(node instanceof Scalar scalar)) {
            wrong(node, "string", at);
            return Optional.empty();
        }
        return switch (scalar.value()) {
            case Value.Text text -> Optional.of(text.text());
            case Value.Whole whole -> Optional.of(whole.number().toString());
            case Value.Decimal decimal ->
                Optional.of(Double.isFinite(decimal.number()) ? Numbers.text(decimal.number()) : scalar.raw());
            case Value.Bool bool -> Optional.of(Boolean.toString(bool.yes()));
            case Value.Nothing ignored -> Optional.empty();
            case Value.Items ignored -> Optional.empty();
            case Value.Fields ignored -> Optional.empty();
        };
    }

    OptionalLong whole(Node node, String at) {
        if (node instanceof Scalar scalar) {
            if (scalar.value() instanceof Value.Whole whole && whole.number().bitLength() < 64) {
                return OptionalLong.of(whole.number().longValue());
            }
            if (scalar.value() instanceof Value.Decimal decimal && Math.abs(decimal.number()) < MAX_WHOLE) {
                return OptionalLong.of((long) decimal.number());
            }
        }
        wrong(node, "int", at);
        return OptionalLong.empty();
    }

    private Optional<Boolean> bool(Node node, String at) {
        if (node instanceof Scalar scalar) {
            if (scalar.value() instanceof Value.Bool bool) {
                return Optional.of(bool.yes());
            }
            if (scalar.value() instanceof Value.Text text && (YES.contains(text.text()) || NO.contains(text.text()))) {
                return Optional.of(YES.contains(text.text()));
            }
        }
        wrong(node, "bool", at);
        return Optional.empty();
    }

    /** Reports a value of the wrong type. */
    void wrong(Node node, String type, String at) {
        String found =
                switch (node) {
                    case Items ignored -> "!!seq";
                    case Fields ignored -> "!!map";
                    case Scalar scalar -> scalar.kind().tag() + " `" + shown(scalar, at) + "`";
                };
        problems.typeError(
                "yaml: unmarshal errors: line " + node.pos().line() + ": cannot unmarshal " + found + " into " + type
                        + " (" + at + ")",
                node,
                wanted(type));
    }

    private static String shown(Scalar scalar, String at) {
        if (SECRET_PATH.matcher(at).matches()) {
            return Secret.MASK;
        }
        return scalar.raw().length() > 10 ? scalar.raw().substring(0, 7) + "..." : scalar.raw();
    }

    private static String wanted(String type) {
        return switch (type) {
            case "string" -> "a single text is wanted here";
            case "int" -> "a whole number without quotes or unit is wanted here";
            case "bool" -> "true or false is wanted here";
            case "[]string" -> "a list is wanted here: [a, b]";
            case "time.Duration" -> "a duration with its unit is wanted here: 5s, 1m30s";
            default -> type.startsWith("[]") ? "a list is wanted here" : "a mapping (key: value) is wanted here";
        };
    }
}
