package dev.turntable.api;

import dev.turntable.config.Config;
import dev.turntable.config.ModelConfig;
import dev.turntable.event.Commit;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.ProcessState;
import io.helidon.http.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code POST /api/models/load/<model>}: an operator's load, which also clears a back-off; our own addition. */
final class Loading {
    /** Over the model's own start budget, for the evictions before it. */
    private static final Duration EVICTIONS = Duration.ofMinutes(10);

    private final Supplier<Config> config;
    private final Core core;
    private final RunWatch runs;

    Loading(Supplier<Config> config, Core core, RunWatch runs) {
        this.config = config;
        this.core = core;
        this.runs = runs;
    }

    /** Answers 202 at once, or with {@code ?wait} 200 when the model is ready and 500 when its start failed. */
    void load(Call call) throws InterruptedException {
        Config now = config.get();
        ModelConfig model =
                now.model(call.variable("name")).orElseThrow(() -> ApiException.notFound("model not found"));
        core.hold().ifPresent(note -> {
            throw new ApiException(
                    Status.SERVICE_UNAVAILABLE_503, "a hold is in force" + (note.isEmpty() ? "" : ": " + note));
        });
        ModelId id = new ModelId(model.id());
        Commit commit = core.submit(new Fact.LoadAsked(id, Operators.of(call)));
        if (!call.query().has("wait")) {
            Status accepted = Status.ACCEPTED_202;
            Answers.json(call, accepted, out -> Loaded.write(out, id, core.state(id), commit));
            return;
        }
        Duration atMost = EVICTIONS.plus(now.healthCheckTimeout());
        Optional<RunWatch.Started> end = runs.awaitStarted(id, commit.seq(), atMost);
        if (end.filter(started -> started.state() == ProcessState.READY).isEmpty()) {
            String why =
                    end.flatMap(RunWatch.Started::why).map(text -> ": " + text).orElse("");
            throw new ApiException(Status.INTERNAL_SERVER_ERROR_500, "model " + id + " did not become ready" + why);
        }
        Answers.json(call, out -> Loaded.write(out, id, ProcessState.READY, commit));
    }

    private static final class Loaded {
        static void write(
                com.fasterxml.jackson.core.JsonGenerator out, ModelId model, ProcessState state, Commit commit)
                throws java.io.IOException {
            out.writeStartObject();
            out.writeStringField("model", model.value());
            out.writeStringField("state", state.wire());
            out.writeNumberField("seq", commit.seq());
            out.writeEndObject();
        }
    }
}
