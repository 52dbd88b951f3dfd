package dev.turntable.config;

import dev.turntable.config.compat.GoText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * What is changed in a JSON request before it goes upstream (llama-swap §2.7).
 *
 * @param stripParams parameter paths to remove: sorted, without blanks, duplicates and {@code model}
 * @param setParams parameter path to value, sorted by path, without {@code model}
 * @param setParamsById requested name to such a map
 */
public record Filters(
        List<String> stripParams,
        SequencedMap<String, Value> setParams,
        SequencedMap<String, SequencedMap<String, Value>> setParamsById) {
    public static final Filters NONE = new Filters(List.of(), new LinkedHashMap<>(), new LinkedHashMap<>());

    public Filters {
        stripParams = List.copyOf(stripParams);
        setParams = sorted(setParams);
        SequencedMap<String, SequencedMap<String, Value>> byId = new TreeMap<>(GoText.BYTE_ORDER);
        setParamsById.forEach((id, params) -> byId.put(id, sorted(params)));
        setParamsById = java.util.Collections.unmodifiableSequencedMap(byId);
    }

    public boolean isEmpty() {
        return stripParams.isEmpty() && setParams.isEmpty() && setParamsById.isEmpty();
    }

    private static SequencedMap<String, Value> sorted(Map<String, Value> params) {
        SequencedMap<String, Value> sorted = new TreeMap<>(GoText.BYTE_ORDER);
        sorted.putAll(params);
        return java.util.Collections.unmodifiableSequencedMap(sorted);
    }
}
