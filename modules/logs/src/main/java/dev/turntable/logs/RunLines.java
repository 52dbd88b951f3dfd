package dev.turntable.logs;

import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Policy;
import dev.turntable.event.ProcessState;
import dev.turntable.event.Reason;
import dev.turntable.event.RunId;
import dev.turntable.event.SwapId;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The lines about processes and the swaps between them. */
final class RunLines {
    private final StartCommands commands;
    private final Map<ModelId, Duration> ttls = new HashMap<>();
    private final Map<SwapId, String> routers = new HashMap<>();
    private final Set<RunId> alive = new HashSet<>();

    RunLines(StartCommands commands) {
        this.commands = commands;
    }

    /** A new server run: no swap of the one before goes on; processes that live on are adopted one by one. */
    void forget() {
        routers.clear();
        alive.clear();
    }

    void policy(Policy policy) {
        ttls.clear();
        policy.models().forEach(model -> ttls.put(model.id(), model.ttl()));
    }

    void spawned(Sheet sheet, Fact.ProcessSpawned spawned) {
        if (sheet.wants(Level.DEBUG)) {
            commands.of(spawned.run())
                    .ifPresent(command ->
                            sheet.add(Level.DEBUG, scope(spawned.run()) + "Executing start command: " + command));
        }
        String port = spawned.port().isPresent() ? ", port " + spawned.port().getAsInt() : "";
        sheet.own(Level.INFO, scope(spawned.run()) + "process " + spawned.pid() + " started" + port);
    }

    void spawnFailed(Sheet sheet, Fact.SpawnFailed failed) {
        sheet.own(Level.ERROR, scope(failed.run()) + failed.error());
    }

    void ready(Sheet sheet, Fact.ProcessReady ready) {
        if (ready.probe().contains("/")) {
            sheet.add(Level.INFO, scope(ready.run()) + "Health check passed on " + ready.probe());
        }
        sheet.own(Level.INFO, scope(ready.run()) + "ready after " + Durations.text(ready.load()));
    }

    void exited(Sheet sheet, Fact.ProcessExited exited) {
        boolean unexpected = sheet.commit().decisions().stream()
                .anyMatch(d -> d instanceof Decision.StateChanged c
                        && c.run().equals(exited.run())
                        && c.from() == ProcessState.READY
                        && c.reason() == Reason.EXITED);
        if (unexpected) {
            sheet.add(Level.WARN, scope(exited.run()) + "upstream process exited unexpectedly");
        }
        sheet.own(unexpected ? Level.WARN : Level.INFO, scope(exited.run()) + "process ended: " + exited.how());
    }

    void stragglers(Sheet sheet, Fact.Stragglers found) {
        found.ended()
                .forEach(p -> sheet.own(
                        Level.WARN,
                        scope(found.run()) + "process " + p.pid() + " had left the process group and was ended: "
                                + p.command()));
        found.left()
                .forEach(p -> sheet.own(
                        Level.WARN,
                        scope(found.run()) + "process " + p.pid() + " has left for good and lives on: " + p.command()));
    }

    void portMoved(Sheet sheet, Fact.PortMoved moved) {
        sheet.own(
                Level.WARN,
                scope(moved.run()) + "port " + moved.from() + " is taken by " + moved.holder() + "; it gets port "
                        + moved.to());
    }

    void stopOrdered(Sheet sheet, Decision.StopOrdered order) {
        ModelId model = order.run().model();
        if (order.reason() == Reason.TTL) {
            sheet.add(
                    Level.INFO,
                    scope(order.run()) + "Unloading model, TTL of " + seconds(ttls.getOrDefault(model, Duration.ZERO))
                            + " reached");
        }
        sheet.own(
                Level.INFO,
                "[" + model + "] stopping, " + order.reason().wire() + ", grace " + Durations.text(order.grace()));
    }

    void killOrdered(Sheet sheet, Decision.KillOrdered order) {
        sheet.own(
                Level.WARN,
                "[" + order.run().model() + "] killing the process group, "
                        + order.reason().wire());
    }

