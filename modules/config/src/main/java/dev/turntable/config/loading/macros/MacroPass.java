package dev.turntable.config.loading.macros;

import dev.turntable.config.Value;
import dev.turntable.config.compat.CommandSplitter;
import dev.turntable.config.compat.GoText;
import dev.turntable.config.loading.keys.ServerKeys;
import dev.turntable.config.loading.macros.Macros.Macro;
import dev.turntable.config.loading.problems.Problems;
import dev.turntable.config.loading.yaml.Node;
import dev.turntable.config.loading.yaml.Node.Field;
import dev.turntable.config.loading.yaml.Node.Fields;
import dev.turntable.config.loading.yaml.Node.Kind;
import dev.turntable.config.loading.yaml.Node.Scalar;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;

/** Expands all macros of a merged tree and hands out ports (llama-swap §2.3, stages 2 to 6). */
public final class MacroPass {
    /**
     * The tree without macro blocks, everything expanded.
     *
     * @param ports model id to the number that {@code ${PORT}} became
     * @param declarations every macro that was declared
     */
    public record Result(Fields root, Map<String, Integer> ports, MacroDeclarations declarations) {}

    private static final String DEFAULT_PROXY = "http://localhost:${PORT}";
    private static final String PORT = "${PORT}";

    private final Problems problems;
    private final Map<String, Integer> keptPorts;
    private final Map<String, Integer> ports = new HashMap<>();
    private final Macros.Budget budget = new Macros.Budget();

    public MacroPass(Problems problems, Map<String, Integer> keptPorts) {
        this.problems = problems;
        this.keptPorts = keptPorts;
    }

    public Result run(Fields root) {
        MacroDeclarations declarations = new MacroDeclarations(problems);
        List<Macro> globals = declarations.read(root.get("macros"), "");
        Fields models = root.get("models")
                .filter(Fields.class::isInstance)
                .map(Fields.class::cast)
                .orElse(new Fields(root.pos(), new LinkedHashMap<>()));
        Map<String, List<Macro>> own = new HashMap<>();
        new TreeMap<>(models.fields()).forEach((id, field) -> {
            if (field.value() instanceof Fields model) {
                own.put(id, declarations.read(model.get("macros"), "model " + id + ": "));
            }
        });
        Macros global = new Macros(globals, budget);
        SequencedMap<String, Field> expanded = new LinkedHashMap<>();
        root.without("macros")
                .fields()
                .forEach((key, field) ->
                        expanded.put(key, key.equals("models") ? field : field.with(expandAll(field.value(), global))));
        Fields globalsDone = new Fields(root.pos(), expanded);
        int startPort = new ServerKeys(globalsDone, problems).startPort();
        if (!models.fields().isEmpty()) {
            Field field = root.fields().get("models");
            globalsDone = globalsDone.with(field.with(models(models, global, own, startPort)));
        }
        return new Result(globalsDone, ports, declarations);
    }

    private Node expandAll(Node node, Macros macros, Macro... first) {
        return node.map(scalar -> {
            try {
                return macros.expand(scalar, first);
            } catch (Macros.TooLong e) {
                problems.error(e.getMessage(), scalar, "break the chain of macros that repeat each other");
                return scalar.withText("");
            }
        });
    }

    private Fields models(Fields models, Macros global, Map<String, List<Macro>> own, int startPort) {
        SequencedMap<String, Field> done = new LinkedHashMap<>();
        Set<Integer> taken = new HashSet<>(keptPorts.values());
        int[] next = {startPort};
        Map<String, Field> sorted = new TreeMap<>(GoText.BYTE_ORDER);
        sorted.putAll(models.fields());
        sorted.forEach((id, field) -> {
            Node value = field.value();
            if (value instanceof Fields model) {
                value = model(id, field, model, global.overriddenBy(own.getOrDefault(id, List.of())), taken, next);
            } else if (value.isNull()) {
                problems.error("model " + id + ": it has no cmd", field.keyPos(), "give it a cmd, or remove it");
            }
            done.put(id, field.with(value));
        });
        return new Fields(models.pos(), done);
    }

    private Fields model(String id, Field field, Fields model, Macros macros, Set<Integer> taken, int[] next) {
        Macro modelId = Macro.text("MODEL_ID", id);
        Fields prepared = withProxy(withoutComments(model.without("macros"), "cmd", "cmdStop"), field);
        Fields expanded = (Fields) expandAll(prepared, macros, modelId);
        boolean inCmd = mentionsPort(expanded, "cmd");
        if (!inCmd && mentionsPort(expanded, "proxy")) {
            problems.error(
                    "model " + id
                            + ": proxy uses ${PORT} but cmd does not - ${PORT} is only available when used in cmd",
                    expanded.get("proxy").orElse(expanded),
                    "use ${PORT} in cmd, or set proxy to the address the command listens on");
        }
        OptionalInt port = inCmd ? OptionalInt.of(port(id, field, taken, next)) : OptionalInt.empty();
        Macros onlyPort =
                new Macros(port.isPresent() ? List.of(Macro.whole("PORT", port.getAsInt())) : List.of(), budget);
        Fields withPort = port.isPresent() ? (Fields) expandAll(expanded, onlyPort) : expanded;
        return new IdKeys(problems).expand(id, withPort, text -> onlyPort.expandText(macros.expandText(text, modelId)));
    }

    private int port(String id, Field field, Set<Integer> taken, int[] next) {
        Integer kept = keptPorts.get(id);
        if (kept == null) {
            while (taken.contains(next[0])) {
                next[0]++;
            }
            kept = next[0]++;
        }
        if (kept > 65_535) {
            problems.warn("model " + id + ": port " + kept + " does not exist", field.keyPos(), "lower startPort");
        }
        ports.put(id, kept);
        return kept;
    }

    private static boolean mentionsPort(Fields model, String key) {
        return model.get(key)
                .flatMap(Node::text)
                .filter(text -> text.contains(PORT))
                .isPresent();
    }

    private static Fields withProxy(Fields model, Field field) {
        if (model.get("proxy").filter(p -> !p.isNull()).isPresent()) {
            return model;
        }
        Scalar proxy = new Scalar(field.keyPos(), Kind.TEXT, new Value.Text(DEFAULT_PROXY), DEFAULT_PROXY, false);
        return model.with(new Field(field.keyPos(), "proxy", true, proxy));
    }

    private static Fields withoutComments(Fields model, String... keys) {
        Fields clean = model;
        for (String key : keys) {
            Field field = clean.fields().get(key);
            if (field != null && field.value() instanceof Scalar scalar && scalar.kind() == Kind.TEXT) {
                String text = CommandSplitter.withoutComments(scalar.raw());
                clean = text.equals(scalar.raw()) ? clean : clean.with(field.with(scalar.withText(text)));
            }
        }
        return clean;
    }
}
