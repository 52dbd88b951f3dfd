package dev.turntable.fsm;

import dev.turntable.event.ModelId;
import dev.turntable.event.Policy;
import dev.turntable.event.SetExpr;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/** Builds the policies of tests: models that exclude each other unless something else is said. */
final class Rules {
    private final List<Policy.Model> models = new ArrayList<>();
    private final List<Policy.Group> groups = new ArrayList<>();
    private final List<Policy.Profile> profiles = new ArrayList<>();
    private final List<Policy.MatrixSet> sets = new ArrayList<>();
    private final List<Policy.Cost> costs = new ArrayList<>();
    private Duration maxWait = Duration.ofSeconds(30);
    private Policy.Backoff backoff = new Policy.Backoff(3, Duration.ofSeconds(1), Duration.ofSeconds(60));
    private int queueLimit = 10_000;

    static Rules models(String... names) {
        Rules rules = new Rules();
        for (String name : names) {
            rules.models.add(new Policy.Model(
                    new ModelId(name),
                    "print-of-" + name,
                    Duration.ZERO,
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(5),
                    10,
                    0,
                    OptionalInt.empty()));
        }
        return rules;
    }

    Rules with(String name, UnaryOperator<Policy.Model> change) {
        models.replaceAll(m -> m.id().value().equals(name) ? change.apply(m) : m);
        return this;
    }

    Rules without(String name) {
        models.removeIf(m -> m.id().value().equals(name));
        return this;
    }

    Rules ttl(String name, Duration ttl) {
        return with(
                name,
                m -> new Policy.Model(
                        m.id(),
                        m.fingerprint(),
                        ttl,
                        m.startBudget(),
                        m.grace(),
                        m.concurrencyLimit(),
                        m.priority(),
                        m.port()));
    }

    Rules grace(String name, Duration grace) {
        return with(
                name,
                m -> new Policy.Model(
                        m.id(),
                        m.fingerprint(),
                        m.ttl(),
                        m.startBudget(),
                        grace,
                        m.concurrencyLimit(),
                        m.priority(),
                        m.port()));
    }

    Rules budget(String name, Duration budget) {
        return with(
                name,
                m -> new Policy.Model(
                        m.id(),
                        m.fingerprint(),
                        m.ttl(),
                        budget,
                        m.grace(),
                        m.concurrencyLimit(),
                        m.priority(),
                        m.port()));
    }

    Rules limit(String name, int limit) {
        return with(
                name,
                m -> new Policy.Model(
                        m.id(), m.fingerprint(), m.ttl(), m.startBudget(), m.grace(), limit, m.priority(), m.port()));
    }

    Rules priority(String name, int priority) {
        return with(
                name,
                m -> new Policy.Model(
                        m.id(),
                        m.fingerprint(),
                        m.ttl(),
                        m.startBudget(),
                        m.grace(),
                        m.concurrencyLimit(),
                        priority,
                        m.port()));
    }

    Rules fingerprint(String name, String print) {
        return with(
                name,
                m -> new Policy.Model(
                        m.id(),
                        print,
                        m.ttl(),
                        m.startBudget(),
                        m.grace(),
                        m.concurrencyLimit(),
                        m.priority(),
                        m.port()));
    }

    Rules port(String name, int port) {
        return with(
                name,
                m -> new Policy.Model(
                        m.id(),
                        m.fingerprint(),
                        m.ttl(),
                        m.startBudget(),
                        m.grace(),
                        m.concurrencyLimit(),
                        m.priority(),
                        OptionalInt.of(port)));
    }

    Rules group(String id, boolean swap, boolean exclusive, boolean persistent, String... members) {
        groups.add(new Policy.Group(id, swap, exclusive, persistent, ids(members)));
        return this;
    }

    /** All models run side by side. */
    Rules together() {
        return group(
                "all",
                false,
                false,
                false,
                models.stream().map(m -> m.id().value()).toArray(String[]::new));
    }

    Rules profile(String name, String... members) {
        profiles.add(new Policy.Profile(name, ids(members)));
        return this;
    }

    Rules set(String name, SetExpr expr) {
        sets.add(new Policy.MatrixSet(name, "text of " + name, expr));
        return this;
    }

    Rules cost(String model, int cost) {
        costs.add(new Policy.Cost(new ModelId(model), cost));
        return this;
    }

    Rules maxWait(Duration bound) {
        this.maxWait = bound;
        return this;
    }

    Rules queueLimit(int limit) {
        this.queueLimit = limit;
        return this;
    }

    Rules backoff(int after, Duration first, Duration max) {
        this.backoff = new Policy.Backoff(after, first, max);
        return this;
    }

    Policy policy() {
        Policy.Router router;
        if (sets.isEmpty()) {
            List<Policy.Group> all = new ArrayList<>(groups);
            List<ModelId> rest = models.stream()
                    .map(Policy.Model::id)
                    .filter(m -> groups.stream().noneMatch(g -> g.members().contains(m)))
                    .toList();
            all.add(new Policy.Group("(default)", true, true, false, rest));
            router = new Policy.Router.Groups(all);
        } else {
            router = new Policy.Router.Matrix(sets, costs);
        }
        List<Policy.Model> sorted =
                models.stream().sorted((a, b) -> a.id().compareTo(b.id())).toList();
        return new Policy(sorted, router, profiles, maxWait, backoff, queueLimit);
    }

    static SetExpr any(Object... parts) {
        return new SetExpr.AnyOf(Arrays.stream(parts).map(Rules::expr).toList());
    }

    static SetExpr all(Object... parts) {
        return new SetExpr.AllOf(Arrays.stream(parts).map(Rules::expr).toList());
    }

    static SetExpr expr(Object part) {
        return part instanceof SetExpr e ? e : new SetExpr.Name(new ModelId((String) part));
    }

    static List<ModelId> ids(String... names) {
        return Arrays.stream(names).map(ModelId::new).toList();
    }
}
