package dev.turntable.fsm;

import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.Policy;
import dev.turntable.event.ProcessState;
import dev.turntable.event.Reason;
import dev.turntable.event.ShedReason;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** What follows when a request arrives, ends, or is given up. */
final class Requests {
    private Requests() {}

    static void arrived(Desk desk, Fact.RequestArrived fact) {
        if (desk.before.request(fact.request()).isPresent()) {
            desk.refuse(Optional.empty(), ProcessState.STOPPED, fact.type());
            return;
        }
        switch (fact.route()) {
            case LOCAL, PRELOAD -> asks(desk, fact);
            case NOWHERE ->
                desk.shed(fact.request(), ShedReason.UNKNOWN_MODEL, "no router for requested model", Optional.empty());
            case PEER -> {
                // on the record; the peer decides
            }
        }
    }

    private static void asks(Desk desk, Fact.RequestArrived fact) {
        OpenRequest request = desk.yard.request(fact.request()).orElseThrow();
        Optional<Refusal> refusal = refusal(desk, request);
        if (refusal.isPresent()) {
            Refusal r = refusal.get();
            desk.shed(request.id(), r.reason(), r.detail(), r.retryAfter());
            return;
        }
        int target = desk.yard.indexOf(request.model());
        if (Scheduler.isUnwelcome(desk, FoldDecisions.waiter(request))) {
            Scheduler.shedPreload(desk, request.id());
            return;
        }
        Placement placement = Scheduler.place(desk, target, request.profile());
        if (placement instanceof Placement.Serve serve && Turns.isOver(desk, target, serve.run())) {
            Turns.end(desk, serve.run());
            placement = Scheduler.place(desk, target, request.profile());
        }
        place(desk, request, target, placement);
    }

    private static void place(Desk desk, OpenRequest request, int target, Placement placement) {
        switch (placement) {
            case Placement.Serve serve ->
                Scheduler.admit(desk, request, serve.run().id());
            case Placement.Join join ->
                ifThereIsRoom(
                        desk,
                        request,
                        () -> desk.emit(new Decision.RequestJoined(
                                request.id(), join.swap().id())));
            case Placement.Begin begin -> Swaps.begin(desk, FoldDecisions.waiter(request), target, begin.plan());
            case Placement.Wait wait ->
                ifThereIsRoom(desk, request, () -> Scheduler.enqueue(desk, request, wait.behind()));
        }
    }

    private static void ifThereIsRoom(Desk desk, OpenRequest request, Runnable waits) {
        if (waiting(desk) < desk.policy().queueLimit()) {
            waits.run();
            return;
        }
        desk.shed(
                request.id(), ShedReason.QUEUE_FULL, "too many requests are waiting", Optional.of(Timings.RETRY_BUSY));
    }

    /** Everybody who waits, in the queue or for a swap: an unload of all refuses them in one commit. */
    private static int waiting(Desk desk) {
        int waiting = desk.yard.queue().length;
        for (int i : desk.yard.live()) {
            waiting += desk.berth(i).swap().map(swap -> swap.joined().size()).orElse(0);
        }
        return waiting;
    }

    /** Why a request is refused before anything is looked at that it could wait for. */
    private record Refusal(ShedReason reason, String detail, Optional<Duration> retryAfter) {
        Refusal(ShedReason reason, String detail) {
            this(reason, detail, Optional.empty());
        }
    }

