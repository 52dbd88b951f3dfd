package dev.turntable.fsm;

import dev.turntable.event.Actor;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.ProcessState;
import dev.turntable.event.Reason;
import dev.turntable.event.ShedReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What follows when somebody who is no request wants a model loaded, unloaded, or the machine kept free. */
final class Operators {
    private Operators() {}

    static void load(Desk desk, Fact.LoadAsked fact) {
        int target = desk.yard.indexOf(fact.model());
        if (target < 0 || desk.yard.roster.settings(target).isEmpty()) {
            desk.refuse(Optional.empty(), ProcessState.STOPPED, fact.type());
            return;
        }
        if (desk.berth(target).failures() > 0) {
            desk.emit(new Decision.BackoffCleared(fact.model(), fact.by()));
        }
        if (desk.yard.wish(fact.model()).isPresent()) {
            return;
        }
        if (desk.isClosed()) {
            desk.emit(new Decision.LoadQueued(fact.model(), fact.by(), List.of()));
            return;
        }
        switch (Scheduler.place(desk, target, Optional.empty())) {
            case Placement.Serve _, Placement.Join _ -> {
                // it is there, or on its way
            }
            case Placement.Wait wait -> desk.emit(new Decision.LoadQueued(fact.model(), fact.by(), wait.behind()));
            case Placement.Begin begin -> Swaps.begin(desk, wish(fact.model(), fact.by(), desk), target, begin.plan());
        }
    }

    private static Waiter wish(ModelId model, Actor by, Desk desk) {
        return new Waiter(model, 0, desk.now, Optional.empty(), by, Optional.empty());
    }

    /** llama-swap §5.6, but for a swap that still waits for evictions: it is cancelled (docs/from-llama-swap.md). */
    static void unload(Desk desk, Fact.UnloadAsked fact) {
        boolean all = fact.models().isEmpty();
        List<Integer> targets = new ArrayList<>();
        if (all) {
            for (int i = 0; i < desk.yard.roster.size(); i++) {
                targets.add(i);
            }
        } else {
            fact.models().stream()
                    .distinct()
                    .map(desk.yard::indexOf)
                    .filter(i -> i >= 0)
                    .forEach(targets::add);
        }
        Processes.Ending ending = new Processes.Ending(
                Reason.UNLOADED, ShedReason.UNLOADED, desk.router() + ": model unloaded", Optional.empty());
        for (Waiter waiter : desk.yard.queue().clone()) {
            if (targets.contains(desk.yard.indexOf(waiter.model()))) {
                drop(desk, waiter, ending);
            }
        }
        for (int target : targets) {
            cancelBeforeStart(desk, target, ending);
            Optional<Run> run = desk.berth(target).run();
            boolean later =
                    all && run.filter(r -> r.state() == ProcessState.READY).isPresent();
            if (run.isPresent() && !later) {
                Processes.end(desk, run.get(), ProcessSignal.UNLOAD, ending);
            }
        }
        nextBucket(desk);
        Scheduler.examine(desk);
    }

    /** Refuses a waiting request, or forgets a wish. */
    static void drop(Desk desk, Waiter waiter, Processes.Ending ending) {
        if (waiter.request().isPresent()) {
            desk.shed(waiter.request().get(), ending.shed(), ending.detail(), Optional.empty());
        } else {
            desk.emit(new Decision.LoadDropped(waiter.model(), ending.reason()));
        }
    }

    /** A swap whose target has not been started, or runs already and waits for others to leave. */
    static void cancelBeforeStart(Desk desk, int target, Processes.Ending ending) {
        Optional<Swap> swap = desk.berth(target).swap();
        if (swap.isPresent() && swap.get().startOrdered().isEmpty()) {
            Swaps.cancel(desk, target, ending.reason(), ending.shed(), ending.detail());
        }
    }

    /** Unload of all goes by {@code unloadTimeout}, smallest first, one length after another; equal ones stop together. */
    static void nextBucket(Desk desk) {
        List<Run> waiting = new ArrayList<>();
        for (int i : desk.yard.live()) {
            Optional<Run> run = desk.berth(i).run().filter(r -> r.gate().doomed());
            if (run.isPresent() && run.get().isLeaving()) {
                return; // the bucket before is not done
            }
            run.ifPresent(waiting::add);
        }
        Optional<Duration> shortest =
                waiting.stream().map(r -> r.settings().grace()).min(Duration::compareTo);
        waiting.stream()
                .filter(r -> r.settings().grace().equals(shortest.orElseThrow()))
                .forEach(r -> Swaps.stop(desk, r, Reason.UNLOADED, r.settings().grace()));
    }

    static void hold(Desk desk) {
        String told = Requests.heldBy(desk.yard.hold.orElseThrow());
        Processes.Ending ending = new Processes.Ending(Reason.OPERATOR, ShedReason.HELD, told, Optional.empty());
        for (Waiter waiter : desk.yard.queue().clone()) {
            if (waiter.request().isPresent()) {
                drop(desk, waiter, ending);
            }
        }
        for (int i : desk.yard.live().clone()) {
            cancelBeforeStart(desk, i, ending);
            desk.berth(i).run().ifPresent(run -> Processes.end(desk, run, ProcessSignal.HOLD, ending));
        }
    }
}
