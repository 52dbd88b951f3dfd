package dev.turntable.process;

import dev.turntable.config.ModelConfig;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.RunId;
import dev.turntable.process.linux.OsException;
import dev.turntable.process.linux.OutputPipe;
import dev.turntable.process.linux.Pid;
import dev.turntable.process.linux.ProcFs;
import dev.turntable.process.linux.Spawner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Turns an order to start into a watched process that is asked whether it is ready, or into a failure with its reason. */
final class Launcher {
    private final ModelSettings configured;
    private final Spawner spawner;
    private final Supervisor supervisor;
    private final Path runFolder;

    Launcher(ModelSettings configured, Spawner spawner, Supervisor supervisor, Path runFolder) {
        this.configured = configured;
        this.spawner = spawner;
        this.supervisor = supervisor;
        this.runFolder = runFolder;
    }

    /** Where a run's output goes; run numbers are never used twice. */
    static Path pipe(Path runFolder, RunId run) {
        return runFolder.resolve("run-" + run.number() + ".pipe");
    }

    /** Carries an order out. Whatever goes wrong becomes {@link Fact.SpawnFailed}. */
    void start(Decision.StartOrdered order) {
        RunId run = order.run();
        Optional<ModelConfig> settings = configured.of(run.model());
        if (settings.isEmpty()) {
            failed(run, "model " + run.model() + " is not configured any more");
            return;
        }
        switch (Launch.of(settings.get())) {
            case Launch.Impossible(String error) -> failed(run, error);
            case Launch.Possible launch -> {
                try {
                    place(run, launch).ifPresent(placed -> start(order, placed));
                } catch (OsException | java.io.UncheckedIOException e) {
                    failed(run, launch.failure(e.getMessage()));
                }
            }
        }
    }

    /**
     * Nothing may answer in the place of a process that is not there yet. A taken {@code ${PORT}} is another port; a taken address that
     * stands in the file is a failure, reported here. Who is not asked whether it is ready may share an address.
     */
    private Optional<Launch.Possible> place(RunId run, Launch.Possible launch) {
        OptionalInt port = launch.settings().port();
        if (port.isPresent() && launch.address().isLocal() && !Address.isFree(port.getAsInt())) {
            return move(run, launch, port.getAsInt());
        }
        boolean fixed = port.isEmpty() || port.getAsInt() != launch.address().port();
        Optional<Address.Holder> holder =
                fixed && launch.probe().isPresent() ? launch.address().taken() : Optional.empty();
        holder.ifPresent(h -> taken(run, launch, launch.address().toString(), h));
        return holder.isPresent() ? Optional.empty() : Optional.of(launch);
    }

    private Optional<Launch.Possible> move(RunId run, Launch.Possible launch, int from) {
        Address.Holder holder = Address.holderOf(from);
        if (configured.moved(run.model(), Address::isFree).map(Launch::of).orElse(null)
                instanceof Launch.Possible moved) {
            supervisor.report(
                    new Fact.PortMoved(run, from, moved.settings().port().orElseThrow(), holder.toString()));
            return Optional.of(moved);
        }
        taken(run, launch, "port " + from, holder);
        return Optional.empty();
    }

    private void taken(RunId run, Launch.Possible launch, String where, Address.Holder holder) {
        failed(run, launch.failure(where + " is taken by " + holder));
    }

    private void start(Decision.StartOrdered order, Launch.Possible launch) {
        OutputPipe output = OutputPipe.create(pipe(runFolder, order.run()));
        List<String> env = new ArrayList<>(launch.settings().env());
        env.add(Kin.mark(output.path()));
        switch (spawner.spawn(launch.args(), env, output.path())) {
            case Spawner.Result.Failed(String error) -> {
                output.close();
                failed(order.run(), launch.failure(error));
            }
            case Spawner.Result.Started(int pid) -> spawned(order, launch, output, pid);
        }
    }

    private void spawned(Decision.StartOrdered order, Launch.Possible launch, OutputPipe output, int pid) {
        OptionalInt descriptor = Pid.descriptor(pid);
        if (descriptor.isEmpty()) {
            Pid.endNow(pid);
            output.close();
            failed(order.run(), launch.failure("the process cannot be watched"));
            return;
        }
        ModelConfig settings = launch.settings();
        ProcFs.Stat leader = ProcFs.stat(pid).orElseThrow(); // it is our child: not even its end takes it away
        Run run = new Run(order.run(), Optional.of(settings), leader, descriptor.getAsInt(), output, true);
        OptionalInt port = settings.port().isPresent() ? settings.port() : order.port();
        supervisor.watch(
                run,
                Optional.of(new Fact.ProcessSpawned(
                        run.id(), pid, leader.startTicks(), pid, port, settings.fingerprint())));
        launch.probe()
                .ifPresentOrElse(
                        probe -> run.probeWith(
                                new Readiness(probe, settings.timeouts().responseHeader(), new Answers(run, probe))),
                        () -> supervisor.ready(run, "none", Duration.ZERO));
    }

    private void failed(RunId run, String error) {
        supervisor.report(new Fact.SpawnFailed(run, error));
    }

    /** Hands what the probing thread learns to the event loop. */
    private final class Answers implements Readiness.Listener {
        private final Run run;
        private final Probe probe;
        private boolean told;

        Answers(Run run, Probe probe) {
            this.run = run;
            this.probe = probe;
        }

        @Override
        public void ready() {
            supervisor.ready(run, probe.text(), Duration.ofNanos(System.nanoTime() - run.begun()));
        }

        @Override
        public Readiness.Whose whose() {
            return probe.address().whose(run, supervisor.kin(), this::tell);
        }

        private void tell(Address.Holder stranger) {
            if (!told) {
                told = true;
                supervisor.reportWhileAlive(
                        run, new Fact.StrangerAnswered(run.id(), probe.address().toString(), stranger.toString()));
            }
        }

        @Override
        public void timedOut(int count) {
            if (run.wanted()) {
                supervisor.report(new Fact.ProbeTimedOut(run.id(), count));
            }
        }

        @Override
        public boolean alive() {
            return run.wanted()
                    && !ProcFs.stat(run.pid()).map(ProcFs.Stat::ended).orElse(true);
        }
    }
}
