package dev.turntable.fsm;

import dev.turntable.event.ModelId;
import dev.turntable.event.Policy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A policy made ready for quick questions: every model has a small number, and arrays take the place of maps. Derived, never recorded. */
final class Roster {
    private final Policy policy;
    private final ModelId[] ids;
    private final List<Optional<Policy.Model>> settings;
    private final Map<ModelId, Integer> index;
    private final Map<String, Set<ModelId>> profiles;
    private final Evictions evictions;

    private Roster(Policy policy, Set<ModelId> leftovers) {
        this.policy = policy;
        Map<ModelId, Policy.Model> known = new HashMap<>();
        policy.models().forEach(m -> known.put(m.id(), m));
        TreeSet<ModelId> all = new TreeSet<>(known.keySet());
        all.addAll(leftovers);
        this.ids = all.toArray(ModelId[]::new);
        this.settings = new ArrayList<>(ids.length);
        this.index = HashMap.newHashMap(ids.length);
        for (int i = 0; i < ids.length; i++) {
            settings.add(Optional.ofNullable(known.get(ids[i])));
            index.put(ids[i], i);
        }
        this.profiles = new HashMap<>();
        policy.profiles().forEach(p -> profiles.put(p.name(), new HashSet<>(p.members())));
        this.evictions = Evictions.of(policy.router(), this);
    }

    /** {@code leftovers} are models that the policy no longer has but whose processes or requests are still there. */
    static Roster of(Policy policy, Set<ModelId> leftovers) {
        return new Roster(policy, leftovers);
    }

    Policy policy() {
        return policy;
    }

    int size() {
        return ids.length;
    }

    ModelId id(int i) {
        return ids[i];
    }

    /** -1 for a model nobody knows. */
    int indexOf(ModelId model) {
        Integer i = index.get(model);
        return i == null ? -1 : i;
    }

    /** Empty for a leftover. */
    Optional<Policy.Model> settings(int i) {
        return settings.get(i);
    }

    boolean hasLeftovers() {
        return ids.length > policy.models().size();
    }

    Evictions evictions() {
        return evictions;
    }

    /** The members of an old-style profile. */
    Optional<Set<ModelId>> profile(String name) {
        return Optional.ofNullable(profiles.get(name));
    }
}
