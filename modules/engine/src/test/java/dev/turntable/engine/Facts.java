package dev.turntable.engine;

import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Outcome;
import dev.turntable.event.Policy;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.RunId;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Facts for tests. */
final class Facts {
    private Facts() {}

    static Fact started() {
        return new Fact.ServerStarted("test", 1, "boot");
    }

    static Fact config(Duration ttl, String... names) {
        return config(ttl, 10, 100, names);
    }

    static Fact config(Duration ttl, int concurrencyLimit, int queueLimit, String... names) {
        List<ModelId> ids = Arrays.stream(names).map(ModelId::new).toList();
        Policy policy = new Policy(
                ids.stream()
                        .map(id -> new Policy.Model(
                                id,
                                "print",
                                ttl,
                                Duration.ofSeconds(15),
                                Duration.ofSeconds(5),
                                concurrencyLimit,
                                0,
                                OptionalInt.empty()))
                        .toList(),
                new Policy.Router.Groups(List.of(new Policy.Group("(default)", true, true, false, ids))),
                List.of(),
                Duration.ofSeconds(30),
                new Policy.Backoff(3, Duration.ofSeconds(1), Duration.ofSeconds(60)),
                queueLimit);
        return new Fact.ConfigApplied(
                "hash",
                "start",
                policy,
                new Fact.ConfigChange(List.of(), List.of(), List.of(), List.of(), List.of()),
                List.of());
    }

    static Fact.RequestArrived arrival(RequestId id, String model, Route route) {
        return new Fact.RequestArrived(
                id,
                new ModelId(model),
                route,
                model,
                "POST",
                "/v1/chat/completions",
                Optional.empty(),
                "HTTP/1.1",
                "127.0.0.1",
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty());
    }

    static Fact finished(RequestId id) {
        return new Fact.RequestFinished(
                id,
                Outcome.OK,
                200,
                1,
                Optional.empty(),
                Duration.ofNanos(1_234_567),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static Fact ready(RunId run) {
        return new Fact.ProcessReady(run, Duration.ofNanos(80_123_456), "/health");
    }

    static Fact exited(RunId run) {
        return new Fact.ProcessExited(run, 0, OptionalInt.empty(), 0);
    }
}
