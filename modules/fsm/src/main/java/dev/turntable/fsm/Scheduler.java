package dev.turntable.fsm;

import dev.turntable.event.Actor;
import dev.turntable.event.Decision;
import dev.turntable.event.ModelId;
import dev.turntable.event.Policy;
import dev.turntable.event.Reason;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import dev.turntable.event.ShedReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Who is served, who joins, who waits, who makes others leave: the rules of llama-swap §5.3 in their order, and the queue that is gone
 * through again whenever something ended.
 */
final class Scheduler {
    private Scheduler() {}

    /** The rules, for one model. */
    static Placement place(Desk desk, int target, Optional<String> profile) {
        Berth berth = desk.berth(target);
        if (berth.swap().isPresent()) {
            return new Placement.Join(berth.swap().get());
        }
        Optional<Run> own = berth.run();
        boolean serving = own.isPresent() && own.get().isServing();
        if (own.isPresent() && !serving && !own.get().isLeaving()) {
            return new Placement.Wait(List.of(berth.model())); // closed: what it serves must end first
        }
        Evictions.Plan plan = desk.plan(target, profile);
        if (serving && plan.isEmpty()) {
            return new Placement.Serve(own.get());
        }
        List<ModelId> behind = new ArrayList<>();
        collisions(desk, target, own.map(Run::id), plan, behind);
        busy(desk, plan, behind);
        claims(desk, target, behind);
        return behind.isEmpty() ? new Placement.Begin(plan) : new Placement.Wait(behind);
    }

    /** Rule 3: our plan ends a swap's target, a swap waits for our process to be gone, or both wait for the same one. */
    private static void collisions(
            Desk desk, int target, Optional<RunId> own, Evictions.Plan plan, List<ModelId> behind) {
        for (int other : desk.yard.live()) {
            Optional<Swap> swap = desk.berth(other).swap();
            if (swap.isEmpty() || other == target) {
                continue;
            }
            List<RunId> awaiting = swap.get().awaiting();
            if (plan.evicts(other)
                    || own.isPresent() && awaiting.contains(own.get())
                    || awaiting.stream().anyMatch(r -> plan.evicts(desk.yard.indexOf(r.model())))) {
                behind.add(desk.id(other));
            }
        }
    }

    /** Rule 4: who serves is not ended, nor who lingers, nor one that nobody has looked for since our last start. */
    private static void busy(Desk desk, Evictions.Plan plan, List<ModelId> behind) {
        for (int other : plan.leave()) {
            Optional<Run> run = desk.berth(other).run();
            if (run.isPresent() && isBusy(desk, run.get()) && !behind.contains(desk.id(other))) {
                behind.add(desk.id(other));
            }
        }
    }

    private static boolean isBusy(Desk desk, Run run) {
        return run.leases() > 0 && !run.isLeaving() || run.gate().orphan() || Turns.lingers(run, desk.now);
    }

    /** Whoever waited too long goes first: nothing may begin that it would have to end again. */
    private static void claims(Desk desk, int target, List<ModelId> behind) {
        if (desk.yard.claims() == 0) {
            return;
        }
        long own = desk.berth(target).claim();
        for (int other : Turns.claimants(desk)) {
            boolean older = own == 0 || desk.berth(other).claim() < own;
            if (other != target && older && Turns.wouldEnd(desk, other, target) && !behind.contains(desk.id(other))) {
                behind.add(desk.id(other));
            }
        }
    }

    /** Goes through the queue from the front; a blocked entry keeps its place and blocks nobody behind it. */
    static void examine(Desk desk) {
        if (desk.isClosed()) {
            return;
        }
        do {
            BitSet blocked = new BitSet();
            for (int claimant : Turns.claimants(desk)) {
                for (Waiter waiter : desk.yard.queue().clone()) {
                    if (desk.yard.indexOf(waiter.model()) == claimant) {
                        serve(desk, waiter, blocked);
                    }
                }
            }
            for (Waiter waiter : desk.yard.queue().clone()) {
                if (isWaiting(desk, waiter)) {
                    serve(desk, waiter, blocked);
                }
            }
            Turns.press(desk);
        } while (Turns.release(desk));
    }

    private static boolean isWaiting(Desk desk, Waiter waiter) {
        return waiter.request()
                .map(r -> desk.yard.request(r).orElseThrow().place() instanceof OpenRequest.Place.Queued)
                .orElseGet(() -> desk.yard.wish(waiter.model()).isPresent());
    }

