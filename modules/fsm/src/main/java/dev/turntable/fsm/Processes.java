package dev.turntable.fsm;

import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ProcessState;
import dev.turntable.event.Reason;
import dev.turntable.event.RunId;
import dev.turntable.event.ShedReason;
import dev.turntable.event.Timer;
import java.time.Duration;
import java.util.Optional;

/** What the moves of {@link ProcessTable} do. */
final class Processes {
    private Processes() {}

    /** Something happened to a process. */
    static void happened(Desk desk, RunId id, ProcessSignal signal, Fact fact) {
        Optional<Run> run = desk.yard.run(id);
        Standing row = Standing.of(run, desk.yard.phase);
        switch (ProcessTable.move(row, signal)) {
            case REFUSE -> desk.refuse(Optional.of(id), row.state(run), fact.type());
            case NOTE -> {
                // the fact itself says it all
            }
            case SERVE -> serve(desk, run.orElseThrow());
            case FAIL -> fail(desk, run.orElseThrow(), fact);
            case TIME_OUT -> timeOut(desk, run.orElseThrow());
            case CANCEL, STOP, DRAIN, HURRY ->
                throw new FsmException(signal + " is no fact about one process"); // operators and the end: see below
            case CRASH -> crash(desk, run.orElseThrow());
            case GONE -> gone(desk, run.orElseThrow());
            case EXPIRE ->
                Swaps.stop(
                        desk,
                        run.orElseThrow(),
                        Reason.TTL,
                        run.orElseThrow().settings().grace());
            case YIELD -> Scheduler.examine(desk);
            case KILL -> kill(desk, run.orElseThrow());
            case ADOPT -> adopt(desk, run.orElseThrow(), (Fact.OrphanFound) fact);
            case REAP -> reap(desk, id, run, (Fact.OrphanFound) fact);
        }
    }

    /** A moment the core had asked for has come. One it had not asked for is refused. */
    static void fired(Desk desk, Fact.TimerFired fact) {
        if (!isArmed(desk, fact)) {
            desk.refuse(run(fact.timer()), ProcessState.STOPPED, fact.type());
            return;
        }
        switch (fact.timer()) {
            case Timer.Ttl t -> happened(desk, t.run(), ProcessSignal.TTL_DUE, fact);
            case Timer.StartDeadline t -> happened(desk, t.run(), ProcessSignal.START_DUE, fact);
            case Timer.KillDeadline t -> happened(desk, t.run(), ProcessSignal.KILL_DUE, fact);
            case Timer.Linger t -> happened(desk, t.run(), ProcessSignal.LINGER_DUE, fact);
            case Timer.WaitBound t -> {
                Turns.claim(desk, desk.yard.indexOf(t.model()));
                Scheduler.examine(desk);
            }
        }
    }

    private static boolean isArmed(Desk desk, Fact.TimerFired fact) {
        return !desk.now.isBefore(fact.due())
                && Timers.due(desk.before, desk.now).contains(new Due(fact.timer(), fact.due()));
    }

    private static Optional<RunId> run(Timer timer) {
        return switch (timer) {
            case Timer.Ttl t -> Optional.of(t.run());
            case Timer.StartDeadline t -> Optional.of(t.run());
            case Timer.KillDeadline t -> Optional.of(t.run());
            case Timer.Linger t -> Optional.of(t.run());
            case Timer.WaitBound _ -> Optional.empty();
        };
    }

    private static void serve(Desk desk, Run run) {
        desk.emit(
                new Decision.StateChanged(run.id(), ProcessState.STARTING, ProcessState.READY, Reason.PROBE_ANSWERED));
        Swaps.finish(desk, desk.yard.indexOf(run.model()));
        Scheduler.examine(desk);
    }

    private static void fail(Desk desk, Run run, Fact fact) {
        Reason reason = fact instanceof Fact.SpawnFailed ? Reason.SPAWN_FAILED : Reason.EXITED;
        String detail =
                switch (fact) {
                    case Fact.SpawnFailed f -> f.error();
                    case Fact.ProcessExited f -> "upstream command exited prematurely: " + f.how();
                    case Fact.ProcessLost _ -> "upstream command exited prematurely";
                    default -> throw new FsmException(fact.type() + " fails no start");
                };
        desk.emit(new Decision.StateChanged(run.id(), ProcessState.STARTING, ended(desk), reason));
        Swaps.fail(desk, desk.yard.indexOf(run.model()), reason, detail);
        Scheduler.examine(desk);
    }

    private static void timeOut(Desk desk, Run run) {
        desk.emit(new Decision.DeadlineMissed(run.id(), ProcessState.STARTING));
        Swaps.stop(desk, run, Reason.START_TIMED_OUT, run.settings().grace());
    }

