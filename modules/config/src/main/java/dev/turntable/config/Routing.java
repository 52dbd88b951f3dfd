package dev.turntable.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Which models may run together: groups or a matrix, never both (llama-swap §2.8, §2.9). */
public sealed interface Routing {
    /** Sorted by id; the automatic group {@code (default)} is always one of them. Every model is in exactly one. */
    record Groups(List<Group> groups) implements Routing {
        public Groups {
            groups = List.copyOf(groups);
        }

        /** The group a model is in. */
        public Group of(String model) {
            for (Group group : groups) {
                if (group.members().contains(model)) {
                    return group;
                }
            }
            throw new ConfigException("no group holds " + model);
        }
    }

    /**
     * A matrix.
     *
     * @param vars short name to real model id
     * @param evictCosts real model id to cost of ending it; 1 for every model that is not named
     * @param sets in the order that decides ties: names sorted with digit runs as numbers, a set that is referred to before the one that refers
     * @param texts every set's expression as it was written, for messages
     */
    record Matrix(
            Map<String, String> vars,
            Map<String, Integer> evictCosts,
            SequencedMap<String, SetExpr> sets,
            Map<String, String> texts)
            implements Routing {
        public Matrix {
            vars = Map.copyOf(vars);
            evictCosts = Map.copyOf(evictCosts);
            sets = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(sets));
            texts = Map.copyOf(texts);
        }

        public int evictCost(String model) {
            return evictCosts.getOrDefault(model, 1);
        }
    }
}
