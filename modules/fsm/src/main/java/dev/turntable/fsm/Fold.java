package dev.turntable.fsm;

import dev.turntable.event.Fact;
import dev.turntable.event.Policy;
import dev.turntable.event.ProcessState;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a fact alone changes in the yard, before anything is decided. Together with {@link FoldDecisions} it is the fold: the only code
 * that writes to a {@link Draft}, whether a commit is being decided or read back.
 */
final class Fold {
    private Fold() {}

    static void fact(Draft yard, Fact fact, Instant now) {
        switch (fact) {
            case Fact.RequestArrived f -> arrived(yard, f, now);
            case Fact.RequestFinished f -> finished(yard, f.request(), now);
            case Fact.RequestAbandoned f -> abandoned(yard, f.request());
            case Fact.ServerStarted _ -> restart(yard);
            case Fact.ServerStopping _ -> yard.phase = Phase.DRAINING;
            case Fact.ServerDrained _, Fact.ServerForced _ -> yard.phase = Phase.STOPPING;
            case Fact.ServerStopped _ -> yard.phase = Phase.STOPPED;
            case Fact.ConfigApplied f -> configured(yard, f);
            case Fact.ClockStepped f -> shift(yard, f.by());
            case Fact.ProcessSpawned f -> spawned(yard, f);
            case Fact.ProcessReady f -> probed(yard, f);
            case Fact.TimerFired f -> fired(yard, f.timer());
            case Fact.UnloadAsked f -> {
                if (f.models().isEmpty()) {
                    doomAll(yard);
                }
            }
            case Fact.ProfileActivated f -> yard.activeProfile = f.profile();
            case Fact.HoldPlaced f -> yard.hold = Optional.of(new Hold(f.by(), f.note(), now));
            case Fact.HoldLifted _ -> yard.hold = Optional.empty();
            case Fact.DiskLow _ -> yard.diskLow = true;
            case Fact.DiskRecovered _ -> yard.diskLow = false;
            case Fact.ServerListening _,
                    Fact.ConfigRejected _,
                    Fact.SnapshotDue _,
                    Fact.RequestRetried _,
                    Fact.HttpServed _,
                    Fact.SpawnFailed _,
                    Fact.ProbeTimedOut _,
                    Fact.ProcessExited _,
                    Fact.StopFailed _,
                    Fact.Stragglers _,
                    Fact.PortMoved _,
                    Fact.StrangerAnswered _,
                    Fact.OrphanFound _,
                    Fact.ProcessLost _,
                    Fact.LoadAsked _ -> {
                // what follows from these is decided, and folded as decisions
            }
        }
    }

    private static void arrived(Draft yard, Fact.RequestArrived f, Instant now) {
        if (yard.request(f.request()).isPresent()) {
            return;
        }
        yard.counters = yard.counters.request(f.request().number());
        int i = f.route() == Route.LOCAL || f.route() == Route.PRELOAD ? yard.indexOf(f.model()) : -1;
        int priority =
                i < 0 ? 0 : yard.roster.settings(i).map(Policy.Model::priority).orElse(0);
        yard.put(new OpenRequest(f.request(), f.model(), f.route(), f.profile(), now, priority, OpenRequest.PASSING));
    }

    private static void finished(Draft yard, RequestId id, Instant now) {
        yard.request(id).ifPresent(request -> {
            leave(yard, request, now);
            yard.remove(id);
        });
    }

    private static void abandoned(Draft yard, RequestId id) {
        yard.request(id).ifPresent(request -> {
            switch (request.place()) {
                case OpenRequest.Place.Queued _, OpenRequest.Place.Joined _ -> {
                    FoldDecisions.stopWaiting(yard, request);
                    yard.put(request.at(OpenRequest.GONE));
                }
                case OpenRequest.Place.Leased _,
                        OpenRequest.Place.Passing _,
                        OpenRequest.Place.Shed _,
                        OpenRequest.Place.Gone _ -> {
                    // a lease ends with the request; the others have nothing to give up
                }
            }
        });
    }

