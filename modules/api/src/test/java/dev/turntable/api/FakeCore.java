package dev.turntable.api;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.ProcessState;
import dev.turntable.event.Reason;
import dev.turntable.event.RunId;
import dev.turntable.journal.Journal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A core without opinions: it puts facts on a real journal and moves states when a test says so. What the true core decides is proven
 * elsewhere; here it matters that the control plane tells it the right thing and reads the record right.
 */
final class FakeCore implements Core {
    private final Journal journal;
    private final Map<ModelId, Core.Running> running = new LinkedHashMap<>();
    private final List<Fact> told = new ArrayList<>();
    private Optional<String> profile = Optional.empty();
    private Optional<String> hold = Optional.empty();
    private boolean stopsAtOnce = true;
    private boolean startsAtOnce = true;
    private long runs;

    FakeCore(Journal journal) {
        this.journal = journal;
    }

    /** From now on an unload leaves its processes stopping until {@link #move} ends them. */
    synchronized void stopSlowly() {
        stopsAtOnce = false;
    }

    /** From now on a load is only recorded; {@link #move} begins it. */
    synchronized void startLater() {
        startsAtOnce = false;
    }

    @Override
    public synchronized List<Core.Running> running() {
        return List.copyOf(running.values());
    }

    @Override
    public synchronized Optional<String> activeProfile() {
        return profile;
    }

    @Override
    public synchronized Optional<String> hold() {
        return hold;
    }

    /** What it was told by the control plane, in order. */
    synchronized List<Fact> told() {
        return List.copyOf(told);
    }

    @Override
    public synchronized Commit submit(Fact fact) {
        told.add(fact);
        List<Decision> decisions = new ArrayList<>();
        switch (fact) {
            case Fact.UnloadAsked asked ->
                List.copyOf(running.values()).stream()
                        .filter(r -> asked.models().isEmpty()
                                || asked.models().contains(r.run().model()))
                        .forEach(r -> {
                            decisions.add(change(r.run().model(), ProcessState.STOPPING));
                            if (stopsAtOnce) {
                                decisions.add(change(r.run().model(), ProcessState.STOPPED));
                            }
                        });
            case Fact.LoadAsked asked when startsAtOnce -> decisions.add(change(asked.model(), ProcessState.STARTING));
            case Fact.ProfileActivated activated -> profile = activated.profile();
            case Fact.HoldPlaced placed -> hold = Optional.of(placed.note());
            case Fact.HoldLifted lifted -> hold = Optional.empty();
            default -> {
                // Only recorded.
            }
        }
        return append(fact, decisions);
    }

    /** Moves a model's process as if something outside had happened. */
    synchronized Commit move(String model, ProcessState to) {
        return append(new Fact.ClockStepped(java.time.Duration.ZERO), List.of(change(new ModelId(model), to)));
    }

    /** Puts a fact with decisions on the record. */
    synchronized Commit append(Fact fact, List<Decision> decisions) {
        return journal.append(
                Instant.now().truncatedTo(java.time.temporal.ChronoUnit.MICROS), System.nanoTime(), fact, decisions);
    }

    private Decision change(ModelId model, ProcessState to) {
        Core.Running before = running.get(model);
        RunId run = before == null ? new RunId(model, ++runs) : before.run();
        ProcessState from = before == null ? ProcessState.STOPPED : before.state();
        if (RunWatch.gone(to)) {
            running.remove(model);
        } else {
            running.put(model, new Core.Running(run, to));
        }
        return new Decision.StateChanged(run, from, to, Reason.REQUESTED);
    }
}
