package dev.turntable.api;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.ModelId;
import dev.turntable.event.ProcessState;
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
 * <p>Owns one lock; holds it for a map operation. Bounded by the number of live processes.
 */
final class RunWatch {
    private final Map<RunId, ProcessState> alive = new HashMap<>();
    private long seen;

    /** Starts from the processes that are alive after commit {@code seq}. */
    RunWatch(List<Core.Running> running, long seq) {
        running.forEach(r -> alive.put(r.run(), r.state()));
        seen = seq;
    }

    /** Takes in one commit; called in order by a follower of the journal. */
    synchronized void on(Commit commit) {
        for (Decision decision : commit.decisions()) {
            if (decision instanceof Decision.StateChanged changed) {
                if (gone(changed.to())) {
                    alive.remove(changed.run());
                } else {
                    alive.put(changed.run(), changed.to());
                }
            }
        }
        seen = commit.seq();
        notifyAll();
    }

    /** How many processes are in the state. */
    synchronized int count(ProcessState state) {
        return (int) alive.values().stream().filter(state::equals).count();
    }

    static boolean gone(ProcessState state) {
        return switch (state) {
            case STOPPED, SHUTDOWN -> true;
            case STARTING, READY, STOPPING -> false;
        };
    }

    /** Returns true when every run of these models that was alive at commit {@code seq} is gone, false when the time is over. */
    boolean awaitGone(Predicate<ModelId> which, long seq, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        Set<RunId> targets;
        synchronized (this) {
            if (!awaitSeen(seq, deadline)) {
                return false;
            }
            targets = alive.keySet().stream().filter(r -> which.test(r.model())).collect(Collectors.toSet());
            while (targets.stream().anyMatch(alive::containsKey)) {
                if (!pause(deadline)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The state in which the model's start ended: ready, or gone. Empty when the time is over first. */
    Optional<ProcessState> awaitStarted(ModelId model, long seq, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        synchronized (this) {
            if (!awaitSeen(seq, deadline)) {
                return Optional.empty();
            }
            while (true) {
                Optional<ProcessState> state = alive.entrySet().stream()
                        .filter(e -> e.getKey().model().equals(model))
                        .map(Map.Entry::getValue)
                        .findFirst();
                if (state.isEmpty() || state.get() == ProcessState.READY) {
                    return Optional.of(state.orElse(ProcessState.STOPPED));
                }
                if (!pause(deadline)) {
                    return Optional.empty();
                }
            }
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
