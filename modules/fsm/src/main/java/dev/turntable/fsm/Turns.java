package dev.turntable.fsm;

import dev.turntable.event.Decision;
import dev.turntable.event.ModelId;
import dev.turntable.event.ProcessState;
import dev.turntable.event.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How long a run may keep its place while others wait for it: overtaking, lingering, and the claim that ends both
 * (docs/decisions/0010-bounded-wait.md).
 */
final class Turns {
    private Turns() {}

    /** It is idle but keeps its place for the moment its clients need to come back. A claimed turn ends that. */
    static boolean lingers(Run run, Instant now) {
        return run.idle().lingerUntil().isPresent()
                && run.gate().isOpen()
                && now.isBefore(run.idle().lingerUntil().get());
    }

    /** A run that just became idle: does it keep its place for a moment? Only while its turn is shorter than half its load. */
    static void rest(Desk desk, int model) {
        Run run = desk.berth(model).run().orElseThrow();
        if (desk.yard.queue().length == 0
                || !run.isServing()
                || run.loaded().ready().isEmpty()) {
            return;
        }
        Duration half = Timings.micros(run.loaded().load().dividedBy(2));
        Duration tenure = half.compareTo(Timings.LINGER_TENURE) < 0 ? half : Timings.LINGER_TENURE;
        Instant end = run.loaded().ready().get().plus(tenure);
        if (!desk.now.isBefore(end) || !isInTheWay(desk, model)) {
            return;
        }
        Instant until = desk.now.plus(Timings.LINGER);
        desk.emit(new Decision.LingerArmed(run.id(), until.isBefore(end) ? until : end));
    }

    private static boolean isInTheWay(Desk desk, int model) {
        for (Waiter waiter : desk.yard.queue()) {
            int other = desk.yard.indexOf(waiter.model());
            if (other != model && desk.plan(other, waiter.profile()).evicts(model)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Asked before a run takes one more request while others wait: has it had a fair turn? It has when many have overtaken, and it has been
     * ready for at least as long as the first in the queue usually takes to load, so that no more time goes into swaps than into work.
     */
    static boolean isOver(Desk desk, int model, Run run) {
        Waiter[] queue = desk.yard.queue();
        if (queue.length == 0
                || run.use().overtakes() < Timings.OVERTAKERS
                || queue[0].request().isEmpty()) {
            return false;
        }
        int first = desk.yard.indexOf(queue[0].model());
        Optional<Duration> price = desk.berth(first).usualLoad();
        return first != model
                && price.isPresent()
                && !desk.now.isBefore(run.loaded().ready().orElse(desk.now).plus(price.get()))
                && desk.plan(first, queue[0].profile()).evicts(model);
    }

    /** The first in the queue ends the run's turn. */
    static void end(Desk desk, Run run) {
        Waiter first = desk.yard.queue()[0];
        desk.emit(new Decision.TurnClaimed(first.model(), first.request().orElseThrow(), List.of(run.id())));
    }

    /** The model's first request has waited as long as any may: who is in its way takes no new ones. */
    static void claim(Desk desk, int model) {
        Waiter first = desk.yard.oldestWaiter(desk.id(model)).orElseThrow();
        desk.emit(new Decision.TurnClaimed(desk.id(model), first.request().orElseThrow(), open(desk, model)));
    }

    /** Closes, for everybody who has claimed a turn, whatever has come into its way since. */
    static void press(Desk desk) {
        for (int claimant : claimants(desk)) {
            List<RunId> open = open(desk, claimant);
            if (!open.isEmpty()) {
                claim(desk, claimant);
            }
        }
    }

    /** Runs in the model's way that still take requests. Whoever claimed a turn of his own before keeps his: he goes first. */
    private static List<RunId> open(Desk desk, int model) {
        List<RunId> open = new ArrayList<>();
        for (int other : plan(desk, model).leave()) {
            desk.berth(other)
                    .run()
                    .filter(r -> !isOlder(desk, other, model)
                            && r.state() == ProcessState.READY
                            && !r.isLeaving()
                            && r.gate().claimedFor().isEmpty())
                    .ifPresent(r -> open.add(r.id()));
        }
        return open;
    }

    /** The one model has claimed a turn, and the other not, or later. */
    static boolean isOlder(Desk desk, int one, int other) {
        long claim = desk.berth(one).claim();
        long own = desk.berth(other).claim();
        return claim > 0 && (own == 0 || claim < own);
    }

    private static Evictions.Plan plan(Desk desk, int claimant) {
        return desk.plan(claimant, profile(desk, claimant));
    }

    private static Optional<String> profile(Desk desk, int claimant) {
        return desk.yard.oldestWaiter(desk.id(claimant)).flatMap(Waiter::profile);
    }

    /** Would the claimant have to end this model, if it ran? */
    static boolean wouldEnd(Desk desk, int claimant, int model) {
        int[] live = desk.yard.live();
        if (Arrays.binarySearch(live, model) < 0) {
            live = Arrays.copyOf(live, live.length + 1);
            live[live.length - 1] = model;
            Arrays.sort(live);
        }
        return desk.plan(claimant, profile(desk, claimant), live).evicts(model);
    }

    /** Models that have claimed a turn, first claim first. */
    static int[] claimants(Desk desk) {
        if (desk.yard.claims() == 0) {
            return Evictions.NOBODY;
        }
        return Arrays.stream(desk.yard.queue())
                .map(w -> desk.yard.indexOf(w.model()))
                .distinct()
                .filter(i -> desk.berth(i).claim() > 0)
                .sorted(Comparator.comparingLong(i -> desk.berth(i).claim()))
                .mapToInt(i -> i)
                .toArray();
    }

    /** Opens what was closed for a turn that is over, or that nobody waits for any more. True when something was opened. */
    static boolean release(Desk desk) {
        Map<ModelId, List<RunId>> reopened = new LinkedHashMap<>();
        for (int i : desk.yard.live()) {
            Optional<Run> run = desk.berth(i).run().filter(r -> !r.isLeaving());
            Optional<ModelId> claimant = run.flatMap(r -> r.gate().claimedFor());
            if (claimant.isPresent() && !isStillClaimed(desk, i, claimant.get())) {
                reopened.computeIfAbsent(claimant.get(), _ -> new ArrayList<>())
                        .add(run.get().id());
            }
        }
        reopened.forEach((model, runs) -> desk.emit(new Decision.TurnReleased(model, runs)));
        return !reopened.isEmpty();
    }

    private static boolean isStillClaimed(Desk desk, int closed, ModelId claimant) {
        int i = desk.yard.indexOf(claimant);
        return i >= 0 && desk.berth(i).claim() > 0 && plan(desk, i).evicts(closed);
    }
}
