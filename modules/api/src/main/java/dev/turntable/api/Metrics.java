package dev.turntable.api;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.Outcome;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.Tokens;
import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.Tag;
import io.helidon.metrics.api.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Counts what the journal tells, with Helidon Metrics; a follower, so that no request waits for a counter. Names: {@code docs/metrics.md}.
 *
 * <p>Nothing is registered before the first model is asked for or moved: until then {@code /metrics} says exactly what llama-swap's does.
 * Bounded: requests under way, and {@link #MAX_MODELS} model names as labels, the rest go by {@code other}.
 */
final class Metrics {
    private static final int MAX_MODELS = 2_000;
    private static final int MAX_REQUESTS = 200_000;
    private static final Duration[] FAST =
            durations(1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000);
    private static final Duration[] SLOW = durations(
            50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000);

    private final MeterRegistry registry;
    private final Runnable onFirst;
    private final Map<RequestId, Open> open = new HashMap<>();
    private final Set<String> models = new HashSet<>();
    // To ask the registry costs more than to count: four meters for every request. Bounded as the labels are.
    private final Map<Series, Counter> counters = new HashMap<>();
    private final Map<Series, Timer> timers = new HashMap<>();
    private boolean begun;

    /** One meter: a name and its labels, each with its value. */
    private record Series(String name, List<String> labels) {}

    /** A request between its arrival and its end. */
    private record Open(String model, Instant arrived, boolean waiting) {}

    /** @param onFirst registers the gauges, once there is something to show */
    Metrics(MeterRegistry registry, Runnable onFirst) {
        this.registry = registry;
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
                String model = label(
                        arrived.route() == Route.NOWHERE
                                ? "unknown"
                                : arrived.model().value());
                if (open.size() < MAX_REQUESTS) {
                    open.put(arrived.request(), new Open(model, commit.time(), arrived.route() == Route.LOCAL));
                }
            }
            case Fact.RequestFinished finished -> finished(finished);
            case Fact.ProcessReady ready ->
                timer(
                                "turntable_model_load_seconds",
                                "From the spawn of a model's process to its readiness.",
                                SLOW,
                                "model",
                                label(ready.run().model().value()))
                        .record(ready.load());
            case Fact.ProcessExited exited ->
                count(
                        "turntable_process_exits_total",
                        "Ends of upstream processes.",
                        1,
                        "model",
                        label(exited.run().model().value()),
                        "code",
                        Integer.toString(exited.code()));
            case Fact.HttpServed served -> served(served);
            default -> {
                // Everything else shows in the decisions or is of no number.
            }
        }
    }

    private void served(Fact.HttpServed served) {
        if (begun) {
            count(
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
        count(
                "turntable_requests_total",
                "Requests for a model that ended, by their true outcome.",
                1,
                "model",
                model,
                "outcome",
                finished.outcome().wire());
        timer("turntable_request_seconds", "From a request's arrival to its end.", FAST, "model", model)
                .record(finished.duration());
        finished.firstByte().ifPresent(d -> timer(
                        "turntable_request_first_byte_seconds",
                        "From a request's arrival to the first byte of the answer.",
                        FAST,
                        "model",
                        model)
                .record(d));
        count("turntable_response_bytes_total", "Bytes of answers sent to clients.", finished.bytes(), "model", model);
        if (finished.outcome() == Outcome.OK) {
            finished.tokens().ifPresent(t -> tokens(model, t));
        }
    }

    private void tokens(String model, Tokens tokens) {
        String help = "Tokens that upstreams reported.";
        count("turntable_tokens_total", help, Math.max(0, tokens.input()), "model", model, "kind", "input");
        count("turntable_tokens_total", help, Math.max(0, tokens.output()), "model", model, "kind", "output");
        count("turntable_tokens_total", help, Math.max(0, tokens.cached()), "model", model, "kind", "cached");
    }

    private void decision(Commit commit, Decision decision) {
        switch (decision) {
            case Decision.RequestAdmitted admitted -> {
                Open request = settle(admitted.request());
                if (request != null) {
                    timer(
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
                count(
                        "turntable_requests_shed_total",
                        "Requests refused without being served.",
                        1,
                        "reason",
                        shed.reason().wire());
            }
            case Decision.StateChanged changed -> {
                begin();
                label(changed.run().model().value());
            }
            case Decision.SwapStarted started -> {
                begin();
                started.evict()
                        .forEach(run -> count(
                                "turntable_evictions_total",
                                "Models that had to leave for another.",
                                1,
                                "model",
                                label(run.model().value())));
            }
            case Decision.SwapFinished swap -> {
                swap("finished", label(swap.run().model().value()));
                phase("drain", swap.drain());
                phase("stop", swap.stop());
                phase("start", swap.start());
            }
            case Decision.SwapFailed swap ->
                swap("failed", label(swap.run().model().value()));
            case Decision.SwapCancelled swap ->
                swap("cancelled", label(swap.run().model().value()));
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
        count("turntable_swaps_total", "Swaps that ended.", 1, "model", model, "result", result);
    }

    private void phase(String name, Duration duration) {
        timer("turntable_swap_phase_seconds", "Time of each part of a finished swap.", SLOW, "phase", name)
                .record(duration);
    }

    private void begin() {
        if (!begun) {
            begun = true;
            onFirst.run();
        }
    }

    private String label(String model) {
        return models.contains(model) || models.size() < MAX_MODELS && models.add(model) ? model : "other";
    }

    private void count(String name, String help, long by, String... labels) {
        counters.computeIfAbsent(
                        new Series(name, List.of(labels)),
                        _ -> registry.getOrCreate(
                                Counter.builder(name).description(help).tags(tags(labels))))
                .increment(by);
    }

    private Timer timer(String name, String help, Duration[] buckets, String... labels) {
        return timers.computeIfAbsent(
                new Series(name, List.of(labels)),
                _ -> registry.getOrCreate(
                        Timer.builder(name).description(help).buckets(buckets).tags(tags(labels))));
    }

    /** Registers a gauge that is read when somebody asks. */
    static <N extends Number> void gauge(
            MeterRegistry registry, String name, String help, Supplier<N> value, String... labels) {
        registry.getOrCreate(Gauge.builder(name, value).description(help).tags(tags(labels)));
    }

    private static List<Tag> tags(String... labels) {
        return java.util.stream.IntStream.range(0, labels.length / 2)
                .mapToObj(i -> Tag.create(labels[2 * i], labels[2 * i + 1]))
                .toList();
    }

    private static Duration[] durations(long... millis) {
        return java.util.Arrays.stream(millis).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }
}
