package dev.turntable.fsm;

import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.Policy;
import dev.turntable.event.Reason;
import dev.turntable.event.ShedReason;
import java.time.Duration;
import java.util.Optional;

/** What follows when the server itself begins or ends. */
final class Lifecycle {
    private Lifecycle() {}

    /** What an earlier server run left behind: its swaps are over; its processes wait to be looked at. */
    static void started(Desk desk) {
        for (Swap swap : desk.before.swaps()) {
            desk.emit(new Decision.SwapCancelled(swap.id(), swap.run(), Reason.REAPED));
        }
    }

    /** An orphan is kept when it is healthy, was wanted when we last knew, and its settings are those of today. */
    static boolean isWelcome(Desk desk, Fact.OrphanFound fact) {
        Optional<Run> run = desk.yard.run(fact.run());
        int model = desk.yard.indexOf(fact.run().model());
        if (!fact.adoptable() || run.isEmpty() || run.get().isLeaving() || desk.isClosed()) {
            return false;
        }
        Optional<Policy.Model> settings = desk.yard.roster.settings(model);
        return settings.isPresent()
                && settings.get().fingerprint().equals(run.get().settings().fingerprint());
    }

    /** Whoever waits is told at once, starts are broken off, what is idle goes; what is being served may end (docs/decisions/0070). */
    static void stopping(Desk desk, Duration grace) {
        end(desk, ProcessSignal.CLOSING, grace);
    }

    /** The time of those being served is over, too. */
    static void drained(Desk desk, Duration grace) {
        end(desk, ProcessSignal.SHUTDOWN, grace);
    }

    private static void end(Desk desk, ProcessSignal signal, Duration grace) {
        Processes.Ending ending = new Processes.Ending(
                Reason.SHUTDOWN, ShedReason.SHUTTING_DOWN, desk.router() + " is shutting down", Optional.of(grace));
        for (Waiter waiter : desk.yard.queue().clone()) {
            Operators.drop(desk, waiter, ending);
        }
        for (int i : desk.yard.live().clone()) {
            if (desk.berth(i).swap().isPresent()) {
                Swaps.cancel(desk, i, ending.reason(), ending.shed(), ending.detail());
            }
            desk.berth(i).run().ifPresent(run -> Processes.end(desk, run, signal, ending));
        }
    }

    /** Nobody is patient any more. */
    static void forced(Desk desk) {
        end(desk, ProcessSignal.FORCED, Duration.ZERO);
    }
}