    void stateChanged(Sheet sheet, Decision.StateChanged change) {
        switch (change.to()) {
            case STARTING, READY, STOPPING -> alive.add(change.run());
            case STOPPED, SHUTDOWN -> alive.remove(change.run());
        }
        sheet.own(
                Level.DEBUG,
                scope(change.run()) + change.from().wire() + " -> "
                        + change.to().wire() + ", " + change.reason().wire());
    }

    void ttlArmed(Sheet sheet, Decision.TtlArmed armed) {
        ttls.putIfAbsent(armed.run().model(), Duration.between(sheet.commit().time(), armed.due()));
        if (sheet.wants(Level.DEBUG)) {
            sheet.own(Level.DEBUG, scope(armed.run()) + "idle, unload due at " + armed.due());
        }
    }

    void backoffArmed(Sheet sheet, Decision.BackoffArmed armed) {
        sheet.own(
                Level.WARN,
                "<" + armed.model() + "> failed to start " + armed.failures()
                        + " times in a row, not tried again before " + armed.until() + ": " + armed.detail());
    }

    void swapStarted(Sheet sheet, Decision.SwapStarted swap) {
        routers.put(swap.swap(), swap.router());
        if (swap.router().equals("matrix")) {
            matrix(sheet, swap);
        }
        sheet.own(
                Level.INFO,
                scope(swap.run()) + "swap " + swap.swap() + " begins, "
                        + swap.reason().wire() + ", evict=" + models(swap.evict()) + " waiting=" + swap.queueDepth());
    }

    /** llama-swap §5.5. Nothing is said when the model joins others and nobody leaves. */
    private void matrix(Sheet sheet, Decision.SwapStarted swap) {
        ModelId model = swap.run().model();
        if (!swap.evict().isEmpty()) {
            String target = Stream.concat(swap.keep().stream(), Stream.of(model))
                    .map(ModelId::value)
                    .distinct()
                    .sorted()
                    .collect(Collectors.joining(" ", "[", "]"));
            sheet.add(
                    Level.INFO,
                    "matrix: model=%s set=%s dsl=\"%s\" evict=%s target=%s cost=%d"
                            .formatted(
                                    model,
                                    swap.set().orElse(""),
                                    swap.dsl().orElse(""),
                                    models(swap.evict()),
                                    target,
                                    swap.cost()));
        } else if (alive.stream().allMatch(run -> run.model().equals(model))) {
            sheet.add(Level.INFO, "matrix: model=" + model + " starting (no models running)");
        }
    }

    void swapFinished(Sheet sheet, Decision.SwapFinished swap) {
        routers.remove(swap.swap());
        sheet.own(
                Level.INFO,
                scope(swap.run()) + "swap " + swap.swap() + " done: drain " + Durations.text(swap.drain()) + ", stop "
                        + Durations.text(swap.stop()) + ", start " + Durations.text(swap.start()));
    }

    void swapFailed(Sheet sheet, Decision.SwapFailed swap) {
        sheet.own(Level.ERROR, router(swap.swap()) + ": starting " + swap.run().model() + " failed: " + swap.detail());
    }

    void swapCancelled(Sheet sheet, Decision.SwapCancelled swap) {
        sheet.own(
                Level.INFO,
                router(swap.swap()) + ": starting " + swap.run().model() + " failed: aborted ("
                        + swap.reason().wire() + ")");
    }

    private String router(SwapId swap) {
        return Optional.ofNullable(routers.remove(swap)).orElse("swap");
    }

    private static String scope(RunId run) {
        return "<" + run.model() + "> ";
    }

    private static String models(List<RunId> runs) {
        return runs.stream().map(run -> run.model().value()).sorted().collect(Collectors.joining(" ", "[", "]"));
    }

    private static String seconds(Duration ttl) {
        return ttl.getNano() == 0 ? ttl.toSeconds() + "s" : Durations.text(ttl);
    }
}
