package dev.turntable.api;

import dev.turntable.config.Config;
import dev.turntable.config.ModelConfig;
import dev.turntable.event.ProcessState;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/** {@code GET /running}: every process that is neither stopped nor shut down (llama-swap §3.6). */
final class RunningModels {
    private final Supplier<Config> config;
    private final Core core;

    RunningModels(Supplier<Config> config, Core core) {
        this.config = config;
        this.core = core;
    }

    void list(Call call) {
        Config now = config.get();
        List<Core.Running> running = core.running().stream()
                .filter(r -> r.state() != ProcessState.STOPPED && r.state() != ProcessState.SHUTDOWN)
                .sorted(Comparator.comparing(r -> r.run().model().value(), Bytes.ORDER))
                .toList();
        Answers.json(call, out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("running");
            for (Core.Running one : running) {
                ModelConfig model = now.models().get(one.run().model().value());
                out.writeStartObject();
                out.writeStringField("model", one.run().model().value());
                out.writeStringField("state", one.state().wire());
                out.writeStringField("cmd", model == null ? "" : model.cmd());
                out.writeStringField("proxy", model == null ? "" : model.proxy().text());
                out.writeNumberField("ttl", model == null ? 0 : model.ttl().toSeconds());
                out.writeStringField("name", model == null ? "" : model.name());
                out.writeStringField("description", model == null ? "" : model.description());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }
}
