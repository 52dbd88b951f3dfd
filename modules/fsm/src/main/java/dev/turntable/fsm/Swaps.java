package dev.turntable.fsm;

import dev.turntable.event.Decision;
import dev.turntable.event.ProcessState;
import dev.turntable.event.Reason;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import dev.turntable.event.ShedReason;
import dev.turntable.event.SwapId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The life of a swap: it begins, the evicted leave, the target starts, everybody who joined is served; or it fails, or is cancelled. */
final class Swaps {
    private Swaps() {}

    /** Begins a swap for the first one who needs it; {@code waiter} may stand in the queue or just have arrived. */
    static void begin(Desk desk, Waiter waiter, int target, Evictions.Plan plan) {
        Optional<Run> own = desk.berth(target).run().filter(r -> !r.isLeaving());
        SwapId id = new SwapId(desk.yard.counters.swaps() + 1);
        RunId run = own.map(Run::id).orElseGet(() -> new RunId(waiter.model(), desk.yard.counters.runs() + 1));
        List<Run> evicted = new ArrayList<>();
        for (int other : plan.leave()) {
            desk.berth(other).run().ifPresent(evicted::add);
        }
        desk.emit(new Decision.SwapStarted(
                id,
                run,
                evicted.stream().map(Run::id).toList(),
                reason(waiter),
                desk.router(),
                plan.set(),
                plan.dsl(),
                plan.cost(),
                desk.names(plan.keep()),
                desk.yard.queue().length));
        if (own.flatMap(Run::ttlDue).isPresent()) {
            desk.emit(new Decision.TtlCancelled(run)); // it is about to serve: being idle meanwhile is not its fault
        }
        waiter.request().ifPresent(r -> desk.emit(new Decision.RequestJoined(r, id)));
        evicted.stream()
                .filter(r -> !r.isLeaving())
                .forEach(r -> stop(desk, r, Reason.EVICTED, r.settings().grace()));
        advance(desk, target);
    }

    private static Reason reason(Waiter waiter) {
        if (waiter.by().equals(dev.turntable.event.Actor.PRELOAD)) {
            return Reason.PRELOADED;
        }
        return waiter.request().isPresent() ? Reason.REQUESTED : Reason.OPERATOR;
    }

    /** Orders a process to leave. One that is still starting shows as starting until it is gone (llama-swap §4.1). */
    static void stop(Desk desk, Run run, Reason reason, Duration grace) {
        desk.emit(new Decision.StopOrdered(run.id(), reason, grace));
        if (run.state() == ProcessState.READY) {
            desk.emit(new Decision.StateChanged(run.id(), ProcessState.READY, ProcessState.STOPPING, reason));
        }
    }

    /** Takes the swap's next step, when whoever had to leave is gone. */
    static void advance(Desk desk, int target) {
        Optional<Swap> swap = desk.berth(target).swap();
        if (swap.isEmpty()
                || !swap.get().awaiting().isEmpty()
                || swap.get().startOrdered().isPresent()) {
            return;
        }
        if (desk.yard.isAt(target, swap.get().run())) {
            finish(desk, target);
            return;
        }
        RunId run = swap.get().run();
        var settings = desk.yard.roster.settings(target).orElseThrow();
        OptionalInt port = settings.port();
        Instant deadline = desk.now.plus(settings.startBudget());
        desk.emit(new Decision.StartOrdered(run, port, deadline, swap.get().reason()));
        desk.emit(new Decision.StateChanged(
                run, ProcessState.STOPPED, ProcessState.STARTING, swap.get().reason()));
    }

    /** Every swap that waited for a process that is gone now. */
    static void advanceAll(Desk desk) {
        for (int i : desk.yard.live().clone()) {
            advance(desk, i);
        }
    }

    /** The target is ready: everybody who joined is served in this very commit, so nobody ever sees it idle in between. */
    static void finish(Desk desk, int target) {
        Swap swap = desk.berth(target).swap().orElseThrow();
        Instant cleared = swap.cleared().orElse(swap.started());
        desk.emit(new Decision.SwapFinished(
                swap.id(),
                swap.run(),
                Duration.between(swap.asked(), swap.started()),
                Duration.between(swap.started(), cleared),
                swap.startOrdered().map(t -> Duration.between(t, desk.now)).orElse(Duration.ZERO)));
        for (RequestId request : swap.joined()) {
            Scheduler.admit(desk, desk.yard.request(request).orElseThrow(), swap.run());
        }
        desk.yard.run(swap.run()).ifPresent(run -> armTtl(desk, run));
    }

    /** From now on its idle time counts, if it is idle at all. */
    static void armTtl(Desk desk, Run run) {
        Duration ttl = run.settings().ttl();
        if (ttl.isPositive() && run.leases() == 0 && run.state() == ProcessState.READY && !run.isLeaving()) {
            desk.emit(new Decision.TtlArmed(run.id(), run.use().idleSince().plus(ttl)));
        }
    }

    /** The start failed: everybody who joined gets the error, and from the third time in a row on the model is left alone for a while. */
    static void fail(Desk desk, int target, Reason reason, String detail) {
        Swap swap = desk.berth(target).swap().orElseThrow();
        desk.emit(new Decision.SwapFailed(swap.id(), swap.run(), reason, detail));
        int failures = desk.berth(target).failures();
        Optional<Duration> pause = Scheduler.pause(desk.policy().backoff(), failures);
        pause.ifPresent(p -> desk.emit(new Decision.BackoffArmed(swap.model(), failures, desk.now.plus(p), detail)));
        for (RequestId request : swap.joined()) {
            desk.shed(request, ShedReason.START_FAILED, detail, pause);
        }
    }

    /** The swap ends without its target; everybody who joined is refused. */
    static void cancel(Desk desk, int target, Reason reason, ShedReason shed, String detail) {
        Swap swap = desk.berth(target).swap().orElseThrow();
        desk.emit(new Decision.SwapCancelled(swap.id(), swap.run(), reason));
        for (RequestId request : swap.joined()) {
            desk.shed(request, shed, detail, Optional.empty());
        }
    }

    /** The swap ends without its target; everybody who joined goes back to the queue, to the place its arrival gives it. */
    static void requeue(Desk desk, int target, Reason reason) {
        Swap swap = desk.berth(target).swap().orElseThrow();
        desk.emit(new Decision.SwapCancelled(swap.id(), swap.run(), reason));
        for (RequestId request : swap.joined()) {
            Scheduler.enqueue(desk, desk.yard.request(request).orElseThrow(), List.of());
        }
    }
}
