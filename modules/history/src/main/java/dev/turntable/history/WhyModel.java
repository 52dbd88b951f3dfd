package dev.turntable.history;

import static dev.turntable.history.WhyRequest.last;

import dev.turntable.event.Actor;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.RunId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Why a model is loaded, being loaded, or not loaded. */
final class WhyModel {
    private final HistoryQuery query;

    WhyModel(HistoryQuery query) {
        this.query = query;
    }

    Because of(ModelId model) {
        String question = "why is " + model + " in its state?";
        Optional<ShownEvent> changed = newest(HistoryFilter.ofModel(model, "state.changed"));
        if (changed.isEmpty()) {
            List<ShownEvent> heard =
                    newest(HistoryFilter.ofModel(model)).stream().toList();
            if (heard.isEmpty()) {
                throw new HistoryException(
                        HistoryException.Code.NOT_FOUND, "nothing is on record about a model " + model);
            }
            return new Because(
                    question, model + " was never started: nothing that is on record needed it loaded.", heard);
        }
        Decision.StateChanged change = (Decision.StateChanged) changed.get().event();
        List<ShownEvent> events = query.page(HistoryFilter.ofRun(change.run())).events();
        String since = " since " + changed.get().time();
        return switch (change.to()) {
            case STARTING ->
                because(question, model + " is being loaded" + since + origin(change.run()) + ".", changed.get());
            case READY ->
                because(
                        question,
                        model + " is loaded" + since + origin(change.run()) + took(events) + ".",
                        changed.get());
            case STOPPING ->
                because(question, model + " is being stopped" + since + gone(events) + ".", key(events, changed.get()));
            case STOPPED, SHUTDOWN ->
                because(question, model + " is not loaded" + since + gone(events) + ".", key(events, changed.get()));
        };
    }

    private Because because(String question, String answer, ShownEvent event) {
        HistoryQuery.Chain chain = query.chain(event.id());
        List<ShownEvent> shown = new ArrayList<>(chain.causes().reversed());
        shown.add(event);
        shown.addAll(chain.consequences());
        return new Because(question, answer, shown);
    }

    /** The newest event that the filter asks for. */
    private Optional<ShownEvent> newest(HistoryFilter filter) {
        return query.page(filter.newestFirst(1)).events().stream().findFirst();
    }

    /** Who wanted the run. */
    private String origin(RunId run) {
        Optional<ShownEvent> started = newest(HistoryFilter.ofModel(run.model(), "start.ordered", "orphan.adopted"));
        if (started.isEmpty()) {
            return "";
        }
        if (started.get().event() instanceof Decision.OrphanAdopted adopted) {
            return ", adopted as process " + adopted.pid() + " from the server run before";
        }
        Optional<ShownEvent> swap = newest(HistoryFilter.ofModel(run.model(), "swap.started"));
        return swap.map(event -> ", " + wanted(event) + swapText(event))
                .orElse(", by " + started.get().actor());
    }

    private static String swapText(ShownEvent swap) {
        return " (swap " + swap.links().swap().orElseThrow() + ")";
    }

    private String wanted(ShownEvent swap) {
        Decision.SwapStarted begun = (Decision.SwapStarted) swap.event();
        return switch (begun.reason()) {
            case PRELOADED -> "to be preloaded";
            case OPERATOR -> "because " + loader(begun.run().model()) + " asked for it";
            default ->
                asker(swap)
                        .map(request -> "because " + request + " asked for it")
                        .orElse("by " + swap.actor());
        };
    }

    /** Whoever last asked for the model without a request for it. */
    private Actor loader(ModelId model) {
        return newest(HistoryFilter.ofModel(model, "load.asked"))
                .map(ShownEvent::actor)
                .orElse(Actor.OPERATOR);
    }

    /** The first request that joined a swap. */
    private Optional<String> asker(ShownEvent swap) {
        return query.page(HistoryFilter.ofSwap(swap.links().swap().orElseThrow())).events().stream()
                .flatMap(event -> event.links().request().stream())
                .map(Object::toString)
                .findFirst();
    }

    private static String took(List<ShownEvent> events) {
        return last(events, Fact.ProcessReady.class)
                .map(event -> "; loading took " + Words.of(((Fact.ProcessReady) event.event()).load()))
                .orElse("");
    }

