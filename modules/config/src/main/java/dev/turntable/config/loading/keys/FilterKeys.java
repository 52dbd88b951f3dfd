package dev.turntable.config.loading.keys;

import dev.turntable.config.Filters;
import dev.turntable.config.Value;
import dev.turntable.config.compat.GoText;
import dev.turntable.config.loading.problems.Problems;
import dev.turntable.config.loading.yaml.Node;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeSet;

/** Decodes a {@code filters} block (llama-swap §2.7). */
final class FilterKeys {
    private static final String MODEL = "model";
    private static final String PARAMS = "map[string]interface {}";

    private FilterKeys() {}

    static Filters decode(Conversions owner, boolean legacyNames) {
        Optional<Conversions> block = owner.child("filters", "config.Filters");
        if (block.isEmpty()) {
            return Filters.NONE;
        }
        Conversions filters = block.get();
        Optional<String> strip = filters.text("stripParams").filter(text -> !text.isEmpty());
        Optional<String> legacy = legacyNames ? filters.text("strip_params") : Optional.empty();
        SequencedMap<String, SequencedMap<String, Value>> byId = new LinkedHashMap<>();
        filters.child("setParamsByID", "map[string]map[string]interface {}")
                .ifPresent(ids -> ids.fields().fields().forEach((id, field) -> byId.put(id, params(ids, id))));
        warnOfModel(filters, strip.or(() -> legacy).orElse(""));
        return new Filters(names(strip.or(() -> legacy).orElse("")), params(filters, "setParams"), byId);
    }

    /** The model's name is rewritten by what it is asked for as, never by a filter. */
    private static void warnOfModel(Conversions filters, String stripped) {
        if (Arrays.stream(stripped.split(",")).map(GoText::trim).anyMatch(MODEL::equals)) {
            filters.problems()
                    .warn(filters.pathOf("stripParams") + ": model is never removed", filters.pos("stripParams"), "");
        }
        filters.child("setParams", PARAMS)
                .filter(params -> params.fields().fields().containsKey(MODEL))
                .ifPresent(params -> filters.problems()
                        .warn(
                                params.pathOf(MODEL) + ": it has no effect",
                                params.pos(MODEL),
                                "did you mean useModelName?"));
    }

    private static java.util.List<String> names(String list) {
        TreeSet<String> names = new TreeSet<>(GoText.BYTE_ORDER);
        for (String part : list.split(",")) {
            String name = GoText.trim(part);
            if (!name.isEmpty() && !name.equals(MODEL)) {
                names.add(name);
            }
        }
        return java.util.List.copyOf(names);
    }

    private static SequencedMap<String, Value> params(Conversions in, String key) {
        SequencedMap<String, Value> params = new LinkedHashMap<>();
        in.child(key, PARAMS).ifPresent(mapping -> mapping.fields().fields().forEach((name, field) -> {
            if (!name.equals(MODEL)) {
                params.put(name, Finite.value(field.value(), mapping.pathOf(name), in.problems()));
            }
        }));
        return params;
    }

    /** Free-form values hold no infinite numbers: no JSON could carry them. */
    static final class Finite {
        private Finite() {}

        static Value value(Node node, String path, Problems problems) {
            check(node, path, problems);
            return node.toValue();
        }

        private static void check(Node node, String path, Problems problems) {
            switch (node) {
                case Node.Scalar scalar -> {
                    if (scalar.value() instanceof Value.Decimal decimal && !Double.isFinite(decimal.number())) {
                        problems.error(
                                path + ": " + scalar.raw() + " is not a number that JSON can carry",
                                scalar,
                                "put it in quotes, or remove it");
                    }
                }
                case Node.Items items -> items.items().forEach(item -> check(item, path, problems));
                case Node.Fields fields ->
                    fields.fields().forEach((key, field) -> check(field.value(), path + "." + key, problems));
            }
        }
    }
}
