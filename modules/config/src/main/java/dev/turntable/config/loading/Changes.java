package dev.turntable.config.loading;

import dev.turntable.config.compat.GoText;
import dev.turntable.config.loading.LoadOptions.Change;
import dev.turntable.config.loading.keys.KnownKeys;
import dev.turntable.config.loading.problems.Problems;
import dev.turntable.config.loading.yaml.Node;
import dev.turntable.config.loading.yaml.Node.Field;
import dev.turntable.config.loading.yaml.Node.Fields;
import dev.turntable.config.loading.yaml.Pos;
import dev.turntable.config.loading.yaml.Source;
import dev.turntable.config.loading.yaml.YamlException;
import dev.turntable.config.loading.yaml.YamlParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Changes single keys of a tree, as if the files said something else. A key that has no effect is an error here. */
final class Changes {
    private final Problems problems;

    Changes(Problems problems) {
        this.problems = problems;
    }

    Fields apply(Fields root, List<Change> changes) {
        Fields changed = root;
        for (Change change : changes) {
            changed = apply(changed, change);
        }
        return changed;
    }

    private Fields apply(Fields root, Change change) {
        Pos pos = new Pos(new Source(change.key(), change.value(), Map.of()), 1, 1, 1, 1);
        List<String> keys = keys(root, change.key());
        if (!KnownKeys.knows(keys)) {
            problems.error(change.key() + ": there is no such key", pos, "");
            return root;
        }
        if (keys.size() > 2
                && keys.getFirst().equals("models")
                && at(root, keys.subList(0, 2)).isEmpty()) {
            problems.error("there is no model " + GoText.quoted(keys.get(1)), pos, "");
            return root;
        }
        try {
            return YamlParser.parse(pos.source(), change.value())
                    .root()
                    .map(value -> set(root, keys, value))
                    .orElseGet(() -> {
                        problems.error(change.key() + " needs a value", pos, "");
                        return root;
                    });
        } catch (YamlException e) {
            problems.yaml(change.key() + ": ", e);
            return root;
        }
    }

    /** The key's parts; where a name of the tree has dots in it, it is one part. */
    private static List<String> keys(Fields root, String path) {
        List<String> keys = new ArrayList<>();
        Optional<Fields> here = Optional.of(root);
        String rest = path;
        while (!rest.isEmpty()) {
            String left = rest;
            String key = here.stream()
                    .flatMap(fields -> fields.fields().sequencedKeySet().stream())
                    .filter(name -> left.equals(name) || left.startsWith(name + "."))
                    .max((a, b) -> Integer.compare(a.length(), b.length()))
                    .orElseGet(() -> left.contains(".") ? left.substring(0, left.indexOf('.')) : left);
            keys.add(key);
            here = here.flatMap(fields -> fields.get(key))
                    .filter(Fields.class::isInstance)
                    .map(Fields.class::cast);
            rest = rest.length() > key.length() ? rest.substring(key.length() + 1) : "";
        }
        return keys;
    }

    private static Optional<Node> at(Fields root, List<String> keys) {
        Optional<Node> found = root.get(keys.getFirst());
        return keys.size() == 1
                ? found
                : found.filter(Fields.class::isInstance)
                        .flatMap(node -> at((Fields) node, keys.subList(1, keys.size())));
    }

    private static Fields set(Fields fields, List<String> keys, Node value) {
        String key = keys.getFirst();
        if (keys.size() == 1) {
            return fields.with(new Field(value.pos(), key, true, value));
        }
        Fields below = fields.get(key)
                .filter(Fields.class::isInstance)
                .map(Fields.class::cast)
                .orElseGet(() -> new Fields(value.pos(), new LinkedHashMap<>()));
        return fields.with(new Field(value.pos(), key, true, set(below, keys.subList(1, keys.size()), value)));
    }
}
