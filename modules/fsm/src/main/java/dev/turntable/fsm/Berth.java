package dev.turntable.fsm;

import dev.turntable.event.ModelId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everything the yard knows of one model.
 *
 * @param run its process, unless it is stopped
 * @param swap the swap that will make it ready
 * @param reserved requests that take up a slot, waiting ones included
 * @param loads its last load times, newest first, at most {@link #LOADS}
 * @param failures failed starts in a row
 * @param lastFailure what the last failed start said
 * @param backoff until when it is not started
 * @param claim its place in the order of claimed turns; 0 when it claims none
 */
public record Berth(
        ModelId model,
        Optional<Run> run,
        Optional<Swap> swap,
        int reserved,
        List<Duration> loads,
        int failures,
        Optional<String> lastFailure,
        Optional<Instant> backoff,
        long claim) {
    /** Load times kept per model: enough for a median that one bad day does not move. */
    public static final int LOADS = 9;

    public Berth {
        loads = List.copyOf(loads);
    }

    static Berth empty(ModelId model) {
        return new Berth(
                model, Optional.empty(), Optional.empty(), 0, List.of(), 0, Optional.empty(), Optional.empty(), 0);
    }

    /** Nothing happens here: no process, no swap, nobody who holds a slot. */
    boolean isVacant() {
        return run.isEmpty() && swap.isEmpty() && reserved == 0;
    }

    /** The median of the last load times. */
    public Optional<Duration> usualLoad() {
        return loads.isEmpty()
                ? Optional.empty()
                : Optional.of(loads.stream().sorted().toList().get(loads.size() / 2));
    }

    Berth with(Run value) {
        return new Berth(model, Optional.of(value), swap, reserved, loads, failures, lastFailure, backoff, claim);
    }

    Berth withoutRun() {
        return new Berth(model, Optional.empty(), swap, reserved, loads, failures, lastFailure, backoff, claim);
    }

    Berth with(Swap value) {
        return new Berth(model, run, Optional.of(value), reserved, loads, failures, lastFailure, backoff, claim);
    }

    Berth withoutSwap() {
        return new Berth(model, run, Optional.empty(), reserved, loads, failures, lastFailure, backoff, claim);
    }

    Berth reserved(int change) {
        return new Berth(model, run, swap, reserved + change, loads, failures, lastFailure, backoff, claim);
    }

    Berth leased(Run value, int change) {
        return new Berth(
                model, Optional.of(value), swap, reserved + change, loads, failures, lastFailure, backoff, claim);
    }

    Berth loaded(Run value) {
        List<Duration> more = new ArrayList<>(LOADS);
        more.add(value.loaded().load());
        more.addAll(loads.subList(0, Math.min(loads.size(), LOADS - 1)));
        return new Berth(model, Optional.of(value), swap, reserved, more, 0, Optional.empty(), Optional.empty(), claim);
    }

    Berth failed(String detail) {
        return new Berth(model, run, swap, reserved, loads, failures + 1, Optional.of(detail), backoff, claim);
    }

    Berth backedOff(int count, String detail, Instant until) {
        return new Berth(model, run, swap, reserved, loads, count, Optional.of(detail), Optional.of(until), claim);
    }

    Berth forgiven() {
        return new Berth(model, run, swap, reserved, loads, 0, Optional.empty(), Optional.empty(), claim);
    }

    Berth claiming(long order) {
        return new Berth(model, run, swap, reserved, loads, failures, lastFailure, backoff, order);
    }

    /** The same berth after a crash of ours: no request is left. */
    Berth forgotten() {
        return new Berth(model, run.map(Run::forgotten), Optional.empty(), 0, loads, failures, lastFailure, backoff, 0);
    }

    Berth shifted(Duration by) {
        return new Berth(
                model,
                run.map(r -> r.shifted(by)),
                swap.map(s -> s.shifted(by)),
                reserved,
                loads,
                failures,
                lastFailure,
                backoff.map(t -> t.plus(by)),
                claim);
    }
}
