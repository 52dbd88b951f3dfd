package dev.turntable.sim;

import dev.turntable.event.ModelId;
import dev.turntable.event.Policy;
import dev.turntable.event.Route;
import dev.turntable.journal.Durability;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that a world will be confronted with, drawn before it begins; what becomes of it is for the core to decide. Parts can be
 * left out, and the rest stays what it was: so a failure is made small.
 *
 * @param policies the first is in force at the start, reloads name the others
 * @param preload loaded at every server start
 * @param horizon clients ask for nothing after this
 * @param calm models whose processes always behave
 */
record Plan(
        long seed,
        List<Policy> policies,
        List<ModelId> preload,
        List<Client> clients,
        List<Happening> happenings,
        Duration horizon,
        Durability durability,
        int snapshotEvery,
        Set<ModelId> calm) {

    /**
     * Somebody who asks, one thing after the other.
     *
     * @param waits he asks again only when he has his answer; otherwise as soon as his time has come
     */
    record Client(String name, Duration begins, boolean waits, List<Ask> asks) {}

    /**
     * One request.
     *
     * @param think time before it, from the end of the one before, or from its beginning for a client who does not wait
     * @param work how long the upstream and a slow client need for the answer
     * @param patience he hangs up when he has waited so long for a place
     * @param hangUp he leaves so long after the answer began
     */
    record Ask(
            Duration think,
            ModelId model,
            Route route,
            Optional<String> profile,
            boolean streaming,
            Duration work,
            Optional<Duration> patience,
            Optional<Duration> hangUp) {}

    /** Something that is done to the server or its machine. */
    record Happening(Duration at, Deed deed) {}

    /** What is done. */
    sealed interface Deed {
        record Unload(List<ModelId> models) implements Deed {}

        record Load(ModelId model) implements Deed {}

        record Hold() implements Deed {}

        record Lift() implements Deed {}

        record Activate(Optional<String> profile) implements Deed {}

        /** A new configuration. */
        record Reload(int policy) implements Deed {}

        /** A configuration that is refused. */
        record Refuse() implements Deed {}

        /** Somebody sets the wall clock. */
        record Step(Duration by) implements Deed {}

        /** The server dies at the append that many from now, before or after the commit is in the journal. */
        record Crash(Wreck wreck, int appends, boolean after, int bytesKept, Duration downtime) implements Deed {}

        /** An orderly stop, and a start. {@code again} is when somebody loses patience and tells it a second time. */
        record Restart(Duration drain, Optional<Duration> again, Duration downtime) implements Deed {}

        record FillDisk(Duration until) implements Deed {}

        /** A page or a poll that is no model's business. */
        record Poll() implements Deed {}
    }

    /** How much dies with the server. */
    enum Wreck {
        /** The server alone; its processes live on. */
        KILLED,
        /** The machine: what was not forced is lost, and so is every process. */
        POWER,
        /** The same, in the middle of a write. */
        TORN
    }

    Plan with(List<Client> others, List<Happening> happened) {
        return new Plan(seed, policies, preload, others, happened, horizon, durability, snapshotEvery, calm);
    }

    Plan calming(Set<ModelId> models) {
        return new Plan(seed, policies, preload, clients, happenings, horizon, durability, snapshotEvery, models);
    }

    /** Asks and happenings. */
    int size() {
        return happenings.size()
                + clients.stream().mapToInt(c -> c.asks().size()).sum();
    }
}
