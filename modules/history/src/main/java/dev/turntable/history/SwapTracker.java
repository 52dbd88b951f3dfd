package dev.turntable.history;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ProcessState;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import dev.turntable.event.SwapId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Folds commits into swap timelines and keeps the newest. Guarded by its user. */
final class SwapTracker {
    /** Swaps that can be under way or lack their first byte at once; more than that only with hundreds of models starting side by side. */
    private static final int LOOKED_AT = 256;

    private final int limit;
    private final LinkedHashMap<SwapId, Swap> swaps = new LinkedHashMap<>();

    /** Open requests that joined a swap; looked at for every request that ends. As many as wait, at most. */
    private final Map<RequestId, SwapId> waiting = new HashMap<>();

    SwapTracker(int limit) {
        this.limit = limit;
    }

    Optional<Swap> get(SwapId id) {
        return Optional.ofNullable(swaps.get(id));
    }

    /** Oldest first. */
    List<Swap> all() {
        return List.copyOf(swaps.values());
    }

    void restore(List<Swap> saved) {
        for (Swap swap : saved) {
            swaps.put(swap.id(), swap);
            if (swap.step("first_byte").isEmpty()) {
                swap.waiters().forEach(waiter -> waiting.put(waiter.request(), swap.id()));
            }
        }
    }

    void add(Commit commit, OpenRequests requests) {
        fact(commit, requests);
        commit.decisions().forEach(decision -> decision(commit, decision, requests));
    }

    private void fact(Commit commit, OpenRequests requests) {
        switch (commit.fact()) {
            case Fact.ServerStarted _ -> interrupt(commit.time());
            case Fact.ProcessSpawned f -> ofTarget(f.run(), "spawned", commit.time());
            case Fact.SpawnFailed f -> ofTarget(f.run(), "spawn_failed", commit.time());
            case Fact.ProcessReady f -> ofTarget(f.run(), "ready", commit.time());
            case Fact.RequestFinished f -> firstByte(f, requests);
            default -> {}
        }
    }

    private void decision(Commit commit, Decision decision, OpenRequests requests) {
        Instant at = commit.time();
        switch (decision) {
            case Decision.SwapStarted d -> begin(commit, d);
            case Decision.RequestJoined d -> join(d, requests, at);
            case Decision.StopOrdered d -> ofEvicted(d.run(), "stop_ordered", at);
            case Decision.KillOrdered d -> ofEvicted(d.run(), "kill_ordered", at);
            case Decision.StartOrdered d -> ofTarget(d.run(), "start_ordered", at);
            case Decision.StateChanged d -> {
                if (d.to() == ProcessState.STOPPED) {
                    ofEvicted(d.run(), "stopped", at);
                }
            }
            case Decision.SwapFinished d ->
                end(
                        d.swap(),
                        at,
                        "ready",
                        Optional.empty(),
                        Optional.of(new Swap.Phases(d.drain(), d.stop(), d.start())));
            case Decision.SwapFailed d -> end(d.swap(), at, "failed", Optional.of(d.detail()), Optional.empty());
            case Decision.SwapCancelled d ->
                end(d.swap(), at, "cancelled", Optional.of(d.reason().wire()), Optional.empty());
            default -> {}
        }
    }

    private void begin(Commit commit, Decision.SwapStarted d) {
        Swap.Step begun = new Swap.Step("begun", commit.time(), Optional.empty());
        swaps.put(
                d.swap(),
                new Swap(
                        d.swap(),
                        d.run(),
                        d.reason(),
                        d.router(),
                        d.set(),
                        d.evict(),
                        commit.time(),
                        List.of(begun),
                        List.of(),
                        0,
                        "running",
                        Optional.empty(),
                        Optional.empty(),
                        commit.seq()));
        while (swaps.size() > limit) {
            swaps.pollFirstEntry();
        }
    }

    private void join(Decision.RequestJoined joined, OpenRequests requests, Instant at) {
        waiting.put(joined.request(), joined.swap());
        Swap.Waiter waiter = requests.get(joined.request())
                .map(open -> new Swap.Waiter(joined.request(), open.at(), open.queued(), open.behind()))
                .orElse(new Swap.Waiter(joined.request(), at, Optional.empty(), List.of()));
        swaps.computeIfPresent(joined.swap(), (_, swap) -> swap.with(waiter));
    }

    private void ofTarget(RunId run, String step, Instant at) {
        change(
                swap -> swap.run().equals(run) && swap.outcome().equals("running"),
                swap -> swap.with(new Swap.Step(step, at, Optional.empty())));
    }

    private void ofEvicted(RunId run, String step, Instant at) {
        change(
                swap -> swap.outcome().equals("running") && swap.evicted().contains(run),
                swap -> swap.with(new Swap.Step(step, at, Optional.of(run))));
    }

    private void end(SwapId id, Instant at, String how, Optional<String> why, Optional<Swap.Phases> phases) {
        swaps.computeIfPresent(id, (_, swap) -> swap.with(new Swap.Step("ended", at, Optional.empty()))
                .ended(how, why, phases));
    }

    private void interrupt(Instant at) {
        waiting.clear();
        change(swap -> swap.outcome().equals("running"), swap -> swap.with(new Swap.Step("ended", at, Optional.empty()))
                .ended("interrupted", Optional.of("the server ended"), Optional.empty()));
    }

    /** The first byte of the first of its waiters whose end is on record. */
    private void firstByte(Fact.RequestFinished end, OpenRequests requests) {
        SwapId joined = waiting.remove(end.request());
        if (joined == null || end.firstByte().isEmpty()) {
            return;
        }
        requests.get(end.request())
                .map(open -> open.at().plus(end.firstByte().get()))
                .ifPresent(at -> swaps.computeIfPresent(
                        joined,
                        (_, swap) -> swap.step("first_byte").isPresent()
                                ? swap
                                : swap.with(new Swap.Step("first_byte", at, Optional.empty()))));
    }

    /** Looks from the newest back, since what happens concerns the newest; a swap that is long over is not looked at. */
    private void change(Predicate<Swap> wanted, UnaryOperator<Swap> how) {
        List<Swap> changed = new ArrayList<>();
        int looked = 0;
        for (Map.Entry<SwapId, Swap> entry : swaps.reversed().entrySet()) {
            if (wanted.test(entry.getValue())) {
                changed.add(how.apply(entry.getValue()));
            }
            if (++looked >= LOOKED_AT) {
                break;
            }
        }
        changed.forEach(swap -> swaps.put(swap.id(), swap));
    }
}
