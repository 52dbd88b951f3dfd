package dev.turntable.logs;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.RunId;
import java.util.List;
import java.util.Optional;

/**
 * Renders the proxy's log from the journal: commits in, lines out.
 *
 * <p>What it remembers (open requests, settings in force) comes from earlier commits alone, so the same commits give the same lines, live
 * and after a restart. Lines that llama-swap has keep its words (llama-swap §7.2); lines of our own end in the seq of their commit.
 * Belongs to one thread.
 */
public final class ProxyLog {
    private final RequestLines requests = new RequestLines();
    private final ServerLines server = new ServerLines();
    private final RunLines runs;

    public ProxyLog(StartCommands commands) {
        this.runs = new RunLines(commands);
    }

    /** The lines of one commit, in order, of every level. */
    public List<LogLine> render(Commit commit) {
        return render(commit, Level.DEBUG);
    }

    /** The lines of one commit, in order, from this level on. */
    List<LogLine> render(Commit commit, Level least) {
        Sheet sheet = new Sheet(commit, least);
        fact(sheet, commit.fact());
        for (Decision decision : commit.decisions()) {
            decision(sheet, decision);
        }
        return sheet.lines();
    }

    /** What the server itself says in a model's own stream: stop commands that failed, whatever level and stamp are set (llama-swap §7.2). */
    public static Optional<ModelLine> inModelStream(Commit commit) {
        return commit.fact() instanceof Fact.StopFailed failed
                ? Optional.of(new ModelLine(
                        failed.run(),
                        "[ERROR] <" + failed.run().model() + "> stop command failed: " + failed.error() + "\n"))
                : Optional.empty();
    }

    /** A text for the stream of the run's model. */
    public record ModelLine(RunId run, String text) {}

    private void fact(Sheet sheet, Fact fact) {
        switch (fact) {
            case Fact.ServerStarted f -> {
                requests.forget();
                runs.forget();
                server.started(sheet, f);
            }
            case Fact.ServerListening f -> server.listening(sheet, f);
            case Fact.ServerStopping f -> server.stopping(sheet, f);
            case Fact.ServerDrained _ -> sheet.own(Level.DEBUG, "drained: every process still there is told to stop");
            case Fact.ServerForced f -> server.forced(sheet, f);
            case Fact.SnapshotDue _ -> {}
            case Fact.ServerStopped _ -> sheet.add(Level.INFO, "shutdown complete");
            case Fact.ConfigApplied f -> {
                runs.policy(f.policy());
                server.configApplied(sheet, f);
            }
            case Fact.ConfigRejected f -> server.configRejected(sheet, f);
            case Fact.ClockStepped f -> sheet.own(Level.WARN, "the wall clock stepped by " + Durations.text(f.by()));
            case Fact.RequestArrived f -> requests.arrived(sheet, f);
            case Fact.RequestFinished f -> requests.finished(sheet, f);
            case Fact.RequestAbandoned f -> requests.abandoned(sheet, f);
            case Fact.RequestRetried f ->
                sheet.own(Level.DEBUG, f.request() + " sent again on a fresh connection: " + f.error());
            case Fact.HttpServed f -> requests.served(sheet, f);
            case Fact.ProcessSpawned f -> runs.spawned(sheet, f);
            case Fact.SpawnFailed f -> runs.spawnFailed(sheet, f);
            case Fact.ProcessReady f -> runs.ready(sheet, f);
            case Fact.ProbeTimedOut f ->
                sheet.own(Level.DEBUG, "<" + f.run().model() + "> probe " + f.count() + " got no answer in time");
            case Fact.ProcessExited f -> runs.exited(sheet, f);
            case Fact.StopFailed f ->
                sheet.own(Level.ERROR, "<" + f.run().model() + "> stop command failed: " + f.error());
            case Fact.Stragglers f -> runs.stragglers(sheet, f);
            case Fact.PortMoved f -> runs.portMoved(sheet, f);
            case Fact.StrangerAnswered f ->
                sheet.own(
                        Level.WARN,
                        "<" + f.run().model() + "> " + f.holder() + " answers at " + f.address()
                                + " in its place; that is not believed");
            case Fact.OrphanFound f -> server.orphan(sheet, f);
            case Fact.ProcessLost f ->
                sheet.own(Level.WARN, "<" + f.run().model() + "> process of an earlier server run is gone");
            case Fact.TimerFired _ -> {}
            case Fact.LoadAsked f -> sheet.own(Level.INFO, "<" + f.model() + "> load asked by " + f.by());
            case Fact.UnloadAsked f -> server.unloadAsked(sheet, f);
            case Fact.ProfileActivated f -> server.profile(sheet, f);
            case Fact.HoldPlaced f ->
                sheet.own(
                        Level.WARN,
                        "hold placed by " + f.by() + ": nothing is started until it is lifted; " + f.note());
            case Fact.HoldLifted f -> sheet.own(Level.INFO, "hold lifted by " + f.by());
            case Fact.DiskLow f -> server.diskLow(sheet, f);
            case Fact.DiskRecovered f -> server.diskRecovered(sheet, f);
        }
    }

