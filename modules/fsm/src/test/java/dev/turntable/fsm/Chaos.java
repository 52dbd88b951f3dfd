package dev.turntable.fsm;

import dev.turntable.event.Actor;
import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Outcome;
import dev.turntable.event.Policy;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.RunId;
import dev.turntable.event.SetExpr;
import dev.turntable.event.Stage;
import dev.turntable.event.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;

/**
 * A seeded source of facts, half of them plausible, half of them nonsense, that plays them on a yard and says what went wrong. It knows
 * nothing of what the core should do: the invariants judge.
 */
final class Chaos {
    private static final String[] NAMES = {"a", "b", "c", "d", "e"};
    private final Random random;
    private final boolean plausible;
    private Yard yard = Yard.empty();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private long seq;
    private long requests;
    private final List<Commit> log = new ArrayList<>();

    Chaos(long seed, boolean plausible) {
        this.random = new Random(seed);
        this.plausible = plausible;
    }

    /** The broken invariants, with the facts that led there; empty when all is well. */
    List<String> run(int steps) {
        List<String> broken = new ArrayList<>();
        play(new Fact.ServerStarted("t", 1, "b"), broken);
        play(config(), broken);
        for (int i = 0; i < steps && broken.isEmpty(); i++) {
            now = now.plusMillis(random.nextInt(10) == 0 ? random.nextInt(5000) : random.nextInt(60));
            List<Due> due = yard.due(now);
            if (!due.isEmpty() && random.nextInt(8) > 0) {
                play(new Fact.TimerFired(due.getFirst().timer(), due.getFirst().at()), broken);
            } else {
                play(next(), broken);
            }
        }
        return broken;
    }

    List<Commit> log() {
        return log;
    }

    Yard yard() {
        return yard;
    }

    private void play(Fact fact, List<String> broken) {
        Commit commit;
        if (fact instanceof Fact.ClockStepped step && step.by().isPositive()) {
            now = now.plus(step.by());
        }
        try {
            Verdict verdict = Core.decide(yard, fact, now);
            commit = new Commit(++seq, now, 0, 1, 1, fact, verdict.decisions());
            log.add(commit);
            if (!Core.apply(yard, commit).image().equals(verdict.next().image())) {
                broken.add("read back, it is another state: " + commit);
            }
            if (!Core.decide(yard, fact, now).decisions().equals(verdict.decisions())) {
                broken.add("decided again, it is another decision: " + commit);
            }
            if (plausible && verdict.decisions().stream().anyMatch(Decision.TransitionRefused.class::isInstance)) {
                broken.add("refused: " + commit);
            }
            Invariants.check(yard, commit, verdict.next()).forEach(v -> broken.add(v + "  after " + commit));
            if (seq % 40 == 0
                    && !Yard.of(verdict.next().image())
                            .stateHash()
                            .equals(verdict.next().stateHash())) {
                broken.add("from its image, it is another state");
            }
            yard = verdict.next();
            boolean wakes = yard.nextWake().filter(at -> !at.isAfter(now)).isPresent();
            if (wakes == yard.due(now).isEmpty()) {
                broken.add("it wants to be woken, but nothing is due, or the other way round: " + commit);
            }
        } catch (RuntimeException e) {
            broken.add(e + " at " + fact + " "
                    + List.of(e.getStackTrace()).subList(0, Math.min(12, e.getStackTrace().length)));
        }
    }

    private Fact next() {
        int dice = random.nextInt(1000);
        if (dice < 300) {
            return arrival();
        }
        if (dice < 560) {
            return ending();
        }
        if (dice < 640) {
            return plausible ? abandon() : new Fact.RequestAbandoned(anyRequest(), Stage.QUEUED, Actor.REQUEST);
        }
        if (dice < 930) {
            return plausible ? process() : nonsense();
        }
        return operator(dice - 930);
    }

    private Fact arrival() {
        Optional<String> profile =
                random.nextInt(6) == 0 ? Optional.of(random.nextBoolean() ? "p" : "nope") : Optional.empty();
        Route route = random.nextInt(15) == 0 ? Route.PRELOAD : random.nextInt(20) == 0 ? Route.PEER : Route.LOCAL;
        String model = random.nextInt(30) == 0 ? "nobody" : NAMES[random.nextInt(NAMES.length)];
        long id = !plausible && random.nextInt(20) == 0 ? 1 + random.nextInt(20) : ++requests;
        return new Fact.RequestArrived(
                new RequestId(id),
                new ModelId(model),
                route,
                model,
                "POST",
                "/x",
                Optional.empty(),
                "HTTP/1.1",
                "c",
                Optional.empty(),
                false,
                Optional.empty(),
                profile);
    }

