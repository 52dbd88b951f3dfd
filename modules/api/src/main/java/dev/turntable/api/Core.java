package dev.turntable.api;

import dev.turntable.event.Commit;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.ProcessState;
import dev.turntable.event.RunId;
import java.util.List;
import java.util.Optional;

/**
 * What the control plane needs of the core: to see it, and to tell it what an operator wants. {@code app} connects it to the Conductor.
 *
 * <p>Everything read here is a snapshot without a lock; everything told is a fact on the record.
 */
public interface Core {

    /** Every process that is not stopped, in no particular order. */
    List<Running> running();

    /** The active profile of the mapping form (llama-swap §3.7). */
    Optional<String> activeProfile();

    /** Why everything is kept unloaded, while a hold is in force. */
    Optional<String> hold();

    /** Puts a fact on the record and returns the commit with what was decided. */
    Commit submit(Fact fact);

    /** State of one model's process; {@code STOPPED} for one that is not running or not known. */
    default ProcessState state(ModelId model) {
        return running().stream()
                .filter(r -> r.run().model().equals(model))
                .map(Running::state)
                .findFirst()
                .orElse(ProcessState.STOPPED);
    }

    /** One process. */
    record Running(RunId run, ProcessState state) {}
}
