package dev.turntable.api;

import dev.turntable.engine.Conductor;
import dev.turntable.event.Commit;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.ProcessState;
import dev.turntable.fsm.Hold;
import java.util.List;
import java.util.Optional;

/** The core as the Conductor runs it. */
record ConductorCore(Conductor conductor) implements Core {

    @Override
    public List<Running> running() {
        return conductor.yard().runs().stream()
                .map(run -> new Running(run.id(), run.state()))
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
        return conductor.yard().hold().map(Hold::note);
    }

    @Override
    public Commit submit(Fact fact) {
        return conductor.submit(fact);
    }
}
