package dev.turntable.app;

import dev.turntable.api.Core;
import dev.turntable.engine.Conductor;
import dev.turntable.event.Commit;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.ProcessState;
import java.util.List;
import java.util.Optional;

/** The control plane's door, opened to the Conductor. */
final class ConductorCore implements Core {
    private final Conductor conductor;

    ConductorCore(Conductor conductor) {
        this.conductor = conductor;
    }

    @Override
    public List<Running> running() {
        return conductor.yard().runs().stream()
                .map(run -> new Running(run.id(), run.state()))
                .filter(running -> running.state() != ProcessState.STOPPED && running.state() != ProcessState.SHUTDOWN)
                .toList();
    }

    @Override
    public ProcessState state(ModelId model) {
        return conductor.yard().state(model);
    }

    @Override
    public Optional<String> activeProfile() {
        return conductor.yard().activeProfile();
    }

    @Override
    public Optional<String> hold() {
        return conductor.yard().hold().map(hold -> hold.note());
    }

    @Override
    public Commit submit(Fact fact) {
        return conductor.submit(fact);
    }
}
