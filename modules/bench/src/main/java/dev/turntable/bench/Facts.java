package dev.turntable.bench;

import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Outcome;
import dev.turntable.event.Policy;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.RunId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Facts as the server sees them, for rooms that are measured without it. */
final class Facts {
    private Facts() {}

    static Fact started() {
        return new Fact.ServerStarted("bench", 1, "boot");
    }

    /** A configuration of so many models, each of which may run beside all others. */
    static Fact configured(int models) {
        List<Policy.Model> all = IntStream.range(0, models)
                .mapToObj(i -> new Policy.Model(
                        model(i),
                        "f",
                        Duration.ZERO,
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(5),
                        1_000_000,
                        0,
                        OptionalInt.empty()))
                .sorted((a, b) -> a.id().compareTo(b.id()))
                .toList();
        var group = new Policy.Group(
                "all", false, false, false, all.stream().map(Policy.Model::id).toList());
        var policy = new Policy(
                all,
                new Policy.Router.Groups(List.of(group)),
                List.of(),
                Duration.ofHours(1),
                new Policy.Backoff(3, Duration.ofSeconds(1), Duration.ofSeconds(60)),
                10_000);
        return new Fact.ConfigApplied(
                "hash",
                "start",
                policy,
                new Fact.ConfigChange(List.of(), List.of(), List.of(), List.of(), List.of()),
                List.of());
    }

    static ModelId model(int number) {
        return new ModelId("model-%04d".formatted(number));
    }

    static Fact.RequestArrived arrived(long request, ModelId model) {
        return new Fact.RequestArrived(
                new RequestId(request),
                model,
                Route.LOCAL,
                model.value(),
                "POST",
                "/v1/chat/completions",
                Optional.of("/v1/chat/completions"),
                "HTTP/1.1",
                "127.0.0.1",
                Optional.of("bench/1.0"),
                false,
                Optional.empty(),
                Optional.empty());
    }

    static Fact.RequestFinished finished(long request) {
        return new Fact.RequestFinished(
                new RequestId(request),
                Outcome.OK,
                200,
                1024,
                Optional.of(Duration.ofNanos(740_000)),
                Duration.ofNanos(790_000),
                Optional.of("application/json"),
                Optional.empty(),
                Optional.empty());
    }

    static Fact spawned(RunId run) {
        return new Fact.ProcessSpawned(run, 1000 + run.number(), 7, 1000 + run.number(), OptionalInt.of(9000), "hash");
    }

    static Fact ready(RunId run) {
        return new Fact.ProcessReady(run, Duration.ofMillis(100), "/health");
    }
}
