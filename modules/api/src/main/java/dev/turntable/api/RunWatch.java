package dev.turntable.api;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.ProcessState;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.RunId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Follows the journal and knows which runs are alive, for answers that must wait until one is gone or ready.
 *
 * <p>Owns one lock; holds it for a map operation. Bounded by the number of live processes, of models and of requests under way.
 */
final class RunWatch {
    /** How long the ends of the requests of a run that is gone are waited for; they come within a second. */
    private static final Duration ENDS = Duration.ofSeconds(5);

    private final Map<RunId, Alive> alive = new HashMap<>();
    private final Map<ModelId, Settled> settled = new HashMap<>();
    private final Map<RequestId, Open> open = new HashMap<>();
    private long seen;

    /** The state of a run, and the commit in which it began. */
    private record Alive(ProcessState state, long since) {}

    /** A request for a model of ours that has not ended, and the commit in which it arrived. */
    private record Open(ModelId model, long since) {}

    /** How the last move of a model's process came to rest, and when. */
    private record Settled(long seq, ProcessState state, Optional<String> why) {}

    /** How a load ended; {@code why} it is not ready, where that is known. */
    record Started(ProcessState state, Optional<String> why) {}

    /** Starts from the processes that are alive after commit {@code seq}. */
    RunWatch(List<Core.Running> running, long seq) {
        running.forEach(r -> alive.put(r.run(), new Alive(r.state(), seq)));
        seen = seq;
    }

    /** Takes in one commit; called in order by a follower of the journal. */
    synchronized void on(Commit commit) {
        switch (commit.fact()) {
            case Fact.RequestArrived f
            when f.route() == Route.LOCAL || f.route() == Route.PRELOAD ->
                open.put(f.request(), new Open(f.model(), commit.seq()));
            case Fact.RequestFinished f -> open.remove(f.request());
            default -> {
                // neither begins nor ends a request
            }
        }
        for (Decision decision : commit.decisions()) {
            switch (decision) {
                case Decision.StateChanged changed -> changed(commit.seq(), changed);
                case Decision.SwapFailed failed ->
                    settled(failed.run().model(), commit.seq(), ProcessState.STOPPED, failure(failed, commit.fact()));
                case Decision.SwapCancelled cancelled ->
                    settled(
                            cancelled.run().model(),
                            commit.seq(),
                            ProcessState.STOPPED,
                            "its load was called off (" + cancelled.reason().wire() + ")");
                case Decision.LoadDropped dropped ->
                    settled(
                            dropped.model(),
                            commit.seq(),
                            state(dropped.model()),
                            "its load was called off (" + dropped.reason().wire() + ")");
                default -> {
                    // Nothing else moves a process.
                }
            }
        }
        seen = commit.seq();
        notifyAll();
    }

    private void changed(long seq, Decision.StateChanged changed) {
        if (gone(changed.to())) {
            alive.remove(changed.run());
        } else {
            long since =
                    alive.containsKey(changed.run()) ? alive.get(changed.run()).since() : seq;
            alive.put(changed.run(), new Alive(changed.to(), since));
        }
        if (changed.to() == ProcessState.READY || gone(changed.to())) {
            settled(changed.run().model(), seq, changed.to(), "");
        }
    }

    /** The end of a process comes behind the reason for it, which is kept. */
    private void settled(ModelId model, long seq, ProcessState state, String why) {
        settled.merge(
                model,
                new Settled(seq, state, why.isEmpty() ? Optional.empty() : Optional.of(why)),
                (before, now) -> now.state() == before.state() && now.why().isEmpty()
                        ? new Settled(seq, state, before.why())
                        : now);
    }

    private static String failure(Decision.SwapFailed failed, Fact fact) {
        List<String> printed = fact instanceof Fact.ProcessExited exited ? exited.lastLines() : List.of();
        return failed.detail() + (printed.isEmpty() ? "" : "; it printed last:\n" + String.join("\n", printed));
    }

    private ProcessState state(ModelId model) {
        return alive.entrySet().stream()
                .filter(e -> e.getKey().model().equals(model))
                .map(e -> e.getValue().state())
                .findFirst()
                .orElse(ProcessState.STOPPED);
    }

    /** How many processes are in the state. */
    synchronized int count(ProcessState state) {
        return (int) alive.values().stream().filter(a -> a.state() == state).count();
    }

    static boolean gone(ProcessState state) {
        return switch (state) {
            case STOPPED, SHUTDOWN -> true;
            case STARTING, READY, STOPPING -> false;
        };
    }

    /**
     * Returns true when every run of these models that was alive at commit {@code seq} is gone, and every request of theirs that had arrived
     * then has its end on record; false when the time is over. An end that does not come is waited for only for a moment.
     */
    boolean awaitGone(Predicate<ModelId> which, long seq, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        Set<RunId> targets;
        synchronized (this) {
            if (!awaitSeen(seq, deadline)) {
                return false;
            }
            // The follower may be further than the commit: a run that began later is nobody's target.
            targets = alive.entrySet().stream()
                    .filter(e ->
                            e.getValue().since() <= seq && which.test(e.getKey().model()))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
            while (targets.stream().anyMatch(alive::containsKey)) {
                if (!pause(deadline)) {
                    return false;
                }
            }
            Set<RequestId> ending = open.entrySet().stream()
                    .filter(e -> e.getValue().since() <= seq
                            && which.test(e.getValue().model()))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
            long patience = System.nanoTime() + ENDS.toNanos();
            while (ending.stream().anyMatch(open::containsKey) && pause(patience)) {
                // each commit wakes us
            }
        }
        return true;
    }

    /**
     * How the load that commit {@code seq} asked for ended: {@code READY}, or {@code STOPPED} when it failed or was given up. Empty when the
     * time is over first.
     */
    Optional<Started> awaitStarted(ModelId model, long seq, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        synchronized (this) {
            if (!awaitSeen(seq, deadline)) {
                return Optional.empty();
            }
            while (state(model) != ProcessState.READY) {
                Settled last = settled.get(model);
                if (last != null && last.seq() >= seq) {
                    return Optional.of(new Started(last.state(), last.why()));
                }
                if (!pause(deadline)) {
                    return Optional.empty();
                }
            }
            return Optional.of(new Started(ProcessState.READY, Optional.empty()));
        }
    }

    /** Returns true when commit {@code seq} was taken in, false when the time is over. */
    synchronized boolean awaitSeen(long seq, Duration atMost) throws InterruptedException {
        return awaitSeen(seq, System.nanoTime() + atMost.toNanos());
    }

    private boolean awaitSeen(long seq, long deadline) throws InterruptedException {
        while (seen < seq) {
            if (!pause(deadline)) {
                return false;
            }
        }
        return true;
    }

    private boolean pause(long deadline) throws InterruptedException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            return false;
        }
        wait(left);
        return true;
    }
}