    private static void serve(Desk desk, Waiter waiter, BitSet blocked) {
        int target = desk.yard.indexOf(waiter.model());
        if (isBackedOff(desk, target)) {
            giveUp(desk, waiter);
            return;
        }
        if (isUnwelcome(desk, waiter)) {
            waiter.request().ifPresent(request -> shedPreload(desk, request));
            return;
        }
        boolean plain = waiter.profile().isEmpty();
        if (plain && blocked.get(target)) {
            return;
        }
        switch (place(desk, target, waiter.profile())) {
            case Placement.Wait _ -> blocked.set(target, plain || blocked.get(target));
            case Placement.Serve serve -> grant(desk, waiter, serve.run());
            case Placement.Join join -> join(desk, waiter, join.swap());
            case Placement.Begin begin -> Swaps.begin(desk, waiter, target, begin.plan());
        }
    }

    /** A preload is nobody's wish: no model that runs is ended for it. */
    static boolean isUnwelcome(Desk desk, Waiter waiter) {
        int target = desk.yard.indexOf(waiter.model());
        return waiter.by().equals(Actor.PRELOAD)
                && desk.berth(target).swap().isEmpty()
                && endsSomebody(desk, desk.plan(target, waiter.profile()));
    }

    private static boolean endsSomebody(Desk desk, Evictions.Plan plan) {
        for (int other : plan.leave()) {
            if (desk.berth(other).run().filter(run -> !run.isLeaving()).isPresent()) {
                return true;
            }
        }
        return false;
    }

    static void shedPreload(Desk desk, RequestId request) {
        desk.emit(new Decision.RequestShed(
                request, ShedReason.WOULD_EVICT, "it would end a model that runs", Optional.empty()));
    }

    private static void grant(Desk desk, Waiter waiter, Run run) {
        if (waiter.request().isPresent()) {
            admit(desk, desk.yard.request(waiter.request().get()).orElseThrow(), run.id());
        } else {
            desk.emit(new Decision.LoadDropped(waiter.model(), Reason.PROBE_ANSWERED));
        }
    }

    private static void join(Desk desk, Waiter waiter, Swap swap) {
        if (waiter.request().isPresent()) {
            desk.emit(new Decision.RequestJoined(waiter.request().get(), swap.id()));
        } else {
            desk.emit(new Decision.LoadDropped(waiter.model(), Reason.REQUESTED));
        }
    }

    private static void giveUp(Desk desk, Waiter waiter) {
        if (waiter.request().isPresent()) {
            shedBackedOff(desk, desk.yard.request(waiter.request().get()).orElseThrow());
        } else {
            desk.emit(new Decision.LoadDropped(waiter.model(), Reason.START_TIMED_OUT));
        }
    }

    /** A lease, in the same commit as whatever made it possible. */
    static void admit(Desk desk, OpenRequest request, RunId run) {
        if (desk.yard.run(run).flatMap(Run::ttlDue).isPresent()) {
            desk.emit(new Decision.TtlCancelled(run));
        }
        desk.emit(new Decision.RequestAdmitted(request.id(), run, request.priority()));
    }

    /** Puts a request in the queue, or back into it. */
    static void enqueue(Desk desk, OpenRequest request, List<ModelId> behind) {
        int position = desk.yard.placeOf(FoldDecisions.waiter(request)) + 1;
        desk.emit(new Decision.RequestQueued(request.id(), request.model(), position, behind));
    }

    static boolean isBackedOff(Desk desk, int target) {
        Optional<Instant> until = desk.berth(target).backoff();
        return until.isPresent() && desk.now.isBefore(until.get());
    }

    /** The last failure's own error, at once (docs/from-llama-swap.md). */
    static void shedBackedOff(Desk desk, OpenRequest request) {
        Berth berth = desk.berth(desk.yard.indexOf(request.model()));
        Duration left = Duration.between(desk.now, berth.backoff().orElseThrow());
        desk.shed(request.id(), ShedReason.BACKED_OFF, berth.lastFailure().orElse(""), Optional.of(left));
    }

    /** The pause after the given number of failures in a row; empty while they are still forgiven. */
    static Optional<Duration> pause(Policy.Backoff backoff, int failures) {
        if (failures < backoff.after()) {
            return Optional.empty();
        }
        Duration pause = backoff.first();
        for (int n = backoff.after(); n < failures && pause.compareTo(backoff.max()) < 0; n++) {
            pause = pause.multipliedBy(2);
        }
        return Optional.of(pause.compareTo(backoff.max()) < 0 ? pause : backoff.max());
    }
}
