package dev.turntable.history;

import dev.turntable.event.Decision;
import dev.turntable.event.Event;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Outcome;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import dev.turntable.event.ShedReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Why a request went as it did. */
final class WhyRequest {
    private final HistoryQuery query;
    private final Swaps swaps;

    WhyRequest(HistoryQuery query, Swaps swaps) {
        this.query = query;
        this.swaps = swaps;
    }

    Because of(RequestId request) {
        List<ShownEvent> events = query.page(HistoryFilter.ofRequest(request)).events();
        ShownEvent arrived = last(events, Fact.RequestArrived.class)
                .orElseThrow(() -> new HistoryException(
                        HistoryException.Code.NOT_FOUND, "no request " + request + " is on record"));
        String subject = request + " for " + ((Fact.RequestArrived) arrived.event()).asked();
        return new Because(
                "why did " + request + " go as it did?",
                subject + " " + wait(arrived.time(), events) + retried(events) + end(events) + cutBy(events) + ".",
                chain(events));
    }

    private String wait(Instant arrived, List<ShownEvent> events) {
        Optional<ShownEvent> shed = last(events, Decision.RequestShed.class);
        if (shed.isPresent()) {
            Decision.RequestShed why = (Decision.RequestShed) shed.get().event();
            String waited = after(arrived, shed.get().time());
            boolean byWill = why.reason() == ShedReason.UNLOADED || why.reason() == ShedReason.RELOADED;
            return "was refused " + waited + " because " + words(why.reason())
                    + (byWill ? " by " + shed.get().actor() : "") + " (" + why.detail() + ")";
        }
        Optional<ShownEvent> admitted = last(events, Decision.RequestAdmitted.class);
        if (admitted.isPresent()) {
            RunId run = ((Decision.RequestAdmitted) admitted.get().event()).run();
            Duration waited = Duration.between(arrived, admitted.get().time());
            return waited.isZero()
                    ? "was served at once by " + run + ", which was ready"
                    : "waited " + Words.of(waited) + because(events) + ", then " + run + " served it";
        }
        Optional<ShownEvent> abandoned = last(events, Fact.RequestAbandoned.class);
        if (abandoned.isPresent()) {
            Fact.RequestAbandoned gone = (Fact.RequestAbandoned) abandoned.get().event();
            String who = gone.by().value().equals("request")
                    ? "its client"
                    : gone.by().value();
            return "was given up by " + who + " "
                    + after(arrived, abandoned.get().time()) + " while "
                    + gone.stage().wire() + because(events);
        }
        String reason = because(events);
        return reason.isEmpty() ? "was passed on without the scheduler" : "still waits" + reason;
    }

    /** What it waited for: the queue first, then the swap it joined. */
    private String because(List<ShownEvent> events) {
        List<String> causes = new ArrayList<>();
        last(events, Decision.RequestQueued.class)
                .map(e -> (Decision.RequestQueued) e.event())
                .ifPresent(queued -> {
                    String behind = queued.behind().stream().map(ModelId::value).collect(Collectors.joining(" and "));
                    causes.add(behind.isEmpty() ? "it had to queue" : "it had to queue behind the work of " + behind);
                });
        last(events, Decision.RequestJoined.class)
                .map(e -> (Decision.RequestJoined) e.event())
                .ifPresent(joined -> causes.add(ofSwap(joined)));
        return causes.isEmpty() ? "" : " because " + String.join(", and then ", causes);
    }

    private String ofSwap(Decision.RequestJoined joined) {
        Swap swap = swaps.get(joined.swap().toString());
        String evicted = swap.evicted().stream().map(run -> run.model().value()).collect(Collectors.joining(" and "));
        String text = swap.run().model() + " was not loaded"
                + (evicted.isEmpty() ? "" : " and " + evicted + " had to leave first");
        String took = swap.phases()
                .map(p -> ": stop " + Words.of(p.stop()) + ", start " + Words.of(p.start()))
                .orElse("");
        return text + " (swap " + swap.id() + took + ")";
    }

    private static String retried(List<ShownEvent> events) {
        return last(events, Fact.RequestRetried.class).isPresent()
                ? ", on a second connection because the upstream had closed the first"
                : "";
    }

    private static String end(List<ShownEvent> events) {
        Optional<Fact.RequestFinished> end =
                last(events, Fact.RequestFinished.class).map(e -> (Fact.RequestFinished) e.event());
        if (end.isEmpty()) {
            return "";
        }
        String status =
                end.get().status() == 0 ? "" : " with status " + end.get().status();
        String error = end.get().error().map(text -> " (" + text + ")").orElse("");
        return "; it ended " + end.get().outcome().wire() + status + " after "
                + Words.of(end.get().duration()) + error;
    }

    /** Who told the model to end while it served the request. */
    private String cutBy(List<ShownEvent> events) {
        boolean cancelled = last(events, Fact.RequestFinished.class)
                .filter(e -> ((Fact.RequestFinished) e.event()).outcome() == Outcome.CANCELLED)
                .isPresent();
        return cancelled
                ? stop(events)
                        .map(stop -> ", because " + stop.actor() + " had " + ((Decision.StopOrdered) stop.event()).run()
                                + " stopped")
                        .orElse("")
                : "";
    }

    /** The order to end the run that served the request. */
    private Optional<ShownEvent> stop(List<ShownEvent> events) {
        return last(events, Decision.RequestAdmitted.class)
                .map(admitted -> HistoryFilter.ofRun(((Decision.RequestAdmitted) admitted.event()).run()))
                .flatMap(run -> last(query.page(run).events(), Decision.StopOrdered.class));
    }

    /** The request's own events, with those of the swap it joined, in order. */
    private List<ShownEvent> chain(List<ShownEvent> events) {
        List<ShownEvent> chain = new ArrayList<>(events);
        last(events, Decision.RequestJoined.class)
                .flatMap(joined -> joined.links().swap())
                .ifPresent(swap -> query.page(HistoryFilter.ofSwap(swap)).events().stream()
                        .filter(event -> !chain.contains(event))
                        .forEach(chain::add));
        if (!cutBy(events).isEmpty()) {
            stop(events).ifPresent(stop -> {
                chain.addAll(query.chain(stop.id()).causes());
                chain.add(stop);
            });
        }
        chain.sort(Comparator.comparingLong(ShownEvent::seq).thenComparingInt(ShownEvent::n));
        return chain;
    }

    static Optional<ShownEvent> last(List<ShownEvent> events, Class<? extends Event> kind) {
        return events.reversed().stream()
                .filter(event -> kind.isInstance(event.event()))
                .findFirst();
    }

    private static String after(Instant from, Instant to) {
        Duration waited = Duration.between(from, to);
        return waited.isZero() ? "at once" : "after " + Words.of(waited);
    }

    private static String words(ShedReason reason) {
        return switch (reason) {
            case UNKNOWN_MODEL -> "there is no model of that name";
            case CONCURRENCY_LIMIT -> "the model had as many requests as its concurrencyLimit allows";
            case QUEUE_FULL -> "the queue was full";
            case START_FAILED -> "the model failed to start";
            case BACKED_OFF -> "the model failed to start several times in a row and is not tried again yet";
            case UNLOADED -> "the model was unloaded while it waited";
            case RELOADED -> "the model was changed or removed in a new configuration while it waited";
            case HELD -> "a hold keeps every model stopped";
            case NOT_IN_PROFILE -> "the model is not in the profile it was asked for with";
            case SHUTTING_DOWN -> "the server was shutting down";
            case WOULD_EVICT -> "it was a preload, and a preload ends no model that runs";
        };
    }
}
