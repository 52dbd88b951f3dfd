package dev.turntable.api;

import dev.turntable.config.Config;
import dev.turntable.event.Actor;
import dev.turntable.event.Commit;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import io.helidon.http.Status;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** {@code /unload} and {@code /api/models/unload…}: puts the wish on the record and answers when the processes are gone (llama-swap §3.6). */
final class Unloading {
    /** Longer than any grace and kill together; past it something is wrong with the machine and the client is told so. */
    private static final Duration AT_MOST = Duration.ofMinutes(10);

    private final Supplier<Config> config;
    private final Core core;
    private final RunWatch runs;

    Unloading(Supplier<Config> config, Core core, RunWatch runs) {
        this.config = config;
        this.core = core;
        this.runs = runs;
    }

    /** {@code GET /unload}. */
    void all(Call call) throws InterruptedException {
        unload(List.of(), Operators.of(call));
        Answers.ok(call);
    }

    /** {@code POST /api/models/unload}. */
    void allAsJson(Call call) throws InterruptedException {
        unload(List.of(), Operators.of(call));
        Answers.done(call);
    }

    /** {@code POST /api/models/unload/<name>}: a model id or alias; profiles, selectors and peers do not count. */
    void one(Call call) throws InterruptedException {
        String model =
                config.get().resolve(call.variable("name")).orElseThrow(() -> ApiException.notFound("model not found"));
        unload(List.of(new ModelId(model)), Operators.of(call));
        Answers.ok(call);
    }

    private void unload(List<ModelId> models, Actor by) throws InterruptedException {
        Commit commit = core.submit(new Fact.UnloadAsked(models, by));
        Set<ModelId> targets = Set.copyOf(models);
        boolean done = runs.awaitGone(m -> targets.isEmpty() || targets.contains(m), commit.seq(), AT_MOST);
        if (!done) {
            throw new ApiException(
                    Status.INTERNAL_SERVER_ERROR_500,
                    "unload did not finish within " + AT_MOST.toMinutes() + " minutes");
        }
    }
}