    private static Optional<Refusal> refusal(Desk desk, OpenRequest request) {
        int target = desk.yard.indexOf(request.model());
        Optional<Policy.Model> settings = target < 0 ? Optional.empty() : desk.yard.roster.settings(target);
        if (settings.isEmpty()) {
            return Optional.of(new Refusal(ShedReason.UNKNOWN_MODEL, "no local server found for requested model"));
        }
        Optional<String> outside = request.profile().flatMap(p -> notIn(desk, p, request));
        if (outside.isPresent()) {
            return Optional.of(new Refusal(ShedReason.NOT_IN_PROFILE, outside.get()));
        }
        if (desk.berth(target).reserved() >= settings.get().concurrencyLimit()) {
            return Optional.of(
                    new Refusal(ShedReason.CONCURRENCY_LIMIT, "Too many requests", Optional.of(Timings.RETRY_BUSY)));
        }
        if (desk.yard.phase != Phase.SERVING) {
            return Optional.of(new Refusal(ShedReason.SHUTTING_DOWN, desk.router() + " is shutting down"));
        }
        if (desk.yard.hold.isPresent()) {
            return Optional.of(new Refusal(ShedReason.HELD, heldBy(desk.yard.hold.get())));
        }
        if (Scheduler.isBackedOff(desk, target)) {
            Berth berth = desk.berth(target);
            return Optional.of(new Refusal(
                    ShedReason.BACKED_OFF,
                    berth.lastFailure().orElse(""),
                    Optional.of(Duration.between(desk.now, berth.backoff().orElseThrow()))));
        }
        return Optional.empty();
    }

    static String heldBy(Hold hold) {
        return "held by " + hold.by() + (hold.note().isEmpty() ? "" : ": " + hold.note());
    }

    /** The texts of the releases that had such profiles (llama-swap §11.1). */
    private static Optional<String> notIn(Desk desk, String profile, OpenRequest request) {
        Optional<Set<dev.turntable.event.ModelId>> members = desk.yard.roster.profile(profile);
        if (members.isEmpty()) {
            return Optional.of("unable to swap to model, model group not found " + profile);
        }
        return members.get().contains(request.model())
                ? Optional.empty()
                : Optional.of("unable to swap to model, model " + request.model() + " part of profile " + profile);
    }

    static void finished(Desk desk, Fact.RequestFinished fact) {
        Optional<OpenRequest> ended = desk.before.request(fact.request());
        if (ended.isEmpty()) {
            desk.refuse(Optional.empty(), ProcessState.STOPPED, fact.type());
            return;
        }
        switch (ended.get().place()) {
            case OpenRequest.Place.Leased leased ->
                desk.yard.run(leased.run()).filter(run -> run.leases() == 0).ifPresent(run -> becameIdle(desk, run));
            case OpenRequest.Place.Queued _, OpenRequest.Place.Joined _ -> Scheduler.examine(desk);
            case OpenRequest.Place.Passing _, OpenRequest.Place.Shed _, OpenRequest.Place.Gone _ -> {
                // it held nothing anybody waits for
            }
        }
    }

    private static void becameIdle(Desk desk, Run run) {
        if (run.isLeaving()) {
            return;
        }
        Optional<Reason> leaves = leaves(desk, run);
        if (leaves.isPresent()) {
            Swaps.stop(desk, run, leaves.get(), run.settings().grace());
            Scheduler.examine(desk);
            return;
        }
        Swaps.armTtl(desk, run);
        Turns.rest(desk, desk.yard.indexOf(run.model()));
        Scheduler.examine(desk);
    }

    /** Why a run goes as soon as it is idle; empty when it may stay. */
    private static Optional<Reason> leaves(Desk desk, Run run) {
        if (desk.yard.phase == Phase.DRAINING) {
            return Optional.of(Reason.SHUTDOWN);
        }
        if (run.gate().stale()) {
            return Optional.of(Reason.RELOADED);
        }
        return desk.yard.hold.isPresent() ? Optional.of(Reason.OPERATOR) : Optional.empty();
    }

    static void abandoned(Desk desk, Fact.RequestAbandoned fact) {
        Optional<OpenRequest> request = desk.before.request(fact.request());
        if (request.isEmpty()) {
            desk.refuse(Optional.empty(), ProcessState.STOPPED, fact.type());
        } else if (request.get().place() instanceof OpenRequest.Place.Queued) {
            Scheduler.examine(desk); // the turn it had claimed may be void now
        }
    }
}
