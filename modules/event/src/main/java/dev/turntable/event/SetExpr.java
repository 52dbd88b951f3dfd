package dev.turntable.event;

import java.util.List;

/** A family of model sets that may run together, as the matrix language writes it (llama-swap §2.9); never expanded. */
public sealed interface SetExpr {
    /** The one set with just this model. */
    @WireName("name")
    record Name(ModelId model) implements SetExpr {}

    /** Union of the families. */
    @WireName("any_of")
    record AnyOf(List<SetExpr> parts) implements SetExpr {
        public AnyOf {
            parts = List.copyOf(parts);
        }
    }

    /** All pairwise unions of the families' members. */
    @WireName("all_of")
    record AllOf(List<SetExpr> parts) implements SetExpr {
        public AllOf {
            parts = List.copyOf(parts);
        }
    }
}
