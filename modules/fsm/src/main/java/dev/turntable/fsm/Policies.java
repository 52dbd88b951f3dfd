package dev.turntable.fsm;

import dev.turntable.config.Config;
import dev.turntable.config.ModelConfig;
import dev.turntable.config.Routing;
import dev.turntable.config.TurntableSettings;
import dev.turntable.event.ModelId;
import dev.turntable.event.Policy;
import dev.turntable.event.SetExpr;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Takes out of a configuration what the core needs to know, and nothing more. */
public final class Policies {
    /** The policy of a server that has not read its configuration yet. */
    static final Policy NONE = new Policy(
            List.of(),
            new Policy.Router.Groups(List.of()),
            List.of(),
            Duration.ofSeconds(30),
            new Policy.Backoff(3, Duration.ofSeconds(1), Duration.ofSeconds(60)),
            10_000);

    private Policies() {}

    /** The policy that stands in {@code config.applied} for this configuration. */
    public static Policy from(Config config) {
        List<Policy.Model> models = new ArrayList<>();
        for (ModelConfig model : config.models().values()) {
            models.add(new Policy.Model(
                    new ModelId(model.id()),
                    model.fingerprint(),
                    model.ttl(),
                    config.healthCheckTimeout(),
                    model.unloadTimeout(),
                    model.concurrencyLimit(),
                    config.priority(model.id()),
                    model.ownPort()));
        }
        models.sort((a, b) -> a.id().compareTo(b.id()));
        TurntableSettings ours = config.turntable();
        return new Policy(
                models,
                router(config.routing()),
                profiles(config),
                ours.maxWait(),
                new Policy.Backoff(
                        ours.backoff().after(),
                        ours.backoff().initial(),
                        ours.backoff().max()),
                ours.limits().queue());
    }

    private static Policy.Router router(Routing routing) {
        return switch (routing) {
            case Routing.Groups groups ->
                new Policy.Router.Groups(groups.groups().stream()
                        .map(g -> new Policy.Group(g.id(), g.swap(), g.exclusive(), g.persistent(), ids(g.members())))
                        .toList());
            case Routing.Matrix matrix ->
                new Policy.Router.Matrix(
                        matrix.sets().entrySet().stream()
                                .map(e -> new Policy.MatrixSet(
                                        e.getKey(),
                                        matrix.texts().get(e.getKey()),
                                        resolve(e.getValue(), matrix.sets())))
                                .toList(),
                        matrix.evictCosts().entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(e -> new Policy.Cost(new ModelId(e.getKey()), e.getValue()))
                                .toList());
        };
    }

    private static SetExpr resolve(dev.turntable.config.SetExpr expr, Map<String, dev.turntable.config.SetExpr> sets) {
        return switch (expr) {
            case dev.turntable.config.SetExpr.Name name -> new SetExpr.Name(new ModelId(name.model()));
            case dev.turntable.config.SetExpr.And and ->
                new SetExpr.AllOf(
                        and.parts().stream().map(p -> resolve(p, sets)).toList());
            case dev.turntable.config.SetExpr.Or or ->
                new SetExpr.AnyOf(or.parts().stream().map(p -> resolve(p, sets)).toList());
            case dev.turntable.config.SetExpr.Ref ref -> resolve(sets.get(ref.set()), sets);
        };
    }

    private static List<Policy.Profile> profiles(Config config) {
        return config.modelSets().entrySet().stream()
                .map(e -> new Policy.Profile(e.getKey(), ids(e.getValue())))
                .toList();
    }

    private static List<ModelId> ids(List<String> names) {
        return names.stream().map(ModelId::new).toList();
    }
}
