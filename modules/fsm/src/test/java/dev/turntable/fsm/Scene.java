package dev.turntable.fsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Actor;
import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Outcome;
import dev.turntable.event.Policy;
import dev.turntable.event.ProcessState;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.RunId;
import dev.turntable.event.ShedReason;
import dev.turntable.event.Stage;
import dev.turntable.event.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * A yard on which a test plays facts and looks at what follows. After every one of them the invariants hold, and reading the commit back
 * gives the same state.
 */
final class Scene {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private Yard yard = Yard.empty();
    private Instant now = START;
    private long seq;
    private long requests;
    private List<Decision> last = List.of();
    private final List<Decision> all = new ArrayList<>();

    static Scene of(Rules rules) {
        Scene scene = new Scene();
        scene.fact(new Fact.ServerStarted("test", 1, "boot"));
        scene.configure(rules);
        return scene;
    }

    // Facts

    List<Decision> fact(Fact fact) {
        Verdict verdict = Core.decide(yard, fact, now);
        Commit commit = new Commit(++seq, now, 0, 1, 1, fact, verdict.decisions());
        assertEquals(verdict.next().image(), Core.apply(yard, commit).image(), "reading back " + commit);
        assertEquals(verdict.decisions(), Core.decide(yard, fact, now).decisions(), "deciding again " + commit);
        assertEquals(List.of(), Invariants.check(yard, commit, verdict.next()), "after " + commit);
        assertDerived(verdict.next(), commit);
        yard = verdict.next();
        last = verdict.decisions();
        all.addAll(last);
        return last;
    }

    /** What a yard carries along is what it would find by counting anew. */
    private static void assertDerived(Yard yard, Commit commit) {
        Yard counted = Yard.of(yard.image());
        assertEquals(counted.claims, yard.claims, "claims after " + commit);
        assertArrayEquals(counted.live, yard.live, "live after " + commit);
        assertEquals(counted.oldest, yard.oldest, "oldest after " + commit);
        assertEquals(counted.berths(), yard.berths(), "berths after " + commit);
    }

    Scene configure(Rules rules) {
        return configure(rules.policy());
    }

    Scene configure(Policy policy) {
        fact(new Fact.ConfigApplied(
                "hash",
                "start",
                policy,
                new Fact.ConfigChange(List.of(), List.of(), List.of(), List.of(), List.of()),
                List.of()));
        return this;
    }

    RequestId ask(String model) {
        return ask(model, Optional.empty(), Route.LOCAL);
    }

    RequestId askIn(String profile, String model) {
        return ask(model, Optional.of(profile), Route.LOCAL);
    }

    RequestId ask(String model, Optional<String> profile, Route route) {
        return arrive(new RequestId(++requests), model, profile, route);
    }

    RequestId arrive(RequestId id, String model, Optional<String> profile, Route route) {
        fact(new Fact.RequestArrived(
                id,
                new ModelId(model),
                route,
                model,
                "POST",
                "/v1/chat/completions",
                Optional.of("/v1/chat/completions"),
                "HTTP/1.1",
                "127.0.0.1",
                Optional.empty(),
                false,
                Optional.empty(),
                profile));
        return id;
    }

