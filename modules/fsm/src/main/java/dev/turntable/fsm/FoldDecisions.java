package dev.turntable.fsm;

import dev.turntable.event.Decision;
import dev.turntable.event.ModelId;
import dev.turntable.event.Policy;
import dev.turntable.event.ProcessState;
import dev.turntable.event.Reason;
import dev.turntable.event.RunId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What each decision changes in the yard: the other half of the fold. */
final class FoldDecisions {
    private FoldDecisions() {}

    static void decision(Draft yard, Decision decision, Instant now) {
        switch (decision) {
            case Decision.RequestQueued d -> yard.request(d.request()).ifPresent(r -> queue(yard, r));
            case Decision.RequestJoined d -> yard.request(d.request()).ifPresent(r -> join(yard, r, d));
            case Decision.RequestAdmitted d -> yard.request(d.request()).ifPresent(r -> admit(yard, r, d.run()));
            case Decision.RequestShed d ->
                yard.request(d.request()).ifPresent(r -> {
                    stopWaiting(yard, r);
                    yard.put(r.at(OpenRequest.SHED));
                });
            case Decision.LoadQueued d ->
                yard.enqueue(new Waiter(
                        d.model(), priority(yard, d.model()), now, Optional.empty(), d.by(), Optional.empty()));
            case Decision.LoadDropped d -> dropWish(yard, d.model());
            case Decision.SwapStarted d -> swapStarted(yard, d, now);
            case Decision.SwapFinished d -> yard.change(at(yard, d.run()), Berth::withoutSwap);
            case Decision.SwapCancelled d -> yard.change(at(yard, d.run()), Berth::withoutSwap);
            case Decision.SwapFailed d ->
                yard.change(at(yard, d.run()), b -> b.withoutSwap().failed(d.detail()));
            case Decision.StartOrdered d -> startOrdered(yard, d, now);
            case Decision.StopOrdered d ->
                yard.changeRun(
                        d.run(), r -> r.withStop(r.state(), new Stop(d.reason(), now, now.plus(d.grace()), false)));
            case Decision.KillOrdered d ->
                yard.changeRun(
                        d.run(),
                        r -> r.withStop(
                                r.state(),
                                new Stop(
                                        r.stop().map(Stop::reason).orElse(d.reason()),
                                        r.stop().map(Stop::ordered).orElse(now),
                                        now.plus(Timings.KILL_AGAIN),
                                        true)));
            case Decision.StateChanged d -> stateChanged(yard, d, now);
            case Decision.TtlArmed d -> yard.changeRun(d.run(), r -> r.withTtl(Optional.of(d.due())));
            case Decision.TtlCancelled d -> yard.changeRun(d.run(), r -> r.withTtl(Optional.empty()));
            case Decision.LingerArmed d -> yard.changeRun(d.run(), r -> r.withLinger(Optional.of(d.until())));
            case Decision.BackoffArmed d ->
                yard.change(yard.indexOf(d.model()), b -> b.backedOff(d.failures(), d.detail(), d.until()));
            case Decision.BackoffCleared d -> yard.change(yard.indexOf(d.model()), Berth::forgiven);
            case Decision.TurnClaimed d -> claim(yard, d);
            case Decision.TurnReleased d ->
                d.reopened()
                        .forEach(id ->
                                yard.changeRun(id, r -> r.withGate(r.gate().released())));
            case Decision.OrphanAdopted d ->
                yard.changeRun(
                        d.run(), r -> r.withGate(r.gate().withOrphan(false)).idleFrom(now));
            case Decision.OrphanReaped d ->
                yard.changeRun(d.run(), r -> r.withGate(r.gate().withOrphan(false)));
            case Decision.DeadlineMissed _,
                    Decision.TransitionRefused _,
                    Decision.SnapshotTaken _,
                    Decision.ProfileEnded _ -> {
                // for the record alone
            }
        }
    }

    /** Takes a waiting request out of the queue or its swap and gives its slot back; a request that does not wait is left alone. */
    static void stopWaiting(Draft yard, OpenRequest request) {
        if (!request.isReserved()) {
            return;
        }
        stepAside(yard, request);
        yard.change(yard.indexOf(request.model()), b -> b.reserved(-1));
    }

    /** Out of the queue or the swap, but it keeps its slot. */
    private static void stepAside(Draft yard, OpenRequest request) {
        switch (request.place()) {
            case OpenRequest.Place.Queued _ -> yard.waiter(request.id()).ifPresent(yard::dequeue);
            case OpenRequest.Place.Joined joined -> {
                int i = yard.indexOf(request.model());
                yard.berth(i)
                        .swap()
                        .filter(s -> s.id().equals(joined.swap()))
                        .ifPresent(s -> yard.change(i, b -> b.with(s.without(request.id()))));
            }
            case OpenRequest.Place.Passing _,
                    OpenRequest.Place.Leased _,
                    OpenRequest.Place.Shed _,
                    OpenRequest.Place.Gone _ -> {
                // it stands nowhere
            }
        }
    }

