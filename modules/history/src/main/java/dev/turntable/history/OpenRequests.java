package dev.turntable.history;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests between their arrival and their end, for the read models that must join the two. Belongs to the follower's thread. */
final class OpenRequests {
    /** More than the server admits at once; only a journal with holes reaches it, and then the oldest are forgotten. */
    static final int LIMIT = 65_536;

    private final LinkedHashMap<RequestId, Open> open = new LinkedHashMap<>();
    private final Map<RequestId, ModelId> left = new HashMap<>(); // of the server run before

    /** A request on its way. */
    record Open(
            Fact.RequestArrived arrival,
            Instant at,
            Optional<Instant> queued,
            List<ModelId> behind,
            Optional<RunId> run,
            Optional<Instant> admitted,
            int priority) {
        Open {
            behind = List.copyOf(behind);
        }
    }

    Optional<Open> get(RequestId request) {
        return Optional.ofNullable(open.get(request));
    }

    /** The model that a request asked for which has not ended, or only ended with its server run. */
    Optional<ModelId> model(RequestId request) {
        return get(request).map(o -> o.arrival().model()).or(() -> Optional.ofNullable(left.get(request)));
    }

    List<Open> all() {
        return List.copyOf(open.values());
    }

    void restore(List<Open> saved) {
        saved.forEach(o -> open.put(o.arrival().request(), o));
    }

    /** Takes in the fact before the other models look at the commit. */
    void before(Commit commit) {
        switch (commit.fact()) {
            case Fact.ServerStarted
                    _ -> { // whatever was open ended with the server run before; its end is about to be told
                left.clear();
                open.forEach((request, o) -> left.put(request, o.arrival().model()));
                open.clear();
            }
            case Fact.RequestArrived arrival -> {
                if (open.size() >= LIMIT) {
                    open.pollFirstEntry();
                }
                open.put(
                        arrival.request(),
                        new Open(
                                arrival,
                                commit.time(),
                                Optional.empty(),
                                List.of(),
                                Optional.empty(),
                                Optional.empty(),
                                0));
            }
            default -> {}
        }
        for (Decision decision : commit.decisions()) {
            switch (decision) {
                case Decision.RequestQueued d ->
                    open.computeIfPresent(
                            d.request(),
                            (_, o) -> new Open(
                                    o.arrival(),
                                    o.at(),
                                    Optional.of(o.queued().orElse(commit.time())),
                                    d.behind(),
                                    o.run(),
                                    o.admitted(),
                                    o.priority()));
                case Decision.RequestAdmitted d ->
                    open.computeIfPresent(
                            d.request(),
                            (_, o) -> new Open(
                                    o.arrival(),
                                    o.at(),
                                    o.queued(),
                                    o.behind(),
                                    Optional.of(d.run()),
                                    Optional.of(commit.time()),
                                    d.priority()));
                default -> {}
            }
        }
    }

    /** Forgets a request that ended, after the other models have looked at the commit. */
    void after(Commit commit) {
        if (commit.fact() instanceof Fact.RequestFinished end) {
            open.remove(end.request());
        }
    }
}
