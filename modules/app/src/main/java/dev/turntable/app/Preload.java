package dev.turntable.app;

import dev.turntable.config.Config;
import dev.turntable.event.AdmissionResult;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Outcome;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.proxy.Admission;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Loads what {@code hooks.on_startup.preload} names, one after the other, at start and after every reload (llama-swap §5.9).
 *
 * <p>Each goes through the scheduler like any request, so it swaps like one, and is asked for {@code /}: upstreams that do their work with
 * the first request do it now. Owns one virtual thread at a time.
 */
final class Preload implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Admission admission;
    private final Visitor visitor;
    private Thread worker = Thread.ofVirtual().unstarted(() -> {});

    /** Asks a process for {@code /} and gives the status of its answer; gives it up after {@code atMost}. */
    @FunctionalInterface
    interface Visitor {
        OptionalInt visit(Admission.Upstream upstream, Duration atMost) throws InterruptedException;
    }

    Preload(Admission admission, Visitor visitor) {
        this.admission = admission;
        this.visitor = visitor;
    }

    /** Begins with the configuration's list; one that still runs for an older configuration ends. */
    synchronized void begin(Config config) {
        worker.interrupt();
        List<String> models = config.preload();
        Duration atMost = config.healthCheckTimeout();
        worker = Thread.ofVirtual().name("preload").unstarted(() -> run(models, atMost));
        worker.start();
    }

    private void run(List<String> models, Duration atMost) {
        try {
            for (String model : models) {
                load(new ModelId(model), atMost);
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void load(ModelId model, Duration atMost) throws InterruptedException {
        long began = System.nanoTime();
        RequestId request = admission.newRequest();
        Admission.Pending pending = admission.ask(new Fact.RequestArrived(
                request,
                model,
                Route.PRELOAD,
                model.value(),
                "GET",
                "/",
                Optional.empty(),
                "HTTP/1.1",
                "",
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty()));
        End end = new End(Outcome.CANCELLED, 500);
        try {
            Optional<AdmissionResult> answer = pending.now();
            while (answer.isEmpty()) {
                answer = pending.await(PATIENCE);
            }
            Optional<Admission.Upstream> upstream = answer.get() instanceof AdmissionResult.Granted granted
                    ? admission.upstream(granted.run())
                    : Optional.empty();
            end = upstream.isPresent()
                    ? End.of(visitor.visit(upstream.get(), atMost))
                    : new End(Outcome.LOAD_FAILED, 500);
        } finally {
            admission.finish(new Fact.RequestFinished(
                    request,
                    end.outcome(),
                    end.status(),
                    0,
                    Optional.empty(),
                    Duration.ofNanos(System.nanoTime() - began),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()));
        }
    }

    private record End(Outcome outcome, int status) {
        /** Whatever a model answers, it has been loaded. */
        static End of(OptionalInt status) {
            return new End(status.isPresent() ? Outcome.OK : Outcome.UPSTREAM_ERROR, status.orElse(502));
        }
    }

    @Override
    public synchronized void close() {
        worker.interrupt();
    }
}
