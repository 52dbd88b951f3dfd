package dev.turntable.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/** Answers whether some member of a matrix set holds given models, without multiplying anything out. */
public final class SetCover {
    /** Branches that are tried before the answer is no; only expressions that name one model in many places come near it. */
    private static final int MAX_STEPS = 200_000;

    private final SequencedMap<String, SetExpr> sets;
    private final Map<SetExpr, Set<String>> mentioned = new java.util.IdentityHashMap<>();
    private int steps;

    public SetCover(SequencedMap<String, SetExpr> sets) {
        this.sets = sets;
    }

    /** True when one member of one set contains all of the models. */
    public boolean covers(Set<String> models) {
        return sets.values().stream().anyMatch(set -> covers(set, models));
    }

    private boolean covers(SetExpr expr, Set<String> wanted) {
        if (wanted.isEmpty()) {
            return true;
        }
        if (++steps > MAX_STEPS || !mentions(expr).containsAll(wanted)) {
            return false;
        }
        return switch (expr) {
            case SetExpr.Name name -> wanted.equals(Set.of(name.model()));
            case SetExpr.Ref ref -> covers(sets.get(ref.set()), wanted);
            case SetExpr.Or or -> or.parts().stream().anyMatch(part -> covers(part, wanted));
            case SetExpr.And and -> coversTogether(and.parts(), wanted);
        };
    }

    /** Each wanted model goes to a part that mentions it; models with one such part are settled first, the others are tried. */
    private boolean coversTogether(List<SetExpr> parts, Set<String> wanted) {
        Map<Integer, Set<String>> shares = new LinkedHashMap<>();
        List<String> open = new ArrayList<>();
        Map<String, List<Integer>> choices = new HashMap<>();
        for (String model : wanted) {
            List<Integer> places = new ArrayList<>();
            for (int i = 0; i < parts.size(); i++) {
                if (mentions(parts.get(i)).contains(model)) {
                    places.add(i);
                }
            }
            if (places.size() == 1) {
                shares.computeIfAbsent(places.getFirst(), i -> new LinkedHashSet<>())
                        .add(model);
            } else {
                open.add(model);
                choices.put(model, places);
            }
        }
        for (Map.Entry<Integer, Set<String>> share : shares.entrySet()) {
            if (!covers(parts.get(share.getKey()), share.getValue())) {
                return false;
            }
        }
        return place(parts, shares, open, choices, 0);
    }

    private boolean place(
            List<SetExpr> parts,
            Map<Integer, Set<String>> shares,
            List<String> open,
            Map<String, List<Integer>> choices,
            int at) {
        if (at == open.size()) {
            return true;
        }
        String model = open.get(at);
        for (int choice : choices.get(model)) {
            Set<String> share = shares.computeIfAbsent(choice, i -> new LinkedHashSet<>());
            boolean added = share.add(model);
            if (covers(parts.get(choice), new HashSet<>(share)) && place(parts, shares, open, choices, at + 1)) {
                return true;
            }
            if (added) {
                share.remove(model);
            }
        }
        return false;
    }

    private Set<String> mentions(SetExpr expr) {
        Set<String> known = mentioned.get(expr);
        if (known != null) {
            return known;
        }
        Set<String> names = new HashSet<>();
        switch (expr) {
            case SetExpr.Name name -> names.add(name.model());
            case SetExpr.Ref ref -> names.addAll(mentions(sets.get(ref.set())));
            case SetExpr.Or or -> or.parts().forEach(part -> names.addAll(mentions(part)));
            case SetExpr.And and -> and.parts().forEach(part -> names.addAll(mentions(part)));
        }
        mentioned.put(expr, names);
        return names;
    }
}
