package dev.turntable.app;

import dev.turntable.config.ModelConfig;
import dev.turntable.engine.Conductor;
import dev.turntable.engine.Ticket;
import dev.turntable.event.Actor;
import dev.turntable.event.AdmissionResult;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.ProcessState;
import dev.turntable.event.Reason;
import dev.turntable.event.RequestId;
import dev.turntable.event.RunId;
import dev.turntable.event.Stage;
import dev.turntable.fsm.Yard;
import dev.turntable.proxy.admission.Admission;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** The data plane's door, opened to the Conductor. */
final class ConductorAdmission implements Admission {
    private final Conductor conductor;
    private final Function<RunId, Optional<ModelConfig>> settingsOf;
    private final Function<ModelId, Optional<ModelConfig>> configured;

    /**
     * @param settingsOf what a living run was started with
     * @param configured the settings of a model that are in force now
     */
    ConductorAdmission(
            Conductor conductor,
            Function<RunId, Optional<ModelConfig>> settingsOf,
            Function<ModelId, Optional<ModelConfig>> configured) {
        this.conductor = conductor;
        this.settingsOf = settingsOf;
        this.configured = configured;
    }

    @Override
    public RequestId newRequest() {
        return conductor.newRequest();
    }

    @Override
    public Pending ask(Fact.RequestArrived arrival) {
        return new TicketPending(conductor.admit(arrival));
    }

    @Override
    public void retried(Fact.RequestRetried again) {
        conductor.submit(again);
    }

    @Override
    public void finish(Fact.RequestFinished end) {
        conductor.submit(end);
    }

    @Override
    public void served(Fact.HttpServed served) {
        conductor.submit(served);
    }

    @Override
    public ProcessState state(ModelId model) {
        return conductor.yard().state(model);
    }

    @Override
    public Optional<Upstream> readyRun(ModelId model) {
        Yard yard = conductor.yard();
        return yard.state(model) == ProcessState.READY
                ? yard.run(model).map(run -> run.id()).flatMap(this::upstream)
                : Optional.empty();
    }

    @Override
    public Optional<Duration> usualLoad(ModelId model) {
        return conductor.yard().usualLoad(model);
    }

    /** A run that died since it was granted is answered with the settings in force: the forward will fail, and say how. */
    @Override
    public Optional<Upstream> upstream(RunId run) {
        return settingsOf
                .apply(run)
                .or(() -> configured.apply(run.model()))
                .map(settings -> new Upstream(run, settings));
    }

    private record TicketPending(Ticket ticket) implements Pending {

        @Override
        public RequestId request() {
            return ticket.request();
        }

        @Override
        public Optional<AdmissionResult> now() {
            return ticket.now();
        }

        @Override
        public Optional<AdmissionResult> await(Duration atMost) throws InterruptedException {
            return ticket.await(atMost);
        }

        @Override
        public Optional<Integer> queuePosition() {
            return ticket.queuePosition();
        }

        @Override
        public void abandon(Stage stage, Actor by) {
            ticket.abandon(stage, by);
        }

        @Override
        public Optional<Reason> stopped() {
            return ticket.stopped();
        }

        @Override
        public void whenGone(Runnable told) {
            ticket.whenGone(told);
        }
    }
}
