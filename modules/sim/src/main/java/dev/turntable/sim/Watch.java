package dev.turntable.sim;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.Policy;
import dev.turntable.event.ProcessState;
import dev.turntable.event.Reason;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import dev.turntable.fsm.Core;
import dev.turntable.fsm.Invariants;
import dev.turntable.fsm.OpenRequest;
import dev.turntable.fsm.Phase;
import dev.turntable.fsm.Run;
import dev.turntable.fsm.Waiter;
import dev.turntable.fsm.Yard;
import dev.turntable.journal.Journal;
import dev.turntable.sim.machine.Fate;
import dev.turntable.sim.machine.Machine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks at every commit and, now and then, at the whole world, and says which law is broken (docs/simulation.md). */
final class Watch {
    /** Timers, orders and reports take no longer than this in any world. */
    private static final Duration SLACK = Duration.ofSeconds(2);

    private static final Duration CANCEL_GRACE = Duration.ofSeconds(5);

    private final World world;
    private final List<RequestId> answers = new ArrayList<>();
    private final Map<RunId, Long> idleSince = new HashMap<>();
    private final List<Opening> openings = new ArrayList<>();
    private final Duration bound;
    private Yard yard = Yard.empty();
    private Optional<Yard> last = Optional.empty();
    private Instant time = Instant.EPOCH;
    private long timeNanos;
    private long head;

    /** What a server run made of the record when it began: the state after commit {@code head}. */
    record Opening(long head, Yard folded) {}

    Watch(World world) {
        this.world = world;
        this.bound = bound(world.plan());
    }

    /**
     * What no wait is longer than: the wait that claims a turn, and then, for every model that may have claimed one before and for the own
     * one, the time in which what runs finishes its work, leaves, and the next one starts. A reload or a crash of what was to stay may
     * begin that anew.
     */
    static Duration bound(Plan plan) {
        Duration turn = Duration.ZERO;
        int models = 0;
        for (Policy policy : plan.policies()) {
            for (Policy.Model model : policy.models()) {
                Duration own = Planner.LONGEST_WORK
                        .plus(model.grace())
                        .plus(Fate.LONGEST_RELEASE)
                        .plus(model.startBudget())
                        .plus(CANCEL_GRACE)
                        .plus(Fate.LONGEST_RELEASE);
                turn = own.compareTo(turn) > 0 ? own : turn;
            }
            models = Math.max(models, policy.models().size());
        }
        return World.longestMaxWait(plan)
                .plus(turn.multipliedBy(models + plan.policies().size()));
    }

    // Commits

    /** A server run has opened the journal and folded it; whether that is the fold of the whole record, {@link Audit} finds out. */
    void opened(Journal journal, Yard folded) {
        head = journal.head();
        time = journal.headTime();
        yard = folded;
        openings.add(new Opening(head, folded));
        answers.clear();
        idleSince.clear();
    }

    /** A server run has ended in order. */
    void closed(Yard state) {
        last = Optional.of(state);
    }

    /** One for each server run. */
    List<Opening> openings() {
        return openings;
    }

    Optional<Yard> last() {
        return last;
    }

    long head() {
        return head;
    }

    boolean hasAnswers() {
        return !answers.isEmpty();
    }

    List<RequestId> takeAnswers() {
        List<RequestId> taken = List.copyOf(answers);
        answers.clear();
        return taken;
    }

    void committed(Commit commit) {
        if (world.isTold()) {
            world.tell("#" + commit.seq() + " " + Told.of(commit.fact()));
            commit.decisions().forEach(d -> world.tell("      " + Told.of(d)));
        }
        if (commit.seq() != head + 1 || commit.time().isBefore(time)) {
            world.broken(
                    Breach.Law.CHAIN,
                    "commit " + commit.seq() + " at " + commit.time() + " follows " + head + " at " + time);
        }
        Yard before = yard;
        head = commit.seq();
        time = commit.time();
        timeNanos = world.agenda().now();
        yard = Core.apply(before, commit);
        List<String> violations = Invariants.check(before, commit, yard);
        if (!violations.isEmpty()) {
            world.broken(Breach.Law.CORE, String.join("; ", violations) + "; on " + Told.of(commit.fact()));
        }
        fact(before, commit.fact());
        commit.decisions().forEach(decision -> decision(before, decision, commit.fact()));
    }

