package dev.turntable.history;

import dev.turntable.event.Actor;
import dev.turntable.event.Commit;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Outcome;
import dev.turntable.event.Policy;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.RunId;
import dev.turntable.fsm.Core;
import dev.turntable.fsm.Verdict;
import dev.turntable.fsm.Yard;
import dev.turntable.fsm.YardImage;
import dev.turntable.journal.Journal;
import dev.turntable.journal.RecordCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A Conductor for tests: the real core decides each fact, the journal gets the commit. Models a and b exclude each other. */
final class Decided {
    final Journal journal;
    final List<String> hashes = new ArrayList<>();
    Yard yard = Yard.empty();
    private Instant now = Instant.parse("2026-09-01T10:00:00Z");

    Decided(Journal journal) {
        this.journal = journal;
        hashes.add(yard.stateHash());
        fact(new Fact.ServerStarted("0", 1, "boot"));
        fact(new Fact.ConfigApplied(
                "hash",
                "start",
                policy(),
                new Fact.ConfigChange(List.of(), List.of(), List.of(), List.of(), List.of()),
                List.of()));
    }

    private static Policy policy() {
        return new Policy(
                List.of(model(World.A, Duration.ofSeconds(10)), model(World.B, Duration.ZERO)),
                new Policy.Router.Groups(
                        List.of(new Policy.Group("(default)", true, true, false, List.of(World.A, World.B)))),
                List.of(),
                Duration.ofMinutes(5),
                new Policy.Backoff(3, Duration.ofSeconds(1), Duration.ofSeconds(60)),
                1_000);
    }

    private static Policy.Model model(ModelId id, Duration ttl) {
        return new Policy.Model(
                id, "f-" + id, ttl, Duration.ofSeconds(120), Duration.ofSeconds(5), 10, 0, OptionalInt.of(9_000));
    }

    Commit fact(Fact fact) {
        now = now.plusMillis(10);
        Verdict verdict = Core.decide(yard, fact, now);
        Commit commit = journal.append(now, 0, fact, verdict.decisions());
        yard = verdict.next();
        hashes.add(yard.stateHash());
        return commit;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    Instant now() {
        return now;
    }

    /** Keeps a snapshot of the state as it is. */
    void snapshot() {
        journal.snapshots()
                .save(
                        journal.head(),
                        yard.stateHash(),
                        RecordCodec.of(YardImage.class).encode(yard.image()));
    }

    RequestId ask(long number, ModelId model) {
        return arrive(number, model, Route.LOCAL);
    }

    RequestId preload(long number, ModelId model) {
        return arrive(number, model, Route.PRELOAD);
    }

    private RequestId arrive(long number, ModelId model, Route route) {
        RequestId request = new RequestId(number);
        fact(new Fact.RequestArrived(
                request,
                model,
                route,
                model.value(),
                "POST",
                "/v1/chat/completions",
                Optional.of("/v1/chat/completions"),
                "HTTP/1.1",
                "127.0.0.1",
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty()));
        return request;
    }

    void finish(RequestId request, Outcome outcome, int status) {
        fact(new Fact.RequestFinished(
                request,
                outcome,
                status,
                10,
                Optional.of(Duration.ofMillis(5)),
                Duration.ofMillis(20),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    /** The run whose start the last commits ordered, become ready. */
    RunId ready(ModelId model) {
        RunId run = yard.run(model).orElseThrow().id();
        fact(new Fact.ProcessSpawned(run, 100 + run.number(), 7, 100 + run.number(), OptionalInt.of(9_000), "hash"));
        fact(new Fact.ProcessReady(run, Duration.ofMillis(900), "http://127.0.0.1:9000/health"));
        return run;
    }

    void exit(RunId run) {
        fact(new Fact.ProcessExited(run, 0, OptionalInt.empty(), 0));
    }

    /** Fires everything that is due by then. */
    void wait(Duration time) {
        pass(time);
        yard.due(now).forEach(due -> fact(new Fact.TimerFired(due.timer(), due.at())));
    }

    /** a is loaded and serves; b is asked for, waits for a's request, evicts a, fails to start; a is unloaded; a hold refuses a. */
    static Decided story(Journal journal) {
        Decided d = new Decided(journal);
        RequestId first = d.ask(1, World.A);
        RunId a = d.ready(World.A);
        RequestId second = d.ask(2, World.B);
        d.pass(Duration.ofMillis(500));
        d.finish(first, Outcome.OK, 200);
        d.wait(Duration.ofSeconds(2));
        d.exit(a);
        RunId b = d.ready(World.B);
        d.finish(second, Outcome.OK, 200);
        d.fact(new Fact.UnloadAsked(List.of(World.B), Actor.operator("ops")));
        d.exit(b);
        RequestId third = d.ask(3, World.A);
        RunId again = d.yard.run(World.A).orElseThrow().id();
        d.fact(new Fact.SpawnFailed(again, "failed to start command 'nope': no such file"));
        d.finish(third, Outcome.LOAD_FAILED, 500);
        return d;
    }
}
