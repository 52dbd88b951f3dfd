package dev.turntable.fsm;

import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Outcome;
import dev.turntable.event.Policy;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Random;

/** Clients that each ask for one model, wait for the answer, and ask again; processes that load, answer and exit in given times. */
final class ClosedLoop {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** How long things take; each is drawn between half and one and a half of it. */
    record Pace(Duration load, Duration stop, Duration answer, Duration think) {}

    private record Event(Instant at, long order, Runnable what) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparing(Event::at).thenComparing(Event::order));
    private final Random random;
    private final Pace pace;
    private final Map<RequestId, String> askers = new HashMap<>();
    private final Map<RequestId, Instant> arrivals = new HashMap<>();
    private final Map<RunId, Integer> exits = new HashMap<>();
    final Map<String, Integer> answers = new HashMap<>();
    final List<Duration> waits = new ArrayList<>();
    final List<String> broken = new ArrayList<>();
    int swaps;
    int failed;
    private Yard yard = Yard.empty();
    private Instant now = START;
    private long order;
    private long requests;
    private long seq;

    ClosedLoop(long seed, Policy policy, Pace pace) {
        this.random = new Random(seed);
        this.pace = pace;
        submit(new Fact.ServerStarted("t", 1, "b"));
        submit(new Fact.ConfigApplied(
                "h",
                "start",
                policy,
                new Fact.ConfigChange(List.of(), List.of(), List.of(), List.of(), List.of()),
                List.of()));
    }

    ClosedLoop client(String model) {
        after(Duration.ofNanos(random.nextInt(5_000_000)), () -> ask(model));
        return this;
    }

    ClosedLoop run(Duration time) {
        Instant end = START.plus(time);
        while (now.isBefore(end)) {
            Optional<Instant> wake = yard.nextWake();
            Event next = events.peek();
            if (wake.isPresent() && (next == null || !wake.get().isAfter(next.at()))) {
                now = wake.get().isAfter(now) ? wake.get() : now;
                Due due = yard.due(now).getFirst();
                submit(new Fact.TimerFired(due.timer(), due.at()));
            } else {
                events.poll();
                now = next.at();
                next.what().run();
            }
        }
        for (Instant arrival : arrivals.values()) {
            waits.add(Duration.between(arrival, now));
        }
        return this;
    }

    Duration longestWait() {
        return waits.stream().max(Comparator.naturalOrder()).orElse(Duration.ZERO);
    }

    private void after(Duration time, Runnable what) {
        events.add(new Event(now.plus(Timings.micros(time)), ++order, what));
    }

    private Duration about(Duration time) {
        long nanos = time.toNanos();
        return Duration.ofNanos(nanos / 2 + (nanos == 0 ? 0 : random.nextLong(nanos)));
    }

    private void ask(String model) {
        RequestId id = new RequestId(++requests);
        askers.put(id, model);
        arrivals.put(id, now);
        submit(new Fact.RequestArrived(
                id,
                new ModelId(model),
                Route.LOCAL,
                model,
                "POST",
                "/",
                Optional.empty(),
                "HTTP/1.1",
                "c",
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty()));
    }

    private void submit(Fact fact) {
        Verdict verdict = Core.decide(yard, fact, now);
        broken.addAll(
                Invariants.check(yard, new Commit(++seq, now, 0, 1, 1, fact, verdict.decisions()), verdict.next()));
        yard = verdict.next();
        for (Decision decision : verdict.decisions()) {
            switch (decision) {
                case Decision.StartOrdered d -> {
                    after(
                            Duration.ZERO,
                            () -> submit(new Fact.ProcessSpawned(d.run(), 1, 1, 1, OptionalInt.empty(), "h")));
                    Duration load = about(pace.load());
                    after(load, () -> submit(new Fact.ProcessReady(d.run(), load, "p")));
                }
                case Decision.StopOrdered d
                when exits.merge(d.run(), 1, Integer::sum) == 1 ->
                    after(about(pace.stop()), () -> submit(new Fact.ProcessExited(d.run(), 0, OptionalInt.empty(), 0)));
                case Decision.RequestAdmitted d -> {
                    waits.add(Duration.between(arrivals.remove(d.request()), now));
                    after(about(pace.answer()), () -> answered(d.request()));
                }
                case Decision.RequestShed _ -> failed++;
                case Decision.SwapStarted _ -> swaps++;
                default -> {
                    // nothing happens in this world because of it
                }
            }
        }
    }

    private void answered(RequestId id) {
        String model = askers.remove(id);
        answers.merge(model, 1, Integer::sum);
        submit(new Fact.RequestFinished(
                id,
                Outcome.OK,
                200,
                1,
                Optional.empty(),
                Duration.ZERO,
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
        after(about(pace.think()), () -> ask(model));
    }
}
