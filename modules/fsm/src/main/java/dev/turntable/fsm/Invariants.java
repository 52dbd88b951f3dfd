package dev.turntable.fsm;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.ModelId;
import dev.turntable.event.ProcessState;
import dev.turntable.event.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What must hold after every commit, as far as two states and a commit can show it (docs/simulation.md). Used by replay and the simulator on
 * every commit, in production on a sample.
 */
public final class Invariants {
    private Invariants() {}

    /** One sentence for each invariant that does not hold; empty when all is well. */
    public static List<String> check(Yard before, Commit commit, Yard after) {
        List<String> broken = new ArrayList<>();
        leases(after, broken);
        processes(after, broken);
        queue(after, commit.time(), broken);
        stops(before, commit, broken);
        transitions(before, commit, broken);
        exclusion(commit, after, broken);
        swaps(before, commit, after, broken);
        return broken;
    }

    /** 4 and 5: leases are on ready or leaving processes, and every count is the number of requests it counts. */
    private static void leases(Yard yard, List<String> broken) {
        Map<ModelId, Integer> reserved = new HashMap<>();
        Map<Object, Integer> leases = new HashMap<>();
        for (OpenRequest request : yard.requests) {
            if (request.isReserved()) {
                reserved.merge(request.model(), 1, Integer::sum);
            }
            if (request.place() instanceof OpenRequest.Place.Leased leased) {
                leases.merge(leased.run(), 1, Integer::sum);
            }
        }
        for (Berth berth : yard.berths) {
            if (berth.reserved() != reserved.getOrDefault(berth.model(), 0)) {
                broken.add(berth.model() + " counts " + berth.reserved() + " slots, but "
                        + reserved.getOrDefault(berth.model(), 0) + " requests hold one");
            }
            berth.run().ifPresent(run -> {
                int held = leases.getOrDefault(run.id(), 0);
                if (run.leases() != held) {
                    broken.add(run.id() + " counts " + run.leases() + " leases, but " + held + " requests hold one");
                }
                if (run.leases() > 0 && run.state() == ProcessState.STARTING) {
                    broken.add(run.id() + " is starting and has a lease");
                }
            });
        }
    }

    /** 2, 10 and 11: one process a model, one holder a port, a deadline for every state that must pass. */
    private static void processes(Yard yard, List<String> broken) {
        Map<Integer, Run> ports = new HashMap<>();
        for (int i : yard.live) {
            Berth berth = yard.berths[i];
            if (berth.run().isEmpty()) {
                continue;
            }
            Run run = berth.run().get();
            if (!run.model().equals(berth.model())) {
                broken.add(run.id() + " lies in the berth of " + berth.model());
            }
            OptionalInt port = run.settings().port();
            if (port.isPresent()) {
                Run holder = ports.put(port.getAsInt(), run);
                if (holder != null) {
                    broken.add(holder.id() + " and " + run.id() + " hold port " + port.getAsInt());
                }
            }
            if (run.state() == ProcessState.STOPPING && run.stop().isEmpty()) {
                broken.add(run.id() + " is stopping without an order or a deadline");
            }
            boolean awaited = berth.swap().filter(s -> s.run().equals(run.id())).isPresent();
            if (run.state() == ProcessState.STARTING
                    && !run.isLeaving()
                    && !run.gate().orphan()
                    && !awaited) {
                broken.add(run.id() + " is starting for no swap");
            }
        }
    }

    /** 12 and 13: the queue keeps its order, and whoever waited too long has claimed a turn. */
    private static void queue(Yard yard, Instant now, List<String> broken) {
        int entries = 0;
        for (int i = 0; i < yard.queue.length; i++) {
            Waiter waiter = yard.queue[i];
            entries += waiter.request().isPresent() ? 1 : 0;
            if (i > 0 && !yard.queue[i - 1].before(waiter)) {
                broken.add("the queue is out of order at " + (i + 1));
            }
            if (waiter.request().isPresent()
                    && !(yard.request(waiter.request().get())
                                    .map(OpenRequest::place)
                                    .orElse(OpenRequest.GONE)
                            instanceof OpenRequest.Place.Queued)) {
                broken.add(waiter.request().get() + " is in the queue but does not know it");
            }
        }
        int queued = 0;
        for (OpenRequest request : yard.requests) {
            queued += request.place() instanceof OpenRequest.Place.Queued ? 1 : 0;
        }
        if (queued != entries) {
            broken.add(queued + " requests believe to be in the queue, " + entries + " are");
        }
        overdue(yard, now, broken);
    }

    private static void overdue(Yard yard, Instant now, List<String> broken) {
        if (yard.phase == Phase.STOPPED || yard.phase == Phase.STOPPING) {
            return;
        }
        Desk desk = new Desk(yard, now);
        for (int claimant : Turns.claimants(desk)) {
            Waiter first = desk.yard.oldestWaiter(desk.id(claimant)).orElseThrow();
            for (int other : desk.plan(claimant, first.profile()).leave()) {
                desk.berth(other)
                        .run()
                        .filter(run -> run.isServing() && !Turns.isOlder(desk, other, claimant))
                        .ifPresent(run -> broken.add(
                                run.id() + " takes requests although " + first.model() + " has claimed its turn"));
            }
        }
    }

