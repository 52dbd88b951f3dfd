package dev.turntable.fsm;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import java.time.Instant;
import java.util.List;

/**
 * The decision core: pure functions from the yard, a fact and the time to what follows.
 *
 * <p>{@link #decide} concludes, {@link #apply} reads back; both change the yard through the same fold, so a journal read again gives the
 * state it was written from.
 */
public final class Core {
    private Core() {}

    /**
     * What follows from a fact.
     *
     * @param now time of the commit, in whole microseconds, never before that of an earlier commit
     */
    public static Verdict decide(Yard yard, Fact fact, Instant now) {
        Desk desk = new Desk(yard, now);
        Fold.fact(desk.yard, fact, now);
        conclude(desk, fact);
        Turns.press(desk); // whatever was decided may have put somebody in the way of one who has claimed a turn
        return desk.verdict();
    }

    private static void conclude(Desk desk, Fact fact) {
        switch (fact) {
            case Fact.RequestArrived f -> Requests.arrived(desk, f);
            case Fact.RequestFinished f -> Requests.finished(desk, f);
            case Fact.RequestAbandoned f -> Requests.abandoned(desk, f);
            case Fact.ProcessSpawned f -> Processes.happened(desk, f.run(), ProcessSignal.SPAWNED, f);
            case Fact.SpawnFailed f -> Processes.happened(desk, f.run(), ProcessSignal.SPAWN_FAILED, f);
            case Fact.ProcessReady f -> Processes.happened(desk, f.run(), ProcessSignal.READY, f);
            case Fact.ProbeTimedOut f -> Processes.happened(desk, f.run(), ProcessSignal.PROBE_TIMED_OUT, f);
            case Fact.ProcessExited f -> Processes.happened(desk, f.run(), ProcessSignal.EXITED, f);
            case Fact.StopFailed f -> Processes.happened(desk, f.run(), ProcessSignal.STOP_FAILED, f);
            case Fact.OrphanFound f ->
                Processes.happened(
                        desk,
                        f.run(),
                        Lifecycle.isWelcome(desk, f) ? ProcessSignal.ORPHAN_FIT : ProcessSignal.ORPHAN_UNFIT,
                        f);
            case Fact.ProcessLost f -> Processes.happened(desk, f.run(), ProcessSignal.LOST, f);
            case Fact.TimerFired f -> Processes.fired(desk, f);
            case Fact.LoadAsked f -> Operators.load(desk, f);
            case Fact.UnloadAsked f -> Operators.unload(desk, f);
            case Fact.HoldPlaced _ -> Operators.hold(desk);
            case Fact.HoldLifted _ -> Scheduler.examine(desk);
            case Fact.ConfigApplied _ -> Reload.configured(desk);
            case Fact.ServerStarted _ -> Lifecycle.started(desk);
            case Fact.ServerStopping f -> f.grace().ifPresent(grace -> Lifecycle.stopping(desk, grace));
            case Fact.ServerDrained f -> Lifecycle.drained(desk, f.grace());
            case Fact.ServerForced _ -> Lifecycle.forced(desk);
            case Fact.SnapshotDue _ -> desk.emit(new Decision.SnapshotTaken(desk.before.stateHash()));
            case Fact.ServerListening _,
                    Fact.ServerStopped _,
                    Fact.ConfigRejected _,
                    Fact.Stragglers _,
                    Fact.PortMoved _,
                    Fact.StrangerAnswered _,
                    Fact.ClockStepped _,
                    Fact.RequestRetried _,
                    Fact.HttpServed _,
                    Fact.ProfileActivated _,
                    Fact.DiskLow _,
                    Fact.DiskRecovered _ -> {
                // on the record; nothing follows
            }
        }
    }

    /** The yard after a commit that was decided before. */
    public static Yard apply(Yard yard, Commit commit) {
        return apply(yard, commit.fact(), commit.decisions(), commit.time());
    }

    /** The yard after a fact and the decisions it caused. */
    public static Yard apply(Yard yard, Fact fact, List<Decision> decisions, Instant time) {
        Draft draft = new Draft(yard);
        Fold.fact(draft, fact, time);
        for (Decision decision : decisions) {
            FoldDecisions.decision(draft, decision, time);
        }
        return draft.freeze();
    }

    /** Which models would have to leave if this one were asked for now; empty for a model nobody knows. */
    public static List<ModelId> wouldEvict(Yard yard, ModelId model) {
        Desk desk = new Desk(yard, Instant.EPOCH);
        int i = desk.yard.indexOf(model);
        return i < 0
                ? List.of()
                : desk.names(desk.plan(i, java.util.Optional.empty()).leave());
    }
}