    private RequestId anyRequest() {
        List<OpenRequest> open = yard.requests();
        return open.isEmpty() || !plausible && random.nextInt(10) == 0
                ? new RequestId(random.nextInt(50))
                : open.get(random.nextInt(open.size())).id();
    }

    private Fact ending() {
        List<OpenRequest> over =
                yard.requests().stream().filter(r -> !plausible || isOver(r)).toList();
        if (plausible && over.isEmpty()) {
            return arrival();
        }
        RequestId id = plausible ? over.get(random.nextInt(over.size())).id() : anyRequest();
        return new Fact.RequestFinished(
                id,
                Outcome.OK,
                200,
                1,
                Optional.empty(),
                Duration.ofMillis(3),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static boolean isOver(OpenRequest request) {
        return !(request.place() instanceof OpenRequest.Place.Queued)
                && !(request.place() instanceof OpenRequest.Place.Joined);
    }

    private Fact abandon() {
        List<OpenRequest> waiting =
                yard.requests().stream().filter(r -> !isOver(r)).toList();
        return waiting.isEmpty()
                ? arrival()
                : new Fact.RequestAbandoned(
                        waiting.get(random.nextInt(waiting.size())).id(), Stage.QUEUED, Actor.REQUEST);
    }

    /** What a real process could report now. */
    private Fact process() {
        List<Run> runs = yard.runs();
        if (runs.isEmpty()) {
            return arrival();
        }
        Run run = runs.get(random.nextInt(runs.size()));
        if (run.gate().orphan()) {
            return switch (random.nextInt(3)) {
                case 0 -> new Fact.ProcessLost(run.id());
                case 1 -> new Fact.OrphanFound(run.id(), 1, true, "fine");
                default -> new Fact.OrphanFound(run.id(), 1, false, "changed");
            };
        }
        return switch (run.state()) {
            case STARTING -> starting(run);
            case READY -> random.nextInt(8) == 0 ? exit(run) : arrival();
            case STOPPING -> random.nextInt(3) == 0 ? new Fact.StopFailed(run.id(), "no") : exit(run);
            case STOPPED, SHUTDOWN -> throw new AssertionError("a run that is not there");
        };
    }

    private Fact starting(Run run) {
        if (run.child().isEmpty()) {
            return random.nextInt(10) == 0 ? new Fact.SpawnFailed(run.id(), "no such file") : spawn(run.id());
        }
        if (run.isLeaving()) {
            return exit(run);
        }
        int dice = random.nextInt(10);
        return dice < 6
                ? new Fact.ProcessReady(
                        run.id(), Duration.ofNanos(1_000_000L * random.nextInt(300) + random.nextInt(1000)), "/health")
                : dice < 8 ? exit(run) : new Fact.ProbeTimedOut(run.id(), 1);
    }

    private static Fact spawn(RunId run) {
        return new Fact.ProcessSpawned(run, 100 + run.number(), 1, 100 + run.number(), OptionalInt.empty(), "h");
    }

    private static Fact exit(Run run) {
        return new Fact.ProcessExited(run.id(), 0, OptionalInt.empty(), 0);
    }

    /** Anything at all about any run, there or not. */
    private Fact nonsense() {
        List<Run> runs = yard.runs();
        RunId run = runs.isEmpty() || random.nextInt(5) == 0
                ? new RunId(new ModelId(NAMES[random.nextInt(NAMES.length)]), random.nextInt(30))
                : runs.get(random.nextInt(runs.size())).id();
        return switch (random.nextInt(14)) {
            case 0, 1 -> spawn(run);
            case 2 -> new Fact.SpawnFailed(run, "x");
            case 3, 4, 5 -> new Fact.ProcessReady(run, Duration.ofMillis(random.nextInt(400)), "p");
            case 6 -> new Fact.ProbeTimedOut(run, 1);
            case 7, 8 -> new Fact.ProcessExited(run, 1, OptionalInt.of(9), 0);
            case 9 -> new Fact.StopFailed(run, "x");
            case 10 -> new Fact.OrphanFound(run, 1, random.nextBoolean(), "x");
            case 11 -> new Fact.ProcessLost(run);
            case 12 ->
                new Fact.TimerFired(
                        switch (random.nextInt(5)) {
                            case 0 -> new Timer.Ttl(run);
                            case 1 -> new Timer.StartDeadline(run);
                            case 2 -> new Timer.KillDeadline(run);
                            case 3 -> new Timer.Linger(run);
                            default -> new Timer.WaitBound(run.model());
                        },
                        now);
            default -> new Fact.SnapshotDue();
        };
    }

    private Fact operator(int dice) {
        ModelId model = new ModelId(NAMES[random.nextInt(NAMES.length)]);
        if (dice < 18) {
            return new Fact.UnloadAsked(random.nextInt(3) == 0 ? List.of() : List.of(model), Actor.OPERATOR);
        }
        if (dice < 34) {
            return new Fact.LoadAsked(
                    plausible
                            ? yard.policy()
                                    .models()
                                    .get(random.nextInt(yard.policy().models().size()))
                                    .id()
                            : model,
                    Actor.OPERATOR);
        }
        if (dice < 39) {
            return new Fact.HoldPlaced(Actor.OPERATOR, "training");
        }
        if (dice < 50) {
            return new Fact.HoldLifted(Actor.OPERATOR);
        }
        if (dice < 60) {
            return config();
        }
        if (dice < 63) {
            return new Fact.ClockStepped(Duration.ofSeconds(random.nextInt(7200) - 3600));
        }
        if (dice < 65) {
            return new Fact.ProfileActivated(Optional.of("p"), Actor.OPERATOR);
        }
        return switch (dice) {
            case 65 -> new Fact.ServerStarted("t", 2, "b");
            case 66 -> new Fact.ServerStopping("TERM", Optional.of(Duration.ofSeconds(1 + random.nextInt(3))));
            case 67 ->
                yard.phase() == Phase.DRAINING
                        ? random.nextBoolean()
                                ? new Fact.ServerDrained(Duration.ofSeconds(1))
                                : new Fact.ServerForced("INT")
                        : new Fact.ServerStarted("t", 3, "b");
            case 68 ->
                yard.phase() == Phase.STOPPING && yard.runs().isEmpty()
                        ? new Fact.ServerStopped()
                        : new Fact.ServerStarted("t", 4, "b");
            default -> new Fact.SnapshotDue();
        };
    }

    private Fact config() {
        Rules rules = Rules.models(NAMES);
        for (String name : NAMES) {
            rules.fingerprint(name, random.nextInt(4) == 0 ? "other" : "same")
                    .ttl(name, Duration.ofSeconds(random.nextInt(3)))
                    .grace(name, Duration.ofSeconds(random.nextInt(3)))
                    .limit(name, 1 + random.nextInt(6))
                    .priority(name, random.nextInt(3));
            if (random.nextInt(5) == 0) {
                int port = 9000 + random.nextInt(2);
                rules.port(name, port).fingerprint(name, "on " + port);
            }
        }
        if (random.nextInt(4) == 0) {
            rules.without(NAMES[random.nextInt(NAMES.length)]);
        }
        rules.maxWait(Duration.ofMillis(500 + random.nextInt(5000))).queueLimit(3 + random.nextInt(20));
        rules.profile("p", "a", "b");
        switch (random.nextInt(4)) {
            case 0 ->
                rules.group("g", random.nextBoolean(), random.nextBoolean(), random.nextBoolean(), "a", "b")
                        .group("h", random.nextBoolean(), random.nextBoolean(), random.nextBoolean(), "c");
            case 1 -> rules.set("s1", expr(2)).set("s2", expr(3)).cost("b", 1 + random.nextInt(5));
            case 2 -> rules.group("g", false, true, false, "a", "b", "c");
            default -> {
                // everybody excludes everybody
            }
        }
        Policy policy = rules.policy();
        return new Fact.ConfigApplied(
                "h",
                "start",
                policy,
                new Fact.ConfigChange(List.of(), List.of(), List.of(), List.of(), List.of()),
                List.of());
    }

    private SetExpr expr(int depth) {
        if (depth == 0 || random.nextInt(4) == 0) {
            return Rules.expr(NAMES[random.nextInt(NAMES.length)]);
        }
        return random.nextBoolean()
                ? Rules.any(expr(depth - 1), expr(depth - 1))
                : Rules.all(expr(depth - 1), expr(depth - 1));
    }
}