    private void fact(Yard before, Fact fact) {
        switch (fact) {
            case Fact.RequestFinished f ->
                before.request(f.request()).ifPresent(request -> {
                    if (request.place() instanceof OpenRequest.Place.Leased leased) {
                        idleSince.put(leased.run(), world.agenda().now());
                    }
                    answers.add(f.request());
                });
            case Fact.RequestAbandoned f -> answers.add(f.request());
            case Fact.RequestArrived f ->
                before.request(f.request())
                        .ifPresentOrElse(_ -> world.broken(Breach.Law.OUTCOME, f.request() + " arrives twice"), () -> {
                            if (yard.request(f.request())
                                    .filter(r -> r.place() instanceof OpenRequest.Place.Passing)
                                    .isPresent()) {
                                answers.add(f.request());
                            }
                        });
            case Fact.ProcessReady f -> idleSince.put(f.run(), world.agenda().now());
            case Fact.ServerStopping _ -> nobodyWaits();
            case Fact.ServerForced _ -> {
                nobodyWaits();
                yard.runs().stream()
                        .filter(run -> run.stop().filter(s -> s.killed()).isEmpty())
                        .forEach(run ->
                                world.broken(Breach.Law.PROGRESS, run.id() + " is not killed by the second signal"));
            }
            default -> {
                // nothing of it is remembered here
            }
        }
    }

    /** From the first signal on only those wait who are being served. */
    private void nobodyWaits() {
        if (!yard.queue().isEmpty() || !yard.swaps().isEmpty()) {
            world.broken(Breach.Law.PROGRESS, "the server ends, and still somebody waits for a model");
        }
        yard.runs().stream()
                .filter(run -> run.leases() == 0 && run.stop().isEmpty())
                .forEach(run ->
                        world.broken(Breach.Law.PROGRESS, run.id() + " is idle when the server ends, and stays"));
    }

    private void decision(Yard before, Decision decision, Fact fact) {
        switch (decision) {
            case Decision.RequestAdmitted d -> answers.add(d.request());
            case Decision.RequestShed d -> answers.add(d.request());
            case Decision.StartOrdered d -> started(d);
            case Decision.StopOrdered d -> {
                if (d.reason() == Reason.TTL) {
                    expired(before, d.run());
                }
            }
            case Decision.OrphanAdopted d -> idleSince.remove(d.run());
            case Decision.TransitionRefused d
            when d.run().isPresent() -> world.broken(Breach.Law.TABLE, Told.of(d) + ", on " + Told.of(fact));
            default -> {
                // of no concern outside the core
            }
        }
    }

    /** Whoever excludes it must be gone from the machine by now, not only from the record. */
    private void started(Decision.StartOrdered start) {
        for (Machine.Process other : world.machine().living()) {
            if (Exclusion.between(
                    yard.policy(), start.run().model(), other.run().model())) {
                world.broken(
                        Breach.Law.EXCLUSION,
                        start.run() + " is to start while " + other.run()
                                + " still lives, and they exclude each other");
            }
        }
    }

    /** An order is about to be carried out. */
    void obeyed(Decision order) {
        switch (order) {
            case Decision.StartOrdered start -> {
                for (Machine.Process other : world.machine().living()) {
                    if (other.run().model().equals(start.run().model())) {
                        world.broken(
                                Breach.Law.ONE_PROCESS, start.run() + " is launched while " + other.run() + " lives");
                    }
                }
            }
            case Decision.StopOrdered stop -> world.machine().find(stop.run()).ifPresent(p -> cutOff(p, stop.reason()));
            default -> {
                // may come at any time
            }
        }
    }

