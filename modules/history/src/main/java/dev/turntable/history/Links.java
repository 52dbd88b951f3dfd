package dev.turntable.history;

import dev.turntable.event.Decision;
import dev.turntable.event.Event;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import dev.turntable.event.SwapId;
import dev.turntable.event.Timer;
import java.util.Optional;

/** What an event is about: the names it can be found by. An event about a run is about that run's model too. */
public record Links(Optional<ModelId> model, Optional<RunId> run, Optional<SwapId> swap, Optional<RequestId> request) {
    private static final Links NONE = new Links(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** The links of any event. */
    public static Links of(Event event) {
        return switch (event) {
            case Fact fact -> ofFact(fact);
            case Decision decision -> ofDecision(decision);
        };
    }

    /** The same, about this model too. */
    Links about(Optional<ModelId> other) {
        return new Links(other, run, swap, request);
    }

    /** Whether the link of this wire name is set. */
    boolean has(String name) {
        return switch (name) {
            case "model" -> model.isPresent();
            case "run" -> run.isPresent();
            case "swap" -> swap.isPresent();
            case "request" -> request.isPresent();
            default -> false;
        };
    }

    private static Links ofFact(Fact fact) {
        return switch (fact) {
            case Fact.ServerStarted _, Fact.ServerListening _, Fact.ServerStopping _, Fact.ServerStopped _ -> NONE;
            case Fact.ServerDrained _, Fact.ServerForced _, Fact.SnapshotDue _ -> NONE;
            case Fact.ConfigApplied _, Fact.ConfigRejected _, Fact.ClockStepped _, Fact.HttpServed _ -> NONE;
            case Fact.ProfileActivated _, Fact.HoldPlaced _, Fact.HoldLifted _, Fact.DiskLow _, Fact.DiskRecovered _ ->
                NONE;
            case Fact.RequestArrived f -> request(f.request(), Optional.of(f.model()));
            case Fact.RequestFinished f -> request(f.request(), Optional.empty());
            case Fact.RequestRetried f -> request(f.request(), Optional.empty());
            case Fact.RequestAbandoned f -> request(f.request(), Optional.empty());
            case Fact.ProcessSpawned f -> run(f.run());
            case Fact.SpawnFailed f -> run(f.run());
            case Fact.ProcessReady f -> run(f.run());
            case Fact.ProbeTimedOut f -> run(f.run());
            case Fact.ProcessExited f -> run(f.run());
            case Fact.StopFailed f -> run(f.run());
            case Fact.Stragglers f -> run(f.run());
            case Fact.PortMoved f -> run(f.run());
            case Fact.StrangerAnswered f -> run(f.run());
            case Fact.OrphanFound f -> run(f.run());
            case Fact.ProcessLost f -> run(f.run());
            case Fact.TimerFired f -> ofTimer(f.timer());
            case Fact.LoadAsked f -> model(f.model());
            case Fact.UnloadAsked f -> f.models().size() == 1 ? model(f.models().getFirst()) : NONE;
        };
    }

    private static Links ofTimer(Timer timer) {
        return switch (timer) {
            case Timer.Ttl t -> run(t.run());
            case Timer.StartDeadline t -> run(t.run());
            case Timer.KillDeadline t -> run(t.run());
            case Timer.Linger t -> run(t.run());
            case Timer.WaitBound t -> model(t.model());
        };
    }

    private static Links ofDecision(Decision decision) {
        return switch (decision) {
            case Decision.RequestQueued d -> request(d.request(), Optional.of(d.model()));
            case Decision.RequestJoined d ->
                new Links(Optional.empty(), Optional.empty(), Optional.of(d.swap()), Optional.of(d.request()));
            case Decision.RequestAdmitted d ->
                new Links(
                        Optional.of(d.run().model()), Optional.of(d.run()), Optional.empty(), Optional.of(d.request()));
            case Decision.RequestShed d -> request(d.request(), Optional.empty());
            case Decision.SwapStarted d -> swap(d.swap(), d.run());
            case Decision.SwapFinished d -> swap(d.swap(), d.run());
            case Decision.SwapFailed d -> swap(d.swap(), d.run());
            case Decision.SwapCancelled d -> swap(d.swap(), d.run());
            case Decision.StartOrdered d -> run(d.run());
            case Decision.StopOrdered d -> run(d.run());
            case Decision.KillOrdered d -> run(d.run());
            case Decision.StateChanged d -> run(d.run());
            case Decision.TtlArmed d -> run(d.run());
            case Decision.TtlCancelled d -> run(d.run());
            case Decision.BackoffArmed d -> model(d.model());
            case Decision.BackoffCleared d -> model(d.model());
            case Decision.ProfileEnded _ -> NONE;
            case Decision.TurnClaimed d -> request(d.request(), Optional.of(d.model()));
            case Decision.TurnReleased d -> model(d.model());
            case Decision.LingerArmed d -> run(d.run());
            case Decision.LoadQueued d -> model(d.model());
            case Decision.LoadDropped d -> model(d.model());
            case Decision.OrphanAdopted d -> run(d.run());
            case Decision.OrphanReaped d -> run(d.run());
            case Decision.DeadlineMissed d -> run(d.run());
            case Decision.TransitionRefused d -> d.run().map(Links::run).orElse(NONE);
            case Decision.SnapshotTaken _ -> NONE;
        };
    }

    private static Links model(ModelId model) {
        return new Links(Optional.of(model), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static Links run(RunId run) {
        return new Links(Optional.of(run.model()), Optional.of(run), Optional.empty(), Optional.empty());
    }

    private static Links swap(SwapId swap, RunId run) {
        return new Links(Optional.of(run.model()), Optional.of(run), Optional.of(swap), Optional.empty());
    }

    private static Links request(RequestId request, Optional<ModelId> model) {
        return new Links(model, Optional.empty(), Optional.empty(), Optional.of(request));
    }
}