    private static void queue(Draft yard, OpenRequest request) {
        stepAside(yard, request);
        reserve(yard, request);
        yard.put(request.at(OpenRequest.QUEUED));
        yard.enqueue(waiter(request));
    }

    static Waiter waiter(OpenRequest r) {
        return new Waiter(
                r.model(),
                r.priority(),
                r.arrived(),
                Optional.of(r.id()),
                r.route() == dev.turntable.event.Route.PRELOAD
                        ? dev.turntable.event.Actor.PRELOAD
                        : dev.turntable.event.Actor.REQUEST,
                r.profile());
    }

    private static void join(Draft yard, OpenRequest request, Decision.RequestJoined d) {
        stepAside(yard, request);
        reserve(yard, request);
        yard.put(request.at(new OpenRequest.Place.Joined(d.swap())));
        int i = yard.indexOf(request.model());
        yard.berth(i).swap().ifPresent(s -> yard.change(i, b -> b.with(s.with(request))));
    }

    private static void reserve(Draft yard, OpenRequest request) {
        if (!request.isReserved()) {
            yard.change(yard.indexOf(request.model()), b -> b.reserved(1));
        }
    }

    private static void admit(Draft yard, OpenRequest request, RunId id) {
        stepAside(yard, request);
        yard.put(request.at(new OpenRequest.Place.Leased(id)));
        int i = yard.indexOf(request.model());
        Berth berth = yard.berth(i);
        Run run = berth.run().orElseThrow(() -> new FsmException("a lease on " + id + ", which is not there"));
        int overtakes = yard.queue().length == 0 ? 0 : run.use().overtakes() + 1;
        yard.put(i, berth.leased(run.leased(overtakes), request.isReserved() ? 0 : 1));
    }

    private static void dropWish(Draft yard, ModelId model) {
        yard.wish(model).ifPresent(yard::dequeue);
    }

    private static void swapStarted(Draft yard, Decision.SwapStarted d, Instant now) {
        int i = at(yard, d.run());
        yard.counters = yard.counters.swap(d.swap().number()).run(d.run().number());
        List<RunId> awaiting = new ArrayList<>(d.evict());
        yard.berth(i).run().map(Run::id).filter(own -> !own.equals(d.run())).ifPresent(awaiting::add);
        Swap swap = new Swap(
                d.swap(),
                d.run(),
                awaiting,
                d.reason(),
                now,
                now,
                awaiting.isEmpty() ? Optional.of(now) : Optional.empty(),
                Optional.empty(),
                List.of());
        dropWish(yard, d.run().model());
        yard.change(i, b -> b.with(swap));
    }

    private static void startOrdered(Draft yard, Decision.StartOrdered d, Instant now) {
        int i = at(yard, d.run());
        yard.counters = yard.counters.run(d.run().number());
        Policy.Model settings = yard.roster
                .settings(i)
                .orElseThrow(() -> new FsmException("a start of " + d.run() + ", which is not configured"));
        yard.change(i, b -> {
            Berth started = b.with(Run.ordered(d.run(), settings, d.reason(), now, d.deadline()));
            return started.swap().map(s -> started.with(s.starting(now))).orElse(started);
        });
    }

    private static void stateChanged(Draft yard, Decision.StateChanged d, Instant now) {
        switch (d.to()) {
            case STARTING -> {
                // its start order made it
            }
            case READY -> {
                int i = at(yard, d.run());
                yard.change(i, b -> {
                    Run ready = b.run().orElseThrow().readyFrom(now);
                    return d.reason() == Reason.ADOPTED ? b.with(ready) : b.loaded(ready);
                });
            }
            case STOPPING -> yard.changeRun(d.run(), r -> r.withState(ProcessState.STOPPING));
            case STOPPED, SHUTDOWN -> gone(yard, d.run(), now);
        }
    }

    private static void gone(Draft yard, RunId id, Instant now) {
        yard.change(at(yard, id), Berth::withoutRun);
        for (int i : yard.live()) {
            yard.berth(i)
                    .swap()
                    .filter(s -> s.awaiting().contains(id))
                    .ifPresent(s -> yard.change(i, b -> b.with(s.without(id, now))));
        }
    }

    private static void claim(Draft yard, Decision.TurnClaimed d) {
        int i = yard.indexOf(d.model());
        if (yard.berth(i).claim() == 0) {
            yard.counters = yard.counters.claim(yard.counters.claims() + 1);
            yard.change(i, b -> b.claiming(yard.counters.claims()));
        }
        d.closed().forEach(id -> yard.changeRun(id, r -> r.withGate(r.gate().claimed(d.model()))));
    }

    private static int priority(Draft yard, ModelId model) {
        return yard.roster
                .settings(yard.indexOf(model))
                .map(Policy.Model::priority)
                .orElse(0);
    }

    private static int at(Draft yard, RunId run) {
        return yard.indexOf(run.model());
    }
}
