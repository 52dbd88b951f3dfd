package dev.turntable.sim;

import dev.turntable.event.ModelId;
import dev.turntable.event.Policy;
import dev.turntable.event.SetExpr;
import java.util.List;
import java.util.Optional;

/** Which two models may never be there together, read from a policy in a way of its own: the core's way is what is being checked. */
final class Exclusion {
    private Exclusion() {}

    /** Each of the two makes the other one leave, and no old-style profile loads them side by side. */
    static boolean between(Policy policy, ModelId a, ModelId b) {
        boolean beside = policy.profiles().stream()
                .anyMatch(p -> p.members().contains(a) && p.members().contains(b));
        if (beside || a.equals(b)) {
            return false;
        }
        return switch (policy.router()) {
            case Policy.Router.Groups groups -> inGroups(groups.groups(), a, b);
            case Policy.Router.Matrix matrix -> matrix.sets().stream().noneMatch(set -> holdsBoth(set.expr(), a, b));
        };
    }

    private static boolean inGroups(List<Policy.Group> groups, ModelId a, ModelId b) {
        Optional<Policy.Group> ga = of(groups, a);
        Optional<Policy.Group> gb = of(groups, b);
        if (ga.isEmpty() || gb.isEmpty()) {
            return false;
        }
        return ga.equals(gb)
                ? ga.get().swap()
                : ga.get().exclusive()
                        && gb.get().exclusive()
                        && !ga.get().persistent()
                        && !gb.get().persistent();
    }

    private static Optional<Policy.Group> of(List<Policy.Group> groups, ModelId model) {
        return groups.stream().filter(g -> g.members().contains(model)).findFirst();
    }

    private static boolean holds(SetExpr expr, ModelId model) {
        return switch (expr) {
            case SetExpr.Name name -> name.model().equals(model);
            case SetExpr.AnyOf any -> any.parts().stream().anyMatch(p -> holds(p, model));
            case SetExpr.AllOf all -> all.parts().stream().anyMatch(p -> holds(p, model));
        };
    }

    private static boolean holdsBoth(SetExpr expr, ModelId a, ModelId b) {
        return switch (expr) {
            case SetExpr.Name _ -> false;
            case SetExpr.AnyOf any -> any.parts().stream().anyMatch(p -> holdsBoth(p, a, b));
            case SetExpr.AllOf all -> {
                boolean apart = false;
                for (SetExpr one : all.parts()) {
                    for (SetExpr other : all.parts()) {
                        apart |= one != other && holds(one, a) && holds(other, b);
                    }
                }
                yield apart || all.parts().stream().anyMatch(p -> holdsBoth(p, a, b));
            }
        };
    }
}
