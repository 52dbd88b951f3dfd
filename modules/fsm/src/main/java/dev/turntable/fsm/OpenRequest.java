package dev.turntable.fsm;

import dev.turntable.event.ModelId;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.RunId;
import dev.turntable.event.SwapId;
import dev.turntable.event.WireName;
import java.time.Instant;
import java.util.Optional;

/**
 * A request that has arrived and not yet ended.
 *
 * @param profile old-style profile it was asked for in
 * @param priority its model's priority when it arrived
 */
public record OpenRequest(
        RequestId id,
        ModelId model,
        Route route,
        Optional<String> profile,
        Instant arrived,
        int priority,
        Place place) {

    /** Where a request stands. */
    public sealed interface Place {
        /** It only passes by: a peer's, or nobody's. */
        @WireName("passing")
        record Passing() implements Place {}

        /** It stands in the queue. */
        @WireName("queued")
        record Queued() implements Place {}

        /** It is served when this swap ends. */
        @WireName("joined")
        record Joined(SwapId swap) implements Place {}

        /** It holds a lease on this run. */
        @WireName("leased")
        record Leased(RunId run) implements Place {}

        /** It was refused; its end is yet to be reported. */
        @WireName("shed")
        record Shed() implements Place {}

        /** It was given up while it waited; its end is yet to be reported. */
        @WireName("gone")
        record Gone() implements Place {}
    }

    static final Place PASSING = new Place.Passing();
    static final Place QUEUED = new Place.Queued();
    static final Place SHED = new Place.Shed();
    static final Place GONE = new Place.Gone();

    OpenRequest at(Place next) {
        return new OpenRequest(id, model, route, profile, arrived, priority, next);
    }

    /** It takes up one of its model's slots (llama-swap §5.2). */
    public boolean isReserved() {
        return switch (place) {
            case Place.Queued _, Place.Joined _, Place.Leased _ -> true;
            case Place.Passing _, Place.Shed _, Place.Gone _ -> false;
        };
    }

    OpenRequest shifted(java.time.Duration by) {
        return new OpenRequest(id, model, route, profile, arrived.plus(by), priority, place);
    }
}
