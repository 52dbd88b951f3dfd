package dev.turntable.fsm;

import dev.turntable.event.Actor;
import dev.turntable.event.ModelId;
import dev.turntable.event.RequestId;
import java.time.Instant;
import java.util.Optional;

/**
 * An entry of the queue: a request, or somebody's wish to have a model loaded.
 *
 * @param priority higher goes first
 * @param since when the request arrived or the wish was made
 * @param request empty for a wish
 * @param by who waits
 * @param profile old-style profile the model was asked for in
 */
public record Waiter(
        ModelId model, int priority, Instant since, Optional<RequestId> request, Actor by, Optional<String> profile) {
    /** True when this one stands before {@code other}, which came later or equally late. */
    boolean before(Waiter other) {
        return priority > other.priority || priority == other.priority && !since.isAfter(other.since);
    }
}
