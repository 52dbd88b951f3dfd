package dev.turntable.event;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Something the core concluded from a fact. Effects follow these from the journal; nothing else moves the world. */
public sealed interface Decision extends Event {

    // Requests

    /** The request waits. {@code position} is 1-based over the whole queue; {@code behind} names the models whose work blocks it. */
    @EventType("request.queued")
    record RequestQueued(RequestId request, ModelId model, int position, List<ModelId> behind) implements Decision {
        public RequestQueued {
            behind = List.copyOf(behind);
        }
    }

    /** The request waits for a swap that is under way or begins with this commit. */
    @EventType("request.joined")
    record RequestJoined(RequestId request, SwapId swap) implements Decision {}

    /** The request holds a lease on the run; {@code priority} is the one it was queued with. */
    @EventType("request.admitted")
    record RequestAdmitted(RequestId request, RunId run, int priority) implements Decision {}

    /** The request is refused; {@code detail} is the error the client sees, {@code retryAfter} when trying again makes sense. */
    @EventType("request.shed")
    record RequestShed(RequestId request, ShedReason reason, String detail, Optional<Duration> retryAfter)
            implements Decision {}

    /** Somebody other than a request wants the model loaded, and that has to wait; {@code behind} names the models whose work blocks it. */
    @EventType("load.queued")
    record LoadQueued(ModelId model, Actor by, List<ModelId> behind) implements Decision {
        public LoadQueued {
            behind = List.copyOf(behind);
        }
    }

    /** The wish of {@link LoadQueued} is over without a swap: the model runs already, or it was unloaded or removed meanwhile. */
    @EventType("load.dropped")
    record LoadDropped(ModelId model, Reason reason) implements Decision {}

    // Swaps

    /**
     * A swap begins.
     *
     * @param run the run that will be started
     * @param evict runs that must leave first
     * @param router what demanded the evictions: {@code group} or {@code matrix}
     * @param set matrix set that was chosen, with its text in {@code dsl}
     */
    @EventType("swap.started")
    record SwapStarted(
            SwapId swap,
            RunId run,
            List<RunId> evict,
            Reason reason,
            String router,
            Optional<String> set,
            Optional<String> dsl,
            int cost,
            List<ModelId> keep,
            int queueDepth)
            implements Decision {
        public SwapStarted {
            evict = List.copyOf(evict);
            keep = List.copyOf(keep);
        }
    }

    /** Stop is from the first stop order to the last eviction's exit, start from the start order to ready; zero where a phase was empty. */
    @EventType("swap.finished")
    record SwapFinished(SwapId swap, RunId run, Duration drain, Duration stop, Duration start) implements Decision {}

    @EventType("swap.failed")
    record SwapFailed(SwapId swap, RunId run, Reason reason, String detail) implements Decision {}

    @EventType("swap.cancelled")
    record SwapCancelled(SwapId swap, RunId run, Reason reason) implements Decision {}

    // Orders: effects carry them out after the commit

    @EventType("start.ordered")
    record StartOrdered(RunId run, OptionalInt port, Instant deadline, Reason reason) implements Decision {}

    /** Stop signal to the whole group (or the stop command), then a kill at the end of {@code grace}. */
    @EventType("stop.ordered")
    record StopOrdered(RunId run, Reason reason, Duration grace) implements Decision {}

    /** SIGKILL to the whole group. */
    @EventType("kill.ordered")
    record KillOrdered(RunId run, Reason reason) implements Decision {}

    // State

    @EventType("state.changed")
    record StateChanged(RunId run, ProcessState from, ProcessState to, Reason reason) implements Decision {}

    @EventType("ttl.armed")
    record TtlArmed(RunId run, Instant due) implements Decision {}

    @EventType("ttl.cancelled")
    record TtlCancelled(RunId run) implements Decision {}

    /** The model failed to start {@code failures} times in a row and is not tried again before {@code until}. */
    @EventType("backoff.armed")
    record BackoffArmed(ModelId model, int failures, Instant until, String detail) implements Decision {}

    @EventType("backoff.cleared")
    record BackoffCleared(ModelId model, Actor by) implements Decision {}

    /** The active profile is no part of the new configuration. */
    @EventType("profile.ended")
    record ProfileEnded(String profile) implements Decision {}

    /** The wait of the model's first request reached its bound: these runs take no new request until the model's turn has come. */
    @EventType("turn.claimed")
    record TurnClaimed(ModelId model, RequestId request, List<RunId> closed) implements Decision {
        public TurnClaimed {
            closed = List.copyOf(closed);
        }
    }

    /** The turn that was claimed is over or nobody waits for it any more: these runs take requests again. */
    @EventType("turn.released")
    record TurnReleased(ModelId model, List<RunId> reopened) implements Decision {
        public TurnReleased {
            reopened = List.copyOf(reopened);
        }
    }

    /** The run became idle while others wait for its place, but has not yet earned its load: it keeps the place until {@code until}. */
    @EventType("linger.armed")
    record LingerArmed(RunId run, Instant until) implements Decision {}

    @EventType("orphan.adopted")
    record OrphanAdopted(RunId run, long pid) implements Decision {}

    @EventType("orphan.reaped")
    record OrphanReaped(RunId run, long pid, String detail) implements Decision {}

    /** A run stayed in a state past its deadline; an order that ends it follows. */
    @EventType("deadline.missed")
    record DeadlineMissed(RunId run, ProcessState state) implements Decision {}

    /** A fact that the table of states has no place for; nothing changed because of it. */
    @EventType("transition.refused")
    record TransitionRefused(Optional<RunId> run, ProcessState state, String fact) implements Decision {}

    /** {@code stateHash} is the SHA-256 of the state after this commit, in lower-case hex. */
    @EventType("snapshot.taken")
    record SnapshotTaken(String stateHash) implements Decision {}
}
