package dev.turntable.config.loading;

import dev.turntable.config.compat.GoText;
import dev.turntable.config.loading.problems.Problems;
import dev.turntable.config.loading.yaml.Node;
import dev.turntable.config.loading.yaml.Node.Field;
import dev.turntable.config.loading.yaml.Node.Fields;
import dev.turntable.config.loading.yaml.Node.Items;
import dev.turntable.config.loading.yaml.Node.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/** Merges the trees of several files, earlier ones first (llama-swap §2.1). */
final class TreeMerge {
    /** Tables of names: no name may be in two files. */
    private static final Set<String> IDENTITY = Set.of(
            "models",
            "groups",
            "profiles",
            "selectors",
            "peers",
            "matrix",
            "routing.router.settings.groups",
            "routing.router.settings.matrix");

    private final Problems problems;

    TreeMerge(Problems problems) {
        this.problems = problems;
    }

    Fields merge(Fields earlier, Fields later) {
        return fields("", earlier, later);
    }

    private Fields fields(String path, Fields earlier, Fields later) {
        SequencedMap<String, Field> merged = new LinkedHashMap<>(earlier.fields());
        later.fields().forEach((key, field) -> {
            Field old = merged.get(key);
            String at = path.isEmpty() ? key : path + "." + key;
            merged.put(key, old == null ? field : old.with(value(at, old.value(), field)));
        });
        return new Fields(earlier.pos(), merged);
    }

    private Node value(String path, Node old, Field field) {
        Node added = field.value();
        if (IDENTITY.contains(path)) {
            return identity(path, old, field);
        }
        if (old instanceof Fields a && added instanceof Fields b) {
            return fields(path, a, b);
        }
        if (old instanceof Items a && added instanceof Items b) {
            List<Node> all = new ArrayList<>(a.items());
            all.addAll(b.items());
            return new Items(a.pos(), all);
        }
        if (added instanceof Scalar b && b.isBlank()) {
            return old;
        }
        if (old instanceof Scalar a && a.isBlank()) {
            return added;
        }
        if (old instanceof Scalar a && added instanceof Scalar b) {
            if (a.kind() != b.kind() || !a.raw().equals(b.raw())) {
                String file = b.pos().source().name();
                problems.error(
                        "conflict at " + GoText.quoted(path) + ": " + file
                                + " sets a different value than a previous source",
                        b.pos(),
                        "keep it in one file only");
            }
            return old;
        }
        problems.error(
                "conflict at " + GoText.quoted(path) + ": incompatible YAML node kinds (" + kind(old) + " vs "
                        + kind(added) + ") introduced by "
                        + added.pos().source().name(),
                added.pos(),
                "");
        return old;
    }

    private Node identity(String path, Node old, Field field) {
        Node added = field.value();
        String file = added.pos().source().name();
        if (!(old instanceof Fields a) || !(added instanceof Fields b)) {
            problems.error(
                    "conflict at " + GoText.quoted(path) + ": expected a mapping, introduced by " + file,
                    field.keyPos(),
                    "");
            return old;
        }
        SequencedMap<String, Field> merged = new LinkedHashMap<>(a.fields());
        b.fields().forEach((key, child) -> {
            if (merged.putIfAbsent(key, child) != null) {
                problems.error(
                        "duplicate " + path.substring(path.lastIndexOf('.') + 1) + " " + GoText.quoted(key)
                                + " found in " + file + " (already defined in another config source)",
                        child.keyPos(),
                        "");
            }
        });
        return new Fields(a.pos(), merged);
    }

    /** The numbers by which llama-swap's library tells kinds apart. */
    private static int kind(Node node) {
        return switch (node) {
            case Items ignored -> 2;
            case Fields ignored -> 4;
            case Scalar ignored -> 8;
        };
    }
}