    private void cutOff(Machine.Process process, Reason reason) {
        boolean patient = reason == Reason.EVICTED || reason == Reason.TTL || reason == Reason.RELOADED;
        if (patient && !process.serving().isEmpty()) {
            world.broken(
                    Breach.Law.PATIENCE,
                    process.run() + " is stopped (" + reason + ") while it answers "
                            + process.serving().size());
        }
    }

    private void expired(Yard before, RunId id) {
        Long since = idleSince.get(id);
        Optional<Run> run = before.run(id);
        if (since == null || run.isEmpty()) {
            return;
        }
        Duration idle = Duration.ofNanos(world.agenda().now() - since);
        if (idle.compareTo(run.get().settings().ttl()) < 0) {
            world.broken(
                    Breach.Law.TTL,
                    id + " is unloaded after " + idle + ", its time to live is "
                            + run.get().settings().ttl());
        }
    }

    // The world

    void waited(Crowd.Call call, Duration time) {
        if (time.compareTo(bound) > 0) {
            world.broken(
                    Breach.Law.WAIT, call.id() + " for " + call.model() + " waited " + time + ", more than " + bound);
        }
    }

    /** Looks at everything, after an event has been dealt with. */
    void inspect(Yard state) {
        if (!state.equals(yard)) {
            world.broken(Breach.Law.AGAIN, "what the Conductor believes is not what the record says");
        }
        Instant now = time.plusNanos(world.agenda().now() - timeNanos);
        for (Crowd.Call call : world.crowd().open()) {
            if (call.isWaiting()) {
                waited(call, Duration.ofNanos(world.agenda().now() - call.arrived()));
            }
        }
        state.nextWake()
                .filter(at -> at.plus(SLACK).isBefore(now))
                .ifPresent(at -> world.broken(
                        Breach.Law.PROGRESS,
                        "a timer was due at " + at + ", now it is " + now + ": " + state.due(now)));
        state.runs().forEach(run -> run(state, run, now));
        if (state.phase() == Phase.SERVING) {
            state.queue().forEach(waiter -> queued(state, waiter, now));
        }
        for (Machine.Process process : world.machine().living()) {
            if (state.run(process.run()).isEmpty()) {
                world.broken(Breach.Law.KNOWN, process.run() + " lives, and the core knows nothing of it");
            }
        }
    }

    private void run(Yard state, Run run, Instant now) {
        if (run.gate().orphan()) {
            world.broken(Breach.Law.PROGRESS, "nobody has looked whether " + run.id() + " is still there");
        }
        run.stop().ifPresent(stop -> {
            Instant latest = stop.ordered()
                    .plus(run.settings().grace())
                    .plus(Fate.LONGEST_STOP)
                    .plus(Fate.LONGEST_RELEASE.multipliedBy(2))
                    .plus(SLACK);
            if (latest.isBefore(now)) {
                world.broken(
                        Breach.Law.PROGRESS, run.id() + " was to stop at " + stop.ordered() + ", now it is " + now);
            }
        });
        Long since = idleSince.get(run.id());
        Duration ttl = run.settings().ttl();
        boolean idle = run.state() == ProcessState.READY
                && !run.isLeaving()
                && run.leases() == 0
                && state.berth(run.model()).flatMap(b -> b.swap()).isEmpty();
        if (idle && ttl.isPositive() && since != null) {
            Duration time = Duration.ofNanos(world.agenda().now() - since);
            if (time.compareTo(ttl.plus(SLACK)) > 0) {
                world.broken(Breach.Law.TTL, run.id() + " is idle for " + time + ", its time to live is " + ttl);
            }
        }
    }

    private void queued(Yard state, Waiter waiter, Instant now) {
        Instant latest = waiter.since().plus(state.policy().maxWait()).plus(SLACK);
        boolean claimed = state.berth(waiter.model()).filter(b -> b.claim() > 0).isPresent();
        if (waiter.request().isPresent() && !claimed && latest.isBefore(now)) {
            world.broken(
                    Breach.Law.WAIT, waiter.request().get() + " waits since " + waiter.since() + " and claims no turn");
        }
    }
}
