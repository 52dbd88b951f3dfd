package dev.turntable.config.loading.keys;

import dev.turntable.config.Routing;
import dev.turntable.config.SetExpr;
import dev.turntable.config.compat.GoText;
import dev.turntable.config.compat.NaturalOrder;
import dev.turntable.config.loading.problems.Problems;
import dev.turntable.config.loading.yaml.Node;
import dev.turntable.config.loading.yaml.Pos;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Decodes a matrix block and builds its sets in the order that decides ties (llama-swap §2.9). */
final class MatrixKeys {
    private static final Pattern VAR = Pattern.compile("[a-zA-Z0-9.-]{1,32}");

    private final Conversions block;
    private final Problems problems;
    private final SequencedMap<String, String> vars = new TreeMap<>(GoText.BYTE_ORDER);
    private final SequencedMap<String, Long> costs = new TreeMap<>(GoText.BYTE_ORDER);
    private final SequencedMap<String, String> sets = new TreeMap<>(NaturalOrder.INSTANCE);
    private final SequencedMap<String, SetExpr> built = new LinkedHashMap<>();
    private final Map<String, Pos> places = new HashMap<>();
    private boolean failed;

    MatrixKeys(Conversions block) {
        this.block = block;
        this.problems = block.problems();
        block.child("vars", "map[string]string").ifPresent(table -> table.fields()
                .fields()
                .keySet()
                .forEach(key -> vars.put(key, table.text(key).orElse(""))));
        block.child("evict_costs", "map[string]int").ifPresent(table -> table.fields()
                .fields()
                .keySet()
                .forEach(key -> costs.put(key, table.whole(key).orElse(0))));
        block.node("sets").ifPresent(this::decodeSets);
    }

    /** Where the block stands. */
    Pos place() {
        return block.fields().pos();
    }

    private void decodeSets(Node node) {
        if (!(node instanceof Node.Fields fields)) {
            problems.error("sets must be a mapping", node, "write name: expression pairs below sets:");
            failed = true;
            return;
        }
        Conversions table = new Conversions(fields, block.pathOf("sets"), problems);
        fields.fields().forEach((name, field) -> {
            places.put(name, field.value().pos());
            sets.put(name, table.text(name).orElse(""));
        });
    }

    /** Checks everything; empty when something was wrong. */
    Optional<Routing.Matrix> build(ModelTable models) {
        vars.forEach((key, model) -> checkVar(key, model, models));
        Map<String, Integer> byModel = new HashMap<>();
        costs.forEach((key, cost) -> checkCost(key, cost, models)
                .ifPresent(model -> byModel.put(model, (int) Math.min(cost, Integer.MAX_VALUE))));
        if (sets.isEmpty() && !failed) {
            mistake("matrix must define at least one set", block.pos("sets"));
        }
        buildSets(models);
        return failed ? Optional.empty() : Optional.of(new Routing.Matrix(vars, byModel, built, sets));
    }

    private void checkVar(String key, String model, ModelTable models) {
        Pos place = block.child("vars", "").map(table -> table.pos(key)).orElse(block.pos("vars"));
        if (!VAR.matcher(key).matches()) {
            mistake(
                    "var key " + GoText.quoted(key)
                            + " must contain only alphanumeric, '-' or '.' characters and be 1-32 characters long",
                    place);
        } else if (!models.has(model)) {
            mistake("var key " + GoText.quoted(key) + " references unknown model " + GoText.quoted(model), place);
        }
    }

    private Optional<String> checkCost(String key, long cost, ModelTable models) {
        Pos place = block.child("evict_costs", "").map(table -> table.pos(key)).orElse(block.pos("evict_costs"));
        Optional<String> model =
                Optional.ofNullable(vars.get(key)).or(() -> models.has(key) ? Optional.of(key) : Optional.empty());
        if (cost <= 0) {
            mistake("evict_cost for " + GoText.quoted(key) + " must be a positive integer, got " + cost, place);
            return Optional.empty();
        }
        if (model.isEmpty()) {
            mistake("evict_costs: unknown var or model " + GoText.quoted(key), place);
        }
        return model;
    }

    private void buildSets(ModelTable models) {
        Set<String> open = new HashSet<>();
        Set<String> done = new HashSet<>();
        SequencedMap<String, String> order = new LinkedHashMap<>();
        sets.keySet().forEach(name -> visit(name, open, done, order, 0));
        order.forEach((name, text) -> {
            try {
                built.put(name, SetParser.parse(text, word -> name(name, word, models)));
            } catch (SetParser.Mistake e) {
                mistake("set " + GoText.quoted(name) + ": " + e.getMessage(), places.get(name));
            }
        });
    }

    private SetExpr name(String set, String word, ModelTable models) {
        String model = vars.getOrDefault(word, word);
        if (!models.has(model)) {
            throw new SetParser.Mistake("unknown var or model " + GoText.quoted(word));
        }
        return new SetExpr.Name(model);
    }

    private void visit(String name, Set<String> open, Set<String> done, SequencedMap<String, String> order, int depth) {
        if (done.contains(name)) {
            return;
        }
        if (!open.add(name)) {
            mistake("circular reference detected involving set " + GoText.quoted(name), places.get(name));
            return;
        }
        if (depth > 500) {
            mistake("set " + GoText.quoted(name) + ": references are nested more than 500 deep", places.get(name));
            return;
        }
        for (String reference : SetParser.references(sets.get(name))) {
            if (sets.containsKey(reference)) {
                visit(reference, open, done, order, depth + 1);
            } else {
                mistake(
                        "set " + GoText.quoted(name) + " references undefined set " + GoText.quoted(reference),
                        places.get(name));
            }
        }
        open.remove(name);
        done.add(name);
        order.put(name, sets.get(name));
    }

    private void mistake(String message, Pos place) {
        failed = true;
        problems.error("matrix: " + message, place, "");
    }
}