    /** What the stop met with. */
    private static String how(List<ShownEvent> events) {
        StringBuilder how = new StringBuilder();
        last(events, Decision.KillOrdered.class)
                .ifPresent(_ -> how.append("; it was still there when its time was over, and was killed"));
        last(events, Fact.StopFailed.class)
                .ifPresent(e -> how.append("; its stop failed: ").append(((Fact.StopFailed) e.event()).error()));
        last(events, Fact.Stragglers.class).ifPresent(e -> {
            Fact.Stragglers found = (Fact.Stragglers) e.event();
            how.append(found.ended().isEmpty() ? "" : "; what had left its process group was ended, too");
            how.append(found.left().isEmpty() ? "" : "; something it started has left for good and lives on");
        });
        return how.toString();
    }

    /** Why the run ended: what ordered it, or how the process ended by itself. */
    private String gone(List<ShownEvent> events) {
        Optional<ShownEvent> stop = last(events, Decision.StopOrdered.class);
        if (stop.isPresent()) {
            return words((Decision.StopOrdered) stop.get().event(), stop.get().actor()) + how(events);
        }
        Optional<Fact.SpawnFailed> unborn = last(events, Fact.SpawnFailed.class).map(e -> (Fact.SpawnFailed) e.event());
        if (unborn.isPresent()) {
            return ": it could not be started (" + unborn.get().error() + ")";
        }
        Optional<Fact.ProcessExited> exit =
                last(events, Fact.ProcessExited.class).map(e -> (Fact.ProcessExited) e.event());
        if (exit.isPresent()) {
            boolean ready = last(events, Fact.ProcessReady.class).isPresent();
            String printed = exit.get().lastLines().isEmpty()
                    ? ""
                    : "; the last it printed: " + String.join(" / ", exit.get().lastLines());
            return ": its process ended" + (ready ? " by itself" : " before it became ready") + " ("
                    + exit.get().how() + ")" + printed;
        }
        return last(events, Fact.ProcessLost.class).isPresent()
                ? ": its process was gone when the server started again"
                : "";
    }

    private String words(Decision.StopOrdered stop, Actor by) {
        return switch (stop.reason()) {
            case EVICTED -> evictedFor(stop.run());
            case TTL -> ": nobody asked for it for as long as its ttl allows";
            case UNLOADED -> ": " + by + " unloaded it";
            case OPERATOR -> held();
            case RELOADED -> ": a new configuration changed or removed it";
            case SHUTDOWN -> ": the server was shut down";
            case START_TIMED_OUT -> ": it did not become ready within its healthCheckTimeout";
            case CANCELLED -> ": its start was cancelled";
            case REAPED -> ": it was left over from the server run before and could not be adopted";
            case REQUESTED, PRELOADED, PROBE_ANSWERED, EXITED, SPAWN_FAILED, ADOPTED ->
                ": " + stop.reason().wire();
        };
    }

    private String held() {
        return newest(HistoryFilter.ALL.ofTypes("hold.placed"))
                .map(event -> (Fact.HoldPlaced) event.event())
                .map(hold ->
                        ": " + hold.by() + " placed a hold" + (hold.note().isEmpty() ? "" : " (" + hold.note() + ")"))
                .orElse(": a hold was placed");
    }

    private String evictedFor(RunId run) {
        HistoryFilter swaps = HistoryFilter.ALL.ofTypes("swap.started").newestFirst(HistoryFilter.DEFAULT_LIMIT);
        return query.page(swaps).events().stream()
                .filter(event -> ((Decision.SwapStarted) event.event()).evict().contains(run))
                .findFirst()
                .map(event -> ": it was evicted to make room for "
                        + ((Decision.SwapStarted) event.event()).run().model() + ", " + wanted(event) + swapText(event))
                .orElse(": it was evicted to make room for another model");
    }

    /** The event that the answer is about: the order to stop, the exit, or the change itself. */
    private static ShownEvent key(List<ShownEvent> events, ShownEvent changed) {
        return last(events, Decision.StopOrdered.class)
                .or(() -> last(events, Fact.SpawnFailed.class))
                .or(() -> last(events, Fact.ProcessExited.class))
                .orElse(changed);
    }
}
