package dev.turntable.config.loading.macros;

import dev.turntable.config.loading.keys.KnownKeys;
import dev.turntable.config.loading.problems.Nearest;
import dev.turntable.config.loading.problems.Problems;
import dev.turntable.config.loading.yaml.Node;
import dev.turntable.config.loading.yaml.Node.Fields;
import dev.turntable.config.loading.yaml.Node.Items;
import dev.turntable.config.loading.yaml.Node.Kind;
import dev.turntable.config.loading.yaml.Node.Scalar;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds references that nothing replaced (llama-swap §2.3, stage 7), with the texts each place has. */
public final class UnresolvedMacros {
    private static final Set<String> NAMED_FIELDS =
            Set.of("cmd", "cmdStop", "proxy", "checkEndpoint", "filters.stripParams", "name", "description");
    private static final Pattern ENVIRONMENT = Pattern.compile("[A-Z][A-Z0-9_]*");
    private static final String HINT = "declare it under macros: before its first use, or correct the name";

    private final Problems problems;
    private final MacroDeclarations declarations;
    private final Set<String> environment;

    /**
     * @param declarations every macro that was declared anywhere
     * @param environment names of environment variables
     */
    public UnresolvedMacros(Problems problems, MacroDeclarations declarations, Set<String> environment) {
        this.problems = problems;
        this.declarations = declarations;
        this.environment = environment;
    }

    /** Checks the known top-level keys, sorted by name; unknown ones may hold anything. */
    public void check(Fields root) {
        new TreeMap<>(root.fields()).forEach((key, field) -> {
            if (!KnownKeys.isTopLevel(key)) {
                return;
            }
            if (key.equals("models") && field.value() instanceof Fields models) {
                new TreeMap<>(models.fields()).forEach((id, model) -> walk(model.value(), "", new ModelPlace(id)));
            } else {
                walk(field.value(), key, new GlobalPlace());
            }
        });
    }

    private sealed interface Place {
        /** The message for a reference at a path. */
        String unknown(String path, String macro);

        /** The whole path, as an environment reference names it. */
        String full(String path);

        String element(String path, int index);
    }

    private record GlobalPlace() implements Place {
        @Override
        public String unknown(String path, String macro) {
            return path + ": unknown macro '${" + macro + "}'";
        }

        @Override
        public String full(String path) {
            return path;
        }

        @Override
        public String element(String path, int index) {
            return path + "[" + index + "]";
        }
    }

    private record ModelPlace(String id) implements Place {
        @Override
        public String unknown(String path, String macro) {
            if (NAMED_FIELDS.contains(path)) {
                boolean ours = macro.equals("PORT") || macro.equals("MODEL_ID");
                return ours
                        ? "macro '${" + macro + "}' should have been substituted in " + id + "." + path
                        : "unknown macro '${" + macro + "}' found in " + id + "." + path;
            }
            String place = path.startsWith("capabilities.")
                    ? "capabilities"
                    : path.startsWith("metadata.") ? "metadata" : path;
            return "model " + id + " " + place + ": unknown macro '${" + macro + "}'";
        }

        @Override
        public String full(String path) {
            return "models." + id + "." + path;
        }

        @Override
        public String element(String path, int index) {
            return path;
        }
    }

    private void walk(Node node, String path, Place place) {
        switch (node) {
            case Scalar scalar -> scalar(scalar, path, place);
            case Items items -> {
                List<Node> all = items.items();
                for (int i = 0; i < all.size(); i++) {
                    walk(all.get(i), place.element(path, i), place);
                }
            }
            case Fields fields ->
                new TreeMap<>(fields.fields())
                        .forEach((key, field) -> walk(field.value(), path.isEmpty() ? key : path + "." + key, place));
        }
    }

    private void scalar(Scalar scalar, String path, Place place) {
        if (scalar.kind() != Kind.TEXT || !scalar.raw().contains("${")) {
            return;
        }
        Matcher environment = EnvMacros.REFERENCE.matcher(scalar.raw());
        if (environment.find()) {
            problems.error(
                    place.full(path) + ": environment variable '" + environment.group(1) + "' not set",
                    scalar,
                    "a macro cannot build an environment reference");
        }
        List<String> unknown = Macros.REFERENCE
                .matcher(scalar.raw())
                .results()
                .map(reference -> reference.group(1))
                .filter(macro -> !(macro.equals("PID") && path.equals("cmdStop") && place instanceof ModelPlace))
                .filter(macro -> !declarations.isRefused(macro))
                .distinct()
                .toList();
        if (!unknown.isEmpty() && problems.blame(scalar)) {
            unknown.forEach(macro -> problems.error(place.unknown(path, macro), scalar.pos(), hint(macro)));
        }
    }

    private String hint(String macro) {
        return switch (macro) {
            case "PORT" -> "${PORT} exists only in models whose cmd uses it";
            case "PID" -> "${PID} exists only in cmdStop";
            case "MODEL_ID" -> "${MODEL_ID} exists only inside a model";
            default -> {
                if (declarations.isDeclared(macro)) {
                    yield "it is declared, but not where it is used: a macro uses those above it, and a model's is the model's";
                }
                if (environment.contains(macro)) {
                    yield "did you mean ${env." + macro + "}?";
                }
                yield Nearest.to(macro, declarations.names())
                        .map(name -> "did you mean ${" + name + "}?")
                        .orElse(
                                ENVIRONMENT.matcher(macro).matches()
                                        ? "did you mean ${env." + macro + "}? It is not set now"
                                        : HINT);
            }
        };
    }
}