    private static void leave(Draft yard, OpenRequest request, Instant now) {
        switch (request.place()) {
            case OpenRequest.Place.Queued _, OpenRequest.Place.Joined _ -> FoldDecisions.stopWaiting(yard, request);
            case OpenRequest.Place.Leased leased -> {
                int i = yard.indexOf(request.model());
                Berth berth = yard.berth(i);
                yard.put(
                        i,
                        yard.isAt(i, leased.run())
                                ? berth.leased(berth.run().orElseThrow().returned(now), -1)
                                : berth.reserved(-1));
            }
            case OpenRequest.Place.Passing _, OpenRequest.Place.Shed _, OpenRequest.Place.Gone _ -> {
                // it held nothing
            }
        }
    }

    /** A new server run knows nothing of the old one's requests, and not yet whether its processes are still there. */
    private static void restart(Draft yard) {
        yard.phase = Phase.SERVING;
        yard.changeRequests(r -> r.at(OpenRequest.GONE));
        yard.clearQueue();
        for (int i = 0; i < yard.roster.size(); i++) {
            yard.change(i, Berth::forgotten);
        }
    }

    private static void configured(Draft yard, Fact.ConfigApplied applied) {
        yard.reroute(applied.policy());
        yard.activeProfile = yard.activeProfile.filter(applied.profiles()::contains);
        for (int i : yard.live()) {
            Optional<Policy.Model> settings = yard.roster.settings(i);
            yard.berth(i).run().ifPresent(run -> {
                boolean same = settings.isPresent()
                        && settings.get().fingerprint().equals(run.settings().fingerprint());
                yard.changeRun(
                        run.id(),
                        r -> same
                                ? r.retuned(settings.get()).withGate(r.gate().withStale(false))
                                : r.withGate(r.gate().withStale(true)));
            });
        }
    }

    /** Deadlines are moments of the wall clock; when it is set forward they move along. It is never followed back (see EngineClock). */
    private static void shift(Draft yard, Duration by) {
        if (!by.isPositive()) {
            return;
        }
        for (int i = 0; i < yard.roster.size(); i++) {
            yard.change(i, b -> b.shifted(by));
        }
        yard.changeRequests(r -> r.shifted(by));
        yard.changeQueue(
                w -> new Waiter(w.model(), w.priority(), w.since().plus(by), w.request(), w.by(), w.profile()));
    }

    private static void spawned(Draft yard, Fact.ProcessSpawned f) {
        yard.changeRun(
                f.run(),
                run -> run.state() == ProcessState.STARTING && run.child().isEmpty()
                        ? run.spawned(new Child(f.pid(), f.startTicks(), f.group(), f.port(), f.commandHash()))
                        : run);
    }

    private static void probed(Draft yard, Fact.ProcessReady f) {
        Duration load = Timings.micros(f.load());
        yard.changeRun(f.run(), run -> run.state() == ProcessState.STARTING ? run.loadedIn(load) : run);
    }

    private static void fired(Draft yard, Timer timer) {
        switch (timer) {
            case Timer.Ttl t -> yard.changeRun(t.run(), run -> run.withTtl(Optional.empty()));
            case Timer.Linger t -> yard.changeRun(t.run(), run -> run.withLinger(Optional.empty()));
            case Timer.StartDeadline _, Timer.KillDeadline _, Timer.WaitBound _ -> {
                // the decision that follows moves these
            }
        }
    }

    private static void doomAll(Draft yard) {
        for (int i : yard.live()) {
            yard.berth(i).run().ifPresent(run -> {
                if (run.state() == ProcessState.READY && !run.isLeaving()) {
                    yard.changeRun(run.id(), r -> r.withGate(r.gate().withDoomed()));
                }
            });
        }
    }
}
