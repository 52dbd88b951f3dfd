package dev.turntable.config.loading.macros;

import dev.turntable.config.loading.macros.Macros.Macro;
import dev.turntable.config.loading.problems.Problems;
import dev.turntable.config.loading.yaml.Node;
import dev.turntable.config.loading.yaml.Node.Field;
import dev.turntable.config.loading.yaml.Node.Fields;
import dev.turntable.config.loading.yaml.Node.Items;
import dev.turntable.config.loading.yaml.Node.Kind;
import dev.turntable.config.loading.yaml.Node.Scalar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads and checks {@code macros} blocks (llama-swap §2.3, stage 2). */
public final class MacroDeclarations {
    private static final int MAX_NAME = 63;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]+");
    private static final Set<String> RESERVED = Set.of("PID", "PORT", "MODEL_ID");

    private final Problems problems;
    private final Set<String> declared = new TreeSet<>();
    private final Set<String> refused = new HashSet<>();

    MacroDeclarations(Problems problems) {
        this.problems = problems;
    }

    /**
     * The macros of a block that are in order.
     *
     * @param prefix {@code ""} for the global block, {@code "model <id>: "} for a model's
     */
    List<Macro> read(Optional<Node> block, String prefix) {
        if (block.isEmpty() || block.get().isNull()) {
            return List.of();
        }
        if (!(block.get() instanceof Fields fields)) {
            problems.error("macros must be a mapping", block.get(), "write name: value pairs below macros:");
            return List.of();
        }
        List<Macro> macros = new ArrayList<>();
        for (Field field : fields.fields().values()) {
            Optional<String> mistake = mistake(field);
            if (mistake.isPresent()) {
                refused.add(field.key());
                problems.error(prefix + mistake.get(), field.keyPos(), "");
            } else if (field.value() instanceof Scalar scalar) {
                declared.add(field.key());
                macros.add(Macro.of(field.key(), scalar));
            }
        }
        return macros;
    }

    /** Every good name that was declared anywhere. */
    Set<String> names() {
        return declared;
    }

    boolean isDeclared(String name) {
        return declared.contains(name);
    }

    /** True for a macro whose declaration is in error: that its references stay behind is no second mistake. */
    boolean isRefused(String name) {
        return refused.contains(name);
    }

    private static Optional<String> mistake(Field field) {
        String name = field.key();
        if (name.length() > MAX_NAME) {
            return Optional.of("macro name '" + name + "' exceeds maximum length of 63 characters");
        }
        if (!NAME.matcher(name).matches()) {
            return Optional.of(
                    "macro name '" + name + "' contains invalid characters, must match pattern ^[a-zA-Z0-9_-]+$");
        }
        Optional<String> type = badType(field.value());
        if (type.isPresent()) {
            return Optional.of("macro '" + name + "' has invalid type " + type.get()
                    + ", must be a scalar type (string, int, float, or bool)");
        }
        if (field.value() instanceof Scalar scalar
                && scalar.kind() == Kind.TEXT
                && scalar.raw().contains("${" + name + "}")) {
            return Optional.of("macro '" + name + "' contains self-reference");
        }
        return RESERVED.contains(name) ? Optional.of("macro name '" + name + "' is reserved") : Optional.empty();
    }

    /** The type in the words of the reference. */
    private static Optional<String> badType(Node value) {
        return switch (value) {
            case Items ignored -> Optional.of("[]interface {}");
            case Fields ignored -> Optional.of("map[string]interface {}");
            case Scalar scalar ->
                switch (scalar.kind()) {
                    case NULL -> Optional.of("<nil>");
                    case TIME -> Optional.of("time.Time");
                    case TEXT, INT, FLOAT, BOOL -> Optional.empty();
                };
        };
    }
}
