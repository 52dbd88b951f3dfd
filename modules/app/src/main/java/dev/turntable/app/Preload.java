package dev.turntable.app;

import dev.turntable.config.Config;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Outcome;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.proxy.Admission;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Loads what {@code hooks.on_startup.preload} names, one after the other, at start and after every reload (llama-swap §5.9).
 *
 * <p>Each goes through the scheduler like any request, so it swaps like one. Owns one virtual thread at a time.
 */
final class Preload implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Admission admission;
    private Thread worker = Thread.ofVirtual().unstarted(() -> {});

    Preload(Admission admission) {
        this.admission = admission;
    }

    /** Begins with the configuration's list; one that still runs for an older configuration ends. */
    synchronized void begin(Config config) {
        worker.interrupt();
        List<String> models = config.preload();
        worker = Thread.ofVirtual().name("preload").unstarted(() -> run(models));
        worker.start();
    }

    private void run(List<String> models) {
        try {
            for (String model : models) {
                load(new ModelId(model));
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void load(ModelId model) throws InterruptedException {
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
        Outcome outcome = Outcome.CANCELLED;
        try {
            Optional<Admission.Answer> answer = pending.now();
            while (answer.isEmpty()) {
                answer = pending.await(PATIENCE);
            }
            outcome = answer.get() instanceof Admission.Granted ? Outcome.OK : Outcome.LOAD_FAILED;
        } finally {
            admission.finish(new Fact.RequestFinished(
                    request,
                    outcome,
                    outcome == Outcome.OK ? 200 : 500,
                    0,
                    Optional.empty(),
                    Duration.ofNanos(System.nanoTime() - began),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()));
        }
    }

    @Override
    public synchronized void close() {
        worker.interrupt();
    }
}
