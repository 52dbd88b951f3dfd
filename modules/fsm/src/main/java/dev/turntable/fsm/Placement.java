package dev.turntable.fsm;

import dev.turntable.event.ModelId;
import java.util.List;

/** What can be done for somebody who wants a model, right now (llama-swap §5.3). */
sealed interface Placement {
    /** Its process takes requests and nobody has to leave. */
    record Serve(Run run) implements Placement {}

    /** A swap to it is under way. */
    record Join(Swap swap) implements Placement {}

    /** Something has to end first. */
    record Wait(List<ModelId> behind) implements Placement {}

    /** A swap can begin. */
    record Begin(Evictions.Plan plan) implements Placement {}
}
