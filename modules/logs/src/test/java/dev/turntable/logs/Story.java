package dev.turntable.logs;

import dev.turntable.event.Decision;
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

/** Facts with the fields a test does not care about filled in. */
final class Story {
    static final ModelId A = new ModelId("a");
    static final RunId RUN = new RunId(A, 1);

    private Story() {}

    static Fact.RequestArrived arrived(long request, Route route, String path) {
        Optional<String> row =
                path.startsWith("/v1/chat") && route != Route.PRELOAD ? Optional.of(path) : Optional.empty();
        return new Fact.RequestArrived(
                new RequestId(request),
                A,
                route,
                "a",
                "POST",
                path,
                row,
                "HTTP/1.1",
                "127.0.0.1",
                Optional.of("agent/1"),
                false,
                Optional.empty(),
                Optional.empty());
    }

    static Fact.RequestFinished finished(long request, int status, Outcome outcome) {
        return new Fact.RequestFinished(
                new RequestId(request),
                outcome,
                status,
                42,
                Optional.empty(),
                Duration.ofNanos(1_234_500),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static Fact.HttpServed served(String path) {
        return new Fact.HttpServed("GET", path, "HTTP/1.1", 200, 7, "10.0.0.1", Optional.empty(), Duration.ofMillis(2));
    }

    static Policy policy(Duration ttl) {
        return new Policy(
                List.of(new Policy.Model(
                        A, "f", ttl, Duration.ofSeconds(120), Duration.ofSeconds(5), 10, 0, OptionalInt.empty())),
                new Policy.Router.Groups(List.of()),
                List.of(),
                Duration.ofMinutes(5),
                new Policy.Backoff(3, Duration.ofSeconds(1), Duration.ofSeconds(60)),
                10_000);
    }

    static Fact.ConfigApplied config(Duration ttl, String... warnings) {
        Fact.ConfigChange change = new Fact.ConfigChange(List.of(A), List.of(), List.of(), List.of(), List.of());
        return new Fact.ConfigApplied("0123456789abcdef", "start", policy(ttl), change, List.of(warnings));
    }

    static final List<Decision> NOTHING = List.of();
}