    private static void crash(Desk desk, Run run) {
        desk.emit(new Decision.StateChanged(run.id(), ProcessState.READY, ended(desk), Reason.EXITED));
        int model = desk.yard.indexOf(run.model());
        if (desk.berth(model).swap().isPresent()) {
            Swaps.requeue(desk, model, Reason.EXITED); // its run was to stay; now it takes a new one
        }
        goOn(desk);
    }

    private static void gone(Desk desk, Run run) {
        Reason reason = run.stop().map(Stop::reason).orElse(Reason.REAPED);
        desk.emit(new Decision.StateChanged(run.id(), run.state(), ended(desk), reason));
        int model = desk.yard.indexOf(run.model());
        boolean awaited =
                desk.berth(model).swap().filter(s -> s.run().equals(run.id())).isPresent();
        if (reason == Reason.START_TIMED_OUT && awaited) {
            Swaps.fail(
                    desk,
                    model,
                    Reason.START_TIMED_OUT,
                    "health check timed out after "
                            + GoDuration.text(run.settings().startBudget()));
        }
        goOn(desk);
    }

    private static void goOn(Desk desk) {
        Swaps.advanceAll(desk);
        Operators.nextBucket(desk);
        Scheduler.examine(desk);
    }

    /** Once the server ends, a process that is gone never comes back. */
    private static ProcessState ended(Desk desk) {
        return desk.yard.phase.ends() ? ProcessState.SHUTDOWN : ProcessState.STOPPED;
    }

    private static void kill(Desk desk, Run run) {
        desk.emit(new Decision.DeadlineMissed(run.id(), run.state()));
        desk.emit(new Decision.KillOrdered(run.id(), run.stop().orElseThrow().reason()));
    }

    private static void adopt(Desk desk, Run run, Fact.OrphanFound fact) {
        desk.emit(new Decision.OrphanAdopted(run.id(), fact.pid()));
        if (run.state() != ProcessState.READY) {
            desk.emit(new Decision.StateChanged(run.id(), run.state(), ProcessState.READY, Reason.ADOPTED));
        }
        Swaps.armTtl(desk, desk.yard.run(run.id()).orElseThrow());
        Scheduler.examine(desk);
    }

    private static void reap(Desk desk, RunId id, Optional<Run> run, Fact.OrphanFound fact) {
        desk.emit(new Decision.OrphanReaped(id, fact.pid(), fact.detail()));
        kill(desk, id, run, Reason.REAPED);
    }

    private static void kill(Desk desk, RunId id, Optional<Run> run, Reason reason) {
        desk.emit(new Decision.KillOrdered(id, reason));
        if (run.isPresent() && run.get().state() == ProcessState.READY) {
            desk.emit(new Decision.StateChanged(id, ProcessState.READY, ProcessState.STOPPING, reason));
        }
    }

    /** Ends a process for an operator or at the end of the server; the moves are those of the table. */
    static void end(Desk desk, Run run, ProcessSignal signal, Ending ending) {
        int model = desk.yard.indexOf(run.model());
        switch (ProcessTable.move(Standing.of(Optional.of(run), desk.yard.phase), signal)) {
            case NOTE -> {
                // it leaves already
            }
            case CANCEL -> {
                if (desk.berth(model).swap().isPresent()) {
                    Swaps.cancel(desk, model, ending.reason(), ending.shed(), ending.detail());
                }
                Swaps.stop(desk, run, ending.reason(), ending.grace(run));
            }
            case STOP -> Swaps.stop(desk, run, ending.reason(), ending.grace(run));
            case DRAIN -> {
                if (run.leases() == 0) {
                    Swaps.stop(desk, run, ending.reason(), ending.grace(run));
                }
            }
            case HURRY -> hurry(desk, run, ending);
            case REAP -> {
                if (run.stop().filter(Stop::killed).isEmpty()) {
                    kill(desk, run.id(), Optional.of(run), ending.reason());
                }
            }
            case REFUSE, SERVE, FAIL, TIME_OUT, CRASH, GONE, EXPIRE, YIELD, KILL, ADOPT ->
                throw new FsmException("no order ends a process so: " + signal);
        }
    }

    /** It leaves already, but has more time than there is. */
    private static void hurry(Desk desk, Run run, Ending ending) {
        Stop stop = run.stop().orElseThrow();
        Duration grace = ending.budget().orElse(Duration.between(desk.now, stop.killAt()));
        if (!stop.killed() && desk.now.plus(grace).isBefore(stop.killAt())) {
            Swaps.stop(desk, run, stop.reason(), grace);
        }
    }

    /** Why a process is ended, what those who wait for it are told, and the longest grace there is time for. */
    record Ending(Reason reason, ShedReason shed, String detail, Optional<Duration> budget) {
        Duration grace(Run run) {
            Duration own = run.settings().grace();
            return budget.filter(b -> b.compareTo(own) < 0).orElse(own);
        }
    }
}
