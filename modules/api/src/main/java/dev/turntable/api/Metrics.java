package dev.turntable.api;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.Outcome;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts what the journal tells, with Helidon Metrics; a follower, so that no request waits for a counter. Names: {@code docs/metrics.md}.
 *
 * <p>Nothing is registered before the first model is asked for or moved: until then {@code /metrics} says exactly what llama-swap's does.
 * Bounded: requests under way, and the labels of {@link MeterBook}.
 */
final class Metrics {
    private static final int MAX_REQUESTS = 200_000;
    private static final Duration[] FAST =
            durations(1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000);
    private static final Duration[] SLOW = durations(
            50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000);

    private final MeterBook book;
    private final Runnable onFirst;
    private final Map<RequestId, Open> open = new HashMap<>();
    private boolean begun;

    /** A request between its arrival and its end. */
    private record Open(String model, Instant arrived, boolean waiting) {}

    /** @param onFirst registers the gauges, once there is something to show */
    Metrics(MeterBook book, Runnable onFirst) {
        this.book = book;
        this.onFirst = onFirst;
    }

    /** Requests that have neither been admitted nor refused. */
    synchronized int waiting() {
        return (int) open.values().stream().filter(Open::waiting).count();
    }

    synchronized int underWay() {
        return open.size();
    }

    /** Takes in one commit; called in order by a follower of the journal. */
    synchronized void on(Commit commit) {
        fact(commit, commit.fact());
        for (Decision decision : commit.decisions()) {
            decision(commit, decision);
        }
    }

    private void fact(Commit commit, Fact fact) {
        switch (fact) {
            case Fact.RequestArrived arrived -> {
                begin();
                String model = book.label(
                        arrived.route() == Route.NOWHERE
                                ? "unknown"
                                : arrived.model().value());
                if (open.size() < MAX_REQUESTS) {
                    open.put(arrived.request(), new Open(model, commit.time(), arrived.route() == Route.LOCAL));
                }
            }
            case Fact.RequestFinished finished -> finished(finished);
            case Fact.ProcessReady ready ->
                book.timer(
                                "turntable_model_load_seconds",
                                "From the spawn of a model's process to its readiness.",
                                SLOW,
                                "model",
                                book.label(ready.run().model().value()))
                        .record(ready.load());
            case Fact.ProcessExited exited ->
                book.count(
                        "turntable_process_exits_total",
                        "Ends of upstream processes.",
                        1,
                        "model",
                        book.label(exited.run().model().value()),
                        "code",
                        exited.code().isPresent()
                                ? Integer.toString(exited.code().getAsInt())
                                : "unknown");
            case Fact.HttpServed served -> served(served);
            default -> {
                // Everything else shows in the decisions or is of no number.
            }
        }
    }

    private void served(Fact.HttpServed served) {
        if (begun) {
            book.count(
                    "turntable_control_requests_total",
                    "Answers of the control plane.",
                    1,
                    "status",
                    Integer.toString(served.status()));
        }
    }

    private void finished(Fact.RequestFinished finished) {
        Open request = open.remove(finished.request());
        if (request == null) {
            return;
        }
        String model = request.model();
        book.count(
                "turntable_requests_total",
                "Requests for a model that ended, by their true outcome.",
                1,
                "model",
                model,
                "outcome",
                finished.outcome().wire());
        book.timer("turntable_request_seconds", "From a request's arrival to its end.", FAST, "model", model)
                .record(finished.duration());
        finished.firstByte().ifPresent(d -> book.timer(
                        "turntable_request_first_byte_seconds",
                        "From a request's arrival to the first byte of the answer.",
                        FAST,
                        "model",
                        model)
                .record(d));
        book.count(
                "turntable_response_bytes_total",
                "Bytes of answers sent to clients.",
                finished.bytes(),
                "model",
                model);
        if (finished.outcome() == Outcome.OK) {
            finished.tokens().ifPresent(t -> tokens(model, t));
        }
    }

    private void tokens(String model, Tokens tokens) {
        String help = "Tokens that upstreams reported.";
        book.count("turntable_tokens_total", help, Math.max(0, tokens.input()), "model", model, "kind", "input");
        book.count("turntable_tokens_total", help, Math.max(0, tokens.output()), "model", model, "kind", "output");
        book.count("turntable_tokens_total", help, Math.max(0, tokens.cached()), "model", model, "kind", "cached");
    }

    private void decision(Commit commit, Decision decision) {
        switch (decision) {
            case Decision.RequestAdmitted admitted -> {
                Open request = settle(admitted.request());
                if (request != null) {
                    book.timer(
                                    "turntable_request_wait_seconds",
                                    "From a request's arrival to its admission.",
                                    FAST,
                                    "model",
                                    request.model())
                            .record(positive(Duration.between(request.arrived(), commit.time())));
                }
            }
            case Decision.RequestShed shed -> {
                settle(shed.request());
                book.count(
                        "turntable_requests_shed_total",
                        "Requests refused without being served.",
                        1,
                        "reason",
                        shed.reason().wire());
            }
            case Decision.StateChanged changed -> {
                begin();
                book.label(changed.run().model().value());
            }
            case Decision.SwapStarted started -> {
                begin();
                started.evict()
                        .forEach(run -> book.count(
                                "turntable_evictions_total",
                                "Models that had to leave for another.",
                                1,
                                "model",
                                book.label(run.model().value())));
            }
            case Decision.SwapFinished swap -> {
                swap("finished", book.label(swap.run().model().value()));
                phase("drain", swap.drain());
                phase("stop", swap.stop());
                phase("start", swap.start());
            }
            case Decision.SwapFailed swap ->
                swap("failed", book.label(swap.run().model().value()));
            case Decision.SwapCancelled swap ->
                swap("cancelled", book.label(swap.run().model().value()));
            default -> {
                // Orders and timers are steps of what is counted above.
            }
        }
    }

    private Open settle(RequestId request) {
        return open.computeIfPresent(request, (id, o) -> new Open(o.model(), o.arrived(), false));
    }

    private static Duration positive(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    private void swap(String result, String model) {
        book.count("turntable_swaps_total", "Swaps that ended.", 1, "model", model, "result", result);
    }

    private void phase(String name, Duration duration) {
        book.timer("turntable_swap_phase_seconds", "Time of each part of a finished swap.", SLOW, "phase", name)
                .record(duration);
    }

    private void begin() {
        if (!begun) {
            begun = true;
            onFirst.run();
        }
    }

    private static Duration[] durations(long... millis) {
        return java.util.Arrays.stream(millis).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }
}
