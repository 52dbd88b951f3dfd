package dev.turntable.fsm;

import dev.turntable.event.ModelId;
import dev.turntable.event.Reason;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import dev.turntable.event.SwapId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A swap under way: everything between a model being needed and being ready.
 *
 * @param run the run that will be ready at its end; it does not exist before its start is ordered
 * @param awaiting runs that must be gone before the start
 * @param asked since when its first request waits; its own beginning for one without
 * @param started when it began
 * @param cleared when the last of {@code awaiting} was gone
 * @param startOrdered when the start was ordered
 * @param joined requests that are served when it ends, in order
 */
public record Swap(
        SwapId id,
        RunId run,
        List<RunId> awaiting,
        Reason reason,
        Instant asked,
        Instant started,
        Optional<Instant> cleared,
        Optional<Instant> startOrdered,
        List<RequestId> joined) {
    public Swap {
        awaiting = List.copyOf(awaiting);
        joined = List.copyOf(joined);
    }

    public ModelId model() {
        return run.model();
    }

    Swap without(RunId gone, Instant now) {
        List<RunId> rest = new ArrayList<>(awaiting);
        rest.remove(gone);
        return new Swap(
                id,
                run,
                rest,
                reason,
                asked,
                started,
                rest.isEmpty() ? Optional.of(now) : cleared,
                startOrdered,
                joined);
    }

    Swap starting(Instant now) {
        return new Swap(id, run, awaiting, reason, asked, started, cleared, Optional.of(now), joined);
    }

    Swap with(OpenRequest request) {
        List<RequestId> more = new ArrayList<>(joined);
        more.add(request.id());
        Instant first = request.arrived().isBefore(asked) ? request.arrived() : asked;
        return new Swap(id, run, awaiting, reason, first, started, cleared, startOrdered, more);
    }

    Swap without(RequestId request) {
        List<RequestId> rest = new ArrayList<>(joined);
        rest.remove(request);
        return new Swap(id, run, awaiting, reason, asked, started, cleared, startOrdered, rest);
    }

    Swap shifted(Duration by) {
        return new Swap(
                id,
                run,
                awaiting,
                reason,
                asked.plus(by),
                started.plus(by),
                cleared.map(t -> t.plus(by)),
                startOrdered.map(t -> t.plus(by)),
                joined);
    }
}
