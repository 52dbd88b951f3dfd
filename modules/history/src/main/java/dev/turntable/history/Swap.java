package dev.turntable.history;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.turntable.event.ModelId;
import dev.turntable.event.Reason;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import dev.turntable.event.SwapId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One swap from the moment somebody asked to the first byte of an answer: its timeline, whom it evicted and who waited for it.
 *
 * @param asked arrival of the first request that waited for it, or its begin when nobody did
 * @param steps in the order they happened
 * @param waiters the first {@link #WAITERS_SHOWN} requests that waited
 * @param waiting how many waited in all
 * @param outcome {@code running}, {@code ready}, {@code failed}, {@code cancelled} or {@code interrupted} (the server ended in between)
 * @param seq commit in which it began
 */
public record Swap(
        SwapId id,
        RunId run,
        Reason reason,
        String router,
        Optional<String> set,
        List<RunId> evicted,
        Instant asked,
        List<Step> steps,
        List<Waiter> waiters,
        int waiting,
        String outcome,
        Optional<String> detail,
        Optional<Phases> phases,
        long seq)
        implements Answer {
    /** Requests listed with a swap; beyond it they are counted. */
    public static final int WAITERS_SHOWN = 100;

    /** Steps of a swap; a swap that evicts more than some hundred models shows the first. */
    static final int STEPS_LIMIT = 1_000;

    public Swap {
        evicted = List.copyOf(evicted);
        steps = List.copyOf(steps);
        waiters = List.copyOf(waiters);
    }

    /** Something happened to the swap, or to one of the runs it evicts. */
    public record Step(String name, Instant at, Optional<RunId> run) {}

    /** A request that waited, since when, and behind which models' work, if it was queued. */
    public record Waiter(RequestId request, Instant arrived, Optional<Instant> queued, List<ModelId> behind) {
        public Waiter {
            behind = List.copyOf(behind);
        }
    }

    /** How long its phases took, as the core measured them. */
    public record Phases(Duration drain, Duration stop, Duration start) {}

    Swap with(Step step) {
        if (steps.size() >= STEPS_LIMIT) {
            return this;
        }
        List<Step> more = Stream.concat(steps.stream(), Stream.of(step))
                .sorted(Comparator.comparing(Step::at))
                .toList();
        return new Swap(
                id, run, reason, router, set, evicted, asked, more, waiters, waiting, outcome, detail, phases, seq);
    }

    Swap with(Waiter waiter) {
        List<Waiter> more = new ArrayList<>(waiters);
        if (more.size() < WAITERS_SHOWN) {
            more.add(waiter);
        }
        Instant earliest = waiter.arrived().isBefore(asked) ? waiter.arrived() : asked;
        return new Swap(
                id,
                run,
                reason,
                router,
                set,
                evicted,
                earliest,
                steps,
                more,
                waiting + 1,
                outcome,
                detail,
                phases,
                seq);
    }

    Swap ended(String how, Optional<String> why, Optional<Phases> took) {
        return new Swap(id, run, reason, router, set, evicted, asked, steps, waiters, waiting, how, why, took, seq);
    }

    Optional<Step> step(String name) {
        return steps.stream().filter(step -> step.name().equals(name)).findFirst();
    }

    /** Milliseconds with microseconds behind the point, from the moment it was asked for. */
    private double ms(Instant at) {
        return Duration.between(asked, at).toNanos() / 1_000 / 1_000.0;
    }

    @Override
    public void write(JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", id.toString());
        out.writeStringField("model", run.model().value());
        out.writeStringField("run", run.toString());
        out.writeStringField("asked", asked.toString());
        out.writeStringField("reason", reason.wire());
        out.writeStringField("router", router);
        if (set.isPresent()) {
            out.writeStringField("set", set.get());
        }
        out.writeStringField("outcome", outcome);
        if (detail.isPresent()) {
            out.writeStringField("detail", detail.get());
        }
        out.writeNumberField("seq", seq);
        out.writeArrayFieldStart("evicted");
        for (RunId each : evicted) {
            out.writeString(each.toString());
        }
        out.writeEndArray();
        writeTimes(out);
        writeTimeline(out);
        writeWaiters(out);
        out.writeEndObject();
    }

    private void writeTimes(JsonGenerator out) throws IOException {
        if (phases.isPresent()) {
            out.writeNumberField("drain_ms", phases.get().drain().toNanos() / 1_000 / 1_000.0);
            out.writeNumberField("stop_ms", phases.get().stop().toNanos() / 1_000 / 1_000.0);
            out.writeNumberField("start_ms", phases.get().start().toNanos() / 1_000 / 1_000.0);
        }
        Optional<Instant> end = step("first_byte").or(() -> step("ended")).map(Step::at);
        if (end.isPresent()) {
            out.writeNumberField("total_ms", ms(end.get()));
        }
    }

    private void writeTimeline(JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("timeline");
        writeStep(out, new Step("asked", asked, Optional.empty()));
        Optional<Instant> queued =
                waiters.stream().flatMap(waiter -> waiter.queued().stream()).min(Comparator.naturalOrder());
        if (queued.isPresent()) {
            writeStep(out, new Step("queued", queued.get(), Optional.empty()));
        }
        for (Step step : steps) {
            writeStep(out, step);
        }
        out.writeEndArray();
    }

    private void writeStep(JsonGenerator out, Step step) throws IOException {
        out.writeStartObject();
        out.writeStringField("step", step.name());
        if (step.run().isPresent()) {
            out.writeStringField("run", step.run().get().toString());
        }
        out.writeNumberField("ms", ms(step.at()));
        out.writeEndObject();
    }

    private void writeWaiters(JsonGenerator out) throws IOException {
        Instant end = step("ended").map(Step::at).orElse(asked);
        out.writeNumberField("waiting", waiting);
        out.writeArrayFieldStart("waited");
        for (Waiter waiter : waiters) {
            out.writeStartObject();
            out.writeStringField("request", waiter.request().toString());
            out.writeNumberField("arrived_ms", ms(waiter.arrived()));
            if (end.isAfter(waiter.arrived())) {
                out.writeNumberField(
                        "waited_ms", Duration.between(waiter.arrived(), end).toNanos() / 1_000 / 1_000.0);
            }
            out.writeStringField("why", why(waiter));
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private String why(Waiter waiter) {
        if (waiter.behind().isEmpty()) {
            return run.model() + " was not loaded";
        }
        String names =
                String.join(", ", waiter.behind().stream().map(ModelId::value).toList());
        return run.model() + " was not loaded, and " + names + " had requests to finish";
    }
}