    /** 6 and 7: nobody is stopped while it serves, but for reasons that do not wait. */
    private static void stops(Yard before, Commit commit, List<String> broken) {
        for (Decision decision : commit.decisions()) {
            if (decision instanceof Decision.StopOrdered stop) {
                Optional<Run> run = before.run(stop.run());
                int leases = run.map(Run::leases).orElse(0);
                boolean patient =
                        switch (stop.reason()) {
                            case EVICTED, TTL, RELOADED -> true;
                            default -> false; // an operator, a crash, the end, a deadline do not wait
                        };
                boolean ends = commit.fact() instanceof dev.turntable.event.Fact.RequestFinished;
                if (patient && leases > (ends ? 1 : 0)) {
                    broken.add(stop.run() + " is stopped (" + stop.reason() + ") while it serves " + leases);
                }
                if (stop.reason() == Reason.TTL
                        && run.map(Run::ttlDue).filter(Optional::isPresent).isEmpty()) {
                    broken.add(stop.run() + " is stopped for its TTL, which was not counting");
                }
            }
        }
    }

    /** Only the transitions that docs/state-machine.md shows happen. */
    private static void transitions(Yard before, Commit commit, List<String> broken) {
        Map<Object, ProcessState> states = new HashMap<>();
        for (Decision decision : commit.decisions()) {
            if (decision instanceof Decision.StateChanged change) {
                ProcessState from = states.getOrDefault(
                        change.run(), before.run(change.run()).map(Run::state).orElse(ProcessState.STOPPED));
                if (from != change.from()) {
                    broken.add(change.run() + " leaves " + change.from() + " but was " + from);
                }
                if (!isAllowed(change.from(), change.to())) {
                    broken.add(change.run() + " goes from " + change.from() + " to " + change.to());
                }
                states.put(change.run(), change.to());
            }
        }
    }

    static boolean isAllowed(ProcessState from, ProcessState to) {
        return switch (from) {
            case STOPPED -> to == ProcessState.STARTING;
            case STARTING -> to == ProcessState.READY || to == ProcessState.STOPPED || to == ProcessState.SHUTDOWN;
            case READY -> to == ProcessState.STOPPING || to == ProcessState.STOPPED || to == ProcessState.SHUTDOWN;
            case STOPPING -> to == ProcessState.STOPPED || to == ProcessState.SHUTDOWN;
            case SHUTDOWN -> false;
        };
    }

    /**
     * 3: nobody is started beside one it excludes and that excludes it. (With groups one may exclude the other and not be excluded: those
     * two run together when they came in that order, llama-swap §5.4.)
     */
    private static void exclusion(Commit commit, Yard after, List<String> broken) {
        for (Decision decision : commit.decisions()) {
            if (decision instanceof Decision.StartOrdered start) {
                Draft yard = new Draft(after);
                int model = yard.indexOf(start.run().model());
                for (int other : yard.live()) {
                    yard.berth(other)
                            .run()
                            .filter(r -> !r.isLeaving() && excludeEachOther(yard, model, other))
                            .ifPresent(r -> broken.add(
                                    start.run() + " is started beside " + r.id() + ", but they exclude each other"));
                }
            }
        }
    }

    /** Whoever is there only because a profile puts it beside one of the two says nothing about them, and is left out. */
    private static boolean excludeEachOther(Draft yard, int one, int other) {
        if (one == other || areInAProfile(yard, one, other)) {
            return false;
        }
        int[] running = Arrays.stream(yard.live())
                .filter(i -> i == one || i == other || !areInAProfile(yard, i, one) && !areInAProfile(yard, i, other))
                .toArray();
        Evictions evictions = yard.roster.evictions();
        return evictions.plan(one, false, running, Evictions.NOBODY).evicts(other)
                && evictions.plan(other, false, running, Evictions.NOBODY).evicts(one);
    }

    private static boolean areInAProfile(Draft yard, int one, int other) {
        return yard.roster.policy().profiles().stream()
                .anyMatch(p ->
                        p.members().contains(yard.roster.id(one)) && p.members().contains(yard.roster.id(other)));
    }

    /** 9: a swap that was there is there still, or ended once; one that began is there, or ended once. */
    private static void swaps(Yard before, Commit commit, Yard after, List<String> broken) {
        Set<Object> open = new HashSet<>();
        before.swaps().forEach(s -> open.add(s.id()));
        for (Decision decision : commit.decisions()) {
            switch (decision) {
                case Decision.SwapStarted d -> open.add(d.swap());
                case Decision.SwapFinished d -> end(open, d.swap(), broken);
                case Decision.SwapFailed d -> end(open, d.swap(), broken);
                case Decision.SwapCancelled d -> end(open, d.swap(), broken);
                default -> {
                    // not about swaps
                }
            }
        }
        Set<Object> there = new HashSet<>();
        after.swaps().forEach(s -> there.add(s.id()));
        if (!there.equals(open)) {
            broken.add("swaps under way are " + there + ", by the record " + open);
        }
    }

    private static void end(Set<Object> open, Object swap, List<String> broken) {
        if (!open.remove(swap)) {
            broken.add(swap + " ends, but was not under way");
        }
    }
}
