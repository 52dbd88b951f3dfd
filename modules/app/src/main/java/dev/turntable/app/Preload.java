package dev.turntable.app;

import dev.turntable.config.Config;
import dev.turntable.event.AdmissionResult;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Outcome;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.ShedReason;
import dev.turntable.proxy.admission.Admission;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Loads what {@code hooks.on_startup.preload} names, one after the other: at the start all of it, after a reload what the list did not have
 * before (llama-swap §5.9).
 *
 * <p>Each goes through the scheduler like any request, but ends no model that runs, and is asked for {@code /}: upstreams that do their
 * work with the first request do it now. Owns one virtual thread while there is something to load.
 */
final class Preload implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Admission admission;
    private final Visitor visitor;
    private final ExecutorService worker =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().name("preload").factory());
    private volatile Config current;

    /** Asks a process for {@code /} and gives the status of its answer; gives it up after {@code atMost}. */
    @FunctionalInterface
    interface Visitor {
        OptionalInt visit(Admission.Upstream upstream, Duration atMost) throws InterruptedException;
    }

    /** For a first configuration, all of whose list is to be loaded. */
    Preload(Admission admission, Visitor visitor, Config first) {
        this.admission = admission;
        this.visitor = visitor;
        this.current = first;
        first.preload().forEach(this::enqueue);
    }

    /** Takes another configuration: what its list has anew is loaded after what still waits. */
    synchronized void reloaded(Config config) {
        List<String> before = current.preload();
        current = config;
        config.preload().stream().filter(model -> !before.contains(model)).forEach(this::enqueue);
    }

    private void enqueue(String model) {
        worker.execute(() -> {
            try {
                if (current.preload().contains(model)) {
                    load(new ModelId(model), current.healthCheckTimeout());
                }
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        });
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
            if (upstream.isPresent()) {
                end = End.of(visitor.visit(upstream.get(), atMost));
            } else if (answer.get() instanceof AdmissionResult.Refused refused
                    && refused.reason() == ShedReason.WOULD_EVICT) {
                end = new End(Outcome.SHED, 503, Optional.of(refused.detail()));
            } else {
                end = new End(Outcome.LOAD_FAILED, 500);
            }
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
                    end.error()));
        }
    }

    private record End(Outcome outcome, int status, Optional<String> error) {
        End(Outcome outcome, int status) {
            this(outcome, status, Optional.empty());
        }

        /** Whatever a model answers, it has been loaded. */
        static End of(OptionalInt status) {
            return new End(status.isPresent() ? Outcome.OK : Outcome.UPSTREAM_ERROR, status.orElse(502));
        }
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
