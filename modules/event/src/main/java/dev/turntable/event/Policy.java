package dev.turntable.event;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the core needs to know of a configuration, and nothing more: no command, no URL, no secret. It stands whole in
 * {@link Fact.ConfigApplied}, so that a journal alone is enough to decide everything again.
 *
 * @param models every local model, sorted by id
 * @param router which models may run together
 * @param profiles old-style profiles: models that load side by side when asked for as {@code profile:model}
 * @param maxWait longest time a request waits before its model's turn comes
 * @param backoff what follows repeated failures to start
 * @param queueLimit requests that may wait at once, all models together
 */
public record Policy(
        List<Model> models, Router router, List<Profile> profiles, Duration maxWait, Backoff backoff, int queueLimit) {
    public Policy {
        models = List.copyOf(models);
        profiles = List.copyOf(profiles);
    }

    /**
     * One model's scheduling settings.
     *
     * @param fingerprint changes when a running process would be stale under the new settings
     * @param ttl idle time before unload; zero is never
     * @param startBudget longest time from spawn to ready
     * @param grace time between SIGTERM and SIGKILL
     * @param concurrencyLimit requests reserved at once, waiting ones included
     * @param priority higher goes first in the queue
     * @param port the port it listens on, where we gave it one
     */
    public record Model(
            ModelId id,
            String fingerprint,
            Duration ttl,
            Duration startBudget,
            Duration grace,
            int concurrencyLimit,
            int priority,
            OptionalInt port) {}

    /** Decides who must leave for whom. */
    public sealed interface Router {
        /** llama-swap §5.4. */
        @WireName("groups")
        record Groups(List<Group> groups) implements Router {
            public Groups {
                groups = List.copyOf(groups);
            }
        }

        /** llama-swap §5.5; the sets stand in the order that decides ties. */
        @WireName("matrix")
        record Matrix(List<MatrixSet> sets, List<Cost> costs) implements Router {
            public Matrix {
                sets = List.copyOf(sets);
                costs = List.copyOf(costs);
            }
        }
    }

    /** A group of the group router. */
    public record Group(String id, boolean swap, boolean exclusive, boolean persistent, List<ModelId> members) {
        public Group {
            members = List.copyOf(members);
        }
    }

    /** A named set of the matrix with its text as the user wrote it. */
    public record MatrixSet(String name, String dsl, SetExpr expr) {}

    /** What it costs to evict a model; 1 where none is given. */
    public record Cost(ModelId model, int cost) {}

    /** An old-style profile. */
    public record Profile(String name, List<ModelId> members) {
        public Profile {
            members = List.copyOf(members);
        }
    }

    /** From {@code after} failures in a row on, a start is refused for {@code first}, doubling up to {@code max}. */
    public record Backoff(int after, Duration first, Duration max) {}

    /** The settings of one model, if it is configured. */
    public Optional<Model> model(ModelId id) {
        return models.stream().filter(m -> m.id().equals(id)).findFirst();
    }
}
