package dev.turntable.history;

import dev.turntable.event.Actor;
import dev.turntable.event.Commit;
import dev.turntable.event.Fact;
import dev.turntable.event.Route;
import dev.turntable.event.Timer;

/** Who stands behind a commit: the actor of its fact, and so of every decision it caused. */
final class Actors {
    private Actors() {}

    static Actor of(Commit commit) {
        return switch (commit.fact()) {
            case Fact.ServerStarted _, Fact.ServerListening _, Fact.OrphanFound _, Fact.ProcessLost _ -> Actor.RECOVERY;
            case Fact.ServerStopping _, Fact.ServerDrained _, Fact.ServerForced _, Fact.ServerStopped _ ->
                Actor.SHUTDOWN;
            case Fact.ConfigApplied _, Fact.ConfigRejected _ -> Actor.CONFIG;
            case Fact.RequestArrived f -> f.route() == Route.PRELOAD ? Actor.PRELOAD : Actor.REQUEST;
            case Fact.RequestFinished _, Fact.RequestRetried _, Fact.HttpServed _ -> Actor.REQUEST;
            case Fact.RequestAbandoned f -> f.by();
            case Fact.ProcessSpawned _, Fact.SpawnFailed _, Fact.ProcessReady _, Fact.ProbeTimedOut _ -> Actor.PROCESS;
            case Fact.ProcessExited _,
                    Fact.StopFailed _,
                    Fact.Stragglers _,
                    Fact.PortMoved _,
                    Fact.StrangerAnswered _ -> Actor.PROCESS;
            case Fact.TimerFired f ->
                f.timer() instanceof Timer.Ttl
                        ? Actor.TTL
                        : f.timer() instanceof Timer.WaitBound || f.timer() instanceof Timer.Linger
                                ? Actor.REQUEST
                                : Actor.PROCESS;
            case Fact.LoadAsked f -> f.by();
            case Fact.UnloadAsked f -> f.by();
            case Fact.ProfileActivated f -> f.by();
            case Fact.HoldPlaced f -> f.by();
            case Fact.HoldLifted f -> f.by();
            case Fact.ClockStepped _, Fact.SnapshotDue _, Fact.DiskLow _, Fact.DiskRecovered _ -> Actor.PROCESS;
        };
    }
}
