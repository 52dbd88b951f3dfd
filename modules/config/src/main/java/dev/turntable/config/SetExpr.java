package dev.turntable.config;

import java.util.List;

/**
 * A matrix expression: a family of model sets that may run together. It is kept as written and never multiplied out (llama-swap §2.9).
 */
public sealed interface SetExpr {
    /** One family member with one model; the id is real, vars are already resolved. */
    record Name(String model) implements SetExpr {}

    /** All pairwise unions of the parts' members; at least two parts. */
    record And(List<SetExpr> parts) implements SetExpr {
        public And {
            parts = List.copyOf(parts);
        }
    }

    /** The members of all parts; at least two parts. */
    record Or(List<SetExpr> parts) implements SetExpr {
        public Or {
            parts = List.copyOf(parts);
        }
    }

    /** The family of another set, which exists and comes earlier in {@link Routing.Matrix#sets}. */
    record Ref(String set) implements SetExpr {}
}
