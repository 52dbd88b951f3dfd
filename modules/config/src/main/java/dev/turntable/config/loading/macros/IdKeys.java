package dev.turntable.config.loading.macros;

import dev.turntable.config.compat.GoText;
import dev.turntable.config.loading.problems.Problems;
import dev.turntable.config.loading.yaml.Node.Field;
import dev.turntable.config.loading.yaml.Node.Fields;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;

/** Expands the only mapping keys that may hold macros: those of {@code filters.setParamsByID} (llama-swap §2.3). */
final class IdKeys {
    private static final String PLACE = "filters.setParamsByID";

    private final Problems problems;

    IdKeys(Problems problems) {
        this.problems = problems;
    }

    Fields expand(String id, Fields model, UnaryOperator<String> expand) {
        Optional<Fields> filters = mapping(model, "filters");
        Optional<Fields> byId = filters.flatMap(f -> mapping(f, "setParamsByID"));
        if (byId.isEmpty() || byId.get().fields().keySet().stream().noneMatch(key -> key.contains("${"))) {
            return model;
        }
        SequencedMap<String, Field> keys = new LinkedHashMap<>();
        Map<String, String> written = new LinkedHashMap<>();
        new TreeMap<>(byId.get().fields()).forEach((key, field) -> {
            String name = expanded(id, key, field, expand);
            String other = written.putIfAbsent(name, key);
            if (other != null) {
                problems.error(
                        "model " + id + " " + PLACE + ": keys " + GoText.quoted(other) + " and " + GoText.quoted(key)
                                + " resolve to the same value",
                        field.keyPos(),
                        "");
            }
            keys.put(name, new Field(field.keyPos(), name, true, field.value()));
        });
        Field inFilters = filters.get()
                .fields()
                .get("setParamsByID")
                .with(new Fields(byId.get().pos(), keys));
        return model.with(model.fields().get("filters").with(filters.get().with(inFilters)));
    }

    private String expanded(String id, String key, Field field, UnaryOperator<String> expand) {
        try {
            String name = expand.apply(key);
            Matcher left = Macros.REFERENCE.matcher(name);
            if (left.find()) {
                problems.error(
                        "unknown macro '${" + left.group(1) + "}' found in model " + id + " " + PLACE + " key",
                        field.keyPos(),
                        "");
            }
            return name;
        } catch (Macros.TooLong e) {
            problems.error(e.getMessage(), field.keyPos(), "");
            return key;
        }
    }

    private static Optional<Fields> mapping(Fields in, String key) {
        return in.get(key).filter(Fields.class::isInstance).map(Fields.class::cast);
    }
}
