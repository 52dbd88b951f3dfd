package dev.turntable.api;

import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Outcome;
import dev.turntable.event.Policy;
import dev.turntable.event.RequestId;
import dev.turntable.event.Route;
import dev.turntable.event.RunId;
import dev.turntable.event.Tokens;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Facts for tests that need a past. */
final class Requests {
    private Requests() {}

    static Fact.RequestArrived arrival(long id, String model) {
        return new Fact.RequestArrived(
                new RequestId(id),
                new ModelId(model),
                Route.LOCAL,
                model,
                "POST",
                "/v1/chat/completions",
                Optional.of("/v1/chat/completions"),
                "HTTP/1.1",
                "127.0.0.1",
                Optional.of("test"),
                false,
                Optional.empty(),
                Optional.empty());
    }

    static Fact.RequestFinished end(long id, Outcome outcome) {
        return new Fact.RequestFinished(
                new RequestId(id),
                outcome,
                outcome == Outcome.OK ? 200 : 500,
                100,
                Optional.of(Duration.ofMillis(20)),
                Duration.ofMillis(250),
                Optional.of("application/json"),
                Optional.of(new Tokens(11, 3, -1, -1, -1, 50, 5.5)),
                outcome == Outcome.OK ? Optional.empty() : Optional.of("it failed"));
    }

    /** A whole request: arrived, admitted, finished. */
    static void finish(FakeCore core, long id, String model, Outcome outcome) {
        core.append(
                arrival(id, model),
                List.of(new Decision.RequestAdmitted(new RequestId(id), new RunId(new ModelId(model), 1), 0)));
        core.append(end(id, outcome), List.of());
    }

    static Fact.ConfigApplied applied(String origin) {
        Policy none = new Policy(
                List.of(),
                new Policy.Router.Groups(List.of()),
                List.of(),
                Duration.ofMinutes(5),
                new Policy.Backoff(3, Duration.ofSeconds(1), Duration.ofMinutes(1)),
                1_000);
        return applied(origin, none);
    }

    static Fact.ConfigApplied applied(String origin, Policy policy) {
        return new Fact.ConfigApplied(
                "0".repeat(64),
                origin,
                policy,
                new Fact.ConfigChange(List.of(), List.of(), List.of(), List.of(), List.of()),
                List.of());
    }
}