    private void decision(Sheet sheet, Decision decision) {
        switch (decision) {
            case Decision.RequestQueued d -> requests.queued(sheet, d);
            case Decision.RequestJoined d -> sheet.own(Level.DEBUG, d.request() + " waits for swap " + d.swap());
            case Decision.RequestAdmitted d -> requests.admitted(sheet, d);
            case Decision.RequestShed d -> requests.shed(sheet, d);
            case Decision.SwapStarted d -> runs.swapStarted(sheet, d);
            case Decision.SwapFinished d -> runs.swapFinished(sheet, d);
            case Decision.SwapFailed d -> runs.swapFailed(sheet, d);
            case Decision.SwapCancelled d -> runs.swapCancelled(sheet, d);
            case Decision.StartOrdered _ -> {}
            case Decision.StopOrdered d -> runs.stopOrdered(sheet, d);
            case Decision.KillOrdered d -> runs.killOrdered(sheet, d);
            case Decision.StateChanged d -> runs.stateChanged(sheet, d);
            case Decision.TtlArmed d -> runs.ttlArmed(sheet, d);
            case Decision.TtlCancelled _ -> {}
            case Decision.BackoffArmed d -> runs.backoffArmed(sheet, d);
            case Decision.BackoffCleared d ->
                sheet.own(Level.INFO, "<" + d.model() + "> may be started again, cleared by " + d.by());
            case Decision.ProfileEnded d ->
                sheet.own(Level.WARN, "profile " + d.profile() + " ended: the new configuration does not have it");
            case Decision.TurnClaimed d -> requests.turnClaimed(sheet, d);
            case Decision.TurnReleased d ->
                sheet.own(Level.DEBUG, "<" + d.model() + "> waits no more: " + d.reopened() + " take requests again");
            case Decision.LingerArmed _ -> {}
            case Decision.LoadQueued d -> sheet.own(Level.DEBUG, "<" + d.model() + "> is loaded behind " + d.behind());
            case Decision.LoadDropped _ -> {}
            case Decision.OrphanAdopted d ->
                sheet.own(
                        Level.INFO,
                        "<" + d.run().model() + "> adopted process " + d.pid() + " of the server run before");
            case Decision.OrphanReaped d ->
                sheet.own(
                        Level.WARN,
                        "<" + d.run().model() + "> ended process " + d.pid() + " of the server run before: "
                                + d.detail());
            case Decision.DeadlineMissed d ->
                sheet.own(
                        Level.WARN,
                        "<" + d.run().model() + "> stayed " + d.state().wire() + " past its deadline");
            case Decision.TransitionRefused d ->
                sheet.own(
                        Level.ERROR,
                        "refused " + d.fact() + " in state " + d.state().wire()
                                + d.run().map(r -> " for " + r).orElse(""));
            case Decision.SnapshotTaken d -> sheet.own(Level.DEBUG, "snapshot taken, state hash " + d.stateHash());
        }
    }
}