    List<Decision> finish(RequestId id) {
        return fact(new Fact.RequestFinished(
                id,
                Outcome.OK,
                200,
                1,
                Optional.empty(),
                Duration.ofMillis(1),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    List<Decision> leave(RequestId id) {
        return fact(new Fact.RequestAbandoned(id, Stage.QUEUED, Actor.REQUEST));
    }

    List<Decision> spawned(String model) {
        RunId run = run(model).id();
        return fact(
                new Fact.ProcessSpawned(run, 1000 + run.number(), 7, 1000 + run.number(), OptionalInt.empty(), "hash"));
    }

    List<Decision> ready(String model) {
        return ready(model, Duration.ofMillis(100));
    }

    List<Decision> ready(String model, Duration load) {
        return fact(new Fact.ProcessReady(run(model).id(), load, "/health"));
    }

    List<Decision> exited(String model) {
        return exited(run(model).id());
    }

    List<Decision> exited(RunId run) {
        return fact(new Fact.ProcessExited(run, 0, OptionalInt.empty(), 0));
    }

    List<Decision> unload(String... models) {
        return fact(new Fact.UnloadAsked(Rules.ids(models), Actor.OPERATOR));
    }

    List<Decision> load(String model) {
        return fact(new Fact.LoadAsked(new ModelId(model), Actor.OPERATOR));
    }

    /** Loads a model and lets its first request end, so that it is ready and idle. */
    Scene idle(String model) {
        RequestId id = ask(model);
        if (yard.state(new ModelId(model)) == ProcessState.STARTING) {
            spawned(model);
            ready(model);
        }
        finish(id);
        return this;
    }

    /** Loads a model and leaves its first request running. */
    RequestId busy(String model) {
        RequestId id = ask(model);
        if (yard.state(new ModelId(model)) == ProcessState.STARTING) {
            spawned(model);
            ready(model);
        }
        return id;
    }

    /** Time passes; whatever falls due on the way is fired at its moment. */
    Scene pass(Duration time) {
        Instant end = now.plus(time);
        for (Optional<Instant> next = yard.nextWake();
                next.isPresent() && !next.get().isAfter(end);
                next = yard.nextWake()) {
            now = next.get().isAfter(now) ? next.get() : now;
            Due due = yard.due(now).getFirst();
            fact(new Fact.TimerFired(due.timer(), due.at()));
        }
        now = end;
        return this;
    }

    Scene seconds(double seconds) {
        return pass(Duration.ofNanos((long) (seconds * 1e9)));
    }

    Scene millis(long millis) {
        return pass(Duration.ofMillis(millis));
    }

    List<Decision> fire(Timer timer, Instant due) {
        return fact(new Fact.TimerFired(timer, due));
    }

    // Looks

    Yard yard() {
        return yard;
    }

    void yard(Yard other) {
        this.yard = other;
    }

    Instant now() {
        return now;
    }

    Run run(String model) {
        return yard.run(new ModelId(model)).orElseThrow(() -> new AssertionError(model + " has no process"));
    }

    ProcessState state(String model) {
        return yard.state(new ModelId(model));
    }

    /** Every process that is not stopped, as {@code a:ready b:starting}. */
    String running() {
        return yard.runs().stream().map(r -> r.model() + ":" + r.state().wire()).collect(Collectors.joining(" "));
    }

    List<Decision> last() {
        return last;
    }

    <T extends Decision> List<T> all(Class<T> type) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }

    <T extends Decision> List<T> last(Class<T> type) {
        return last.stream().filter(type::isInstance).map(type::cast).toList();
    }

    void forget() {
        all.clear();
    }

    OpenRequest.Place place(RequestId id) {
        return yard.request(id)
                .orElseThrow(() -> new AssertionError(id + " has ended"))
                .place();
    }

    boolean isServed(RequestId id) {
        return place(id) instanceof OpenRequest.Place.Leased;
    }

    boolean isQueued(RequestId id) {
        return place(id) instanceof OpenRequest.Place.Queued;
    }

    boolean isJoined(RequestId id) {
        return place(id) instanceof OpenRequest.Place.Joined;
    }

    Decision.RequestShed shed(RequestId id) {
        return all(Decision.RequestShed.class).stream()
                .filter(d -> d.request().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError(id + " was not refused"));
    }

    void assertShed(RequestId id, ShedReason reason, String detail) {
        assertEquals(reason, shed(id).reason());
        assertEquals(detail, shed(id).detail());
    }

    void assertServed(RequestId... ids) {
        Arrays.stream(ids).forEach(id -> assertTrue(isServed(id), id + " is " + place(id)));
    }

    void assertQueued(RequestId... ids) {
        Arrays.stream(ids).forEach(id -> assertTrue(isQueued(id), id + " is " + place(id)));
    }

    /** Models in the order their starts were ordered. */
    String starts() {
        return all(Decision.StartOrdered.class).stream()
                .map(d -> d.run().model().value())
                .collect(Collectors.joining(" "));
    }

    /** The queue's models, front first. */
    String queue() {
        return yard.queue().stream().map(w -> w.model().value()).collect(Collectors.joining(" "));
    }
}
