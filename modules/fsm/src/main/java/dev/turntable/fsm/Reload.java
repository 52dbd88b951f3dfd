package dev.turntable.fsm;

import dev.turntable.event.Actor;
import dev.turntable.event.Decision;
import dev.turntable.event.Policy;
import dev.turntable.event.ProcessState;
import dev.turntable.event.Reason;
import dev.turntable.event.ShedReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What follows from a new configuration: only what is removed or stale leaves, after its requests; the rest keeps serving. */
final class Reload {
    private Reload() {}

    static void configured(Desk desk) {
        desk.before
                .activeProfile()
                .filter(_ -> desk.yard.activeProfile.isEmpty())
                .ifPresent(profile -> desk.emit(new Decision.ProfileEnded(profile)));
        for (int i = 0; i < desk.yard.roster.size(); i++) {
            if (desk.berth(i).failures() > 0) {
                desk.emit(new Decision.BackoffCleared(desk.id(i), Actor.CONFIG));
            }
        }
        Processes.Ending removed = new Processes.Ending(
                Reason.RELOADED,
                ShedReason.RELOADED,
                desk.router() + ": model removed from the configuration",
                Optional.empty());
        for (Waiter waiter : desk.yard.queue().clone()) {
            if (!isConfigured(desk, desk.yard.indexOf(waiter.model()))) {
                Operators.drop(desk, waiter, removed);
            }
        }
        boolean rerouted = !sameRoutes(desk.before.policy(), desk.policy());
        for (int i : desk.yard.live().clone()) {
            if (desk.berth(i).swap().isPresent()) {
                swap(desk, i, removed, rerouted);
            }
            desk.berth(i).run().ifPresent(run -> run(desk, run));
        }
        Scheduler.examine(desk);
    }

    private static boolean isConfigured(Desk desk, int i) {
        return i >= 0 && desk.yard.roster.settings(i).isPresent();
    }

    private static boolean sameRoutes(Policy before, Policy after) {
        return before.router().equals(after.router()) && before.profiles().equals(after.profiles());
    }

    /** A swap goes on when it is still right; otherwise its requests wait again, and a model that is gone refuses them. */
    private static void swap(Desk desk, int target, Processes.Ending removed, boolean rerouted) {
        Swap swap = desk.berth(target).swap().orElseThrow();
        boolean stale = desk.berth(target).run().filter(r -> r.gate().stale()).isPresent();
        if (!isConfigured(desk, target)) {
            Swaps.cancel(desk, target, Reason.RELOADED, ShedReason.RELOADED, removed.detail());
        } else if (stale || rerouted && swap.startOrdered().isEmpty()) {
            boolean lost = swap.joined().isEmpty();
            Swaps.requeue(desk, target, Reason.RELOADED);
            if (lost && desk.yard.wish(swap.model()).isEmpty()) {
                desk.emit(new Decision.LoadQueued(swap.model(), Actor.CONFIG, java.util.List.of()));
            }
        }
    }

    private static void run(Desk desk, Run run) {
        if (run.isLeaving() || run.gate().orphan()) {
            return;
        }
        if (run.gate().stale()) {
            if (run.state() == ProcessState.STARTING) {
                Swaps.stop(desk, run, Reason.RELOADED, run.settings().grace());
            } else if (run.leases() == 0) {
                Swaps.stop(desk, run, Reason.RELOADED, run.settings().grace());
            }
            return;
        }
        retune(desk, run);
    }

    /** A new time to live holds at once, counted from the same moment. */
    private static void retune(Desk desk, Run run) {
        Duration ttl = run.settings().ttl();
        boolean counts = run.state() == ProcessState.READY
                && run.leases() == 0
                && desk.berth(desk.yard.indexOf(run.model())).swap().isEmpty();
        Optional<Instant> due =
                counts && ttl.isPositive() ? Optional.of(run.use().idleSince().plus(ttl)) : Optional.empty();
        if (!due.equals(run.ttlDue())) {
            desk.emit(
                    due.isPresent() ? new Decision.TtlArmed(run.id(), due.get()) : new Decision.TtlCancelled(run.id()));
        }
    }
}
