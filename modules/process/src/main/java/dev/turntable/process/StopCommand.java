package dev.turntable.process;

import dev.turntable.event.Fact;
import dev.turntable.process.linux.EventLoop;
import dev.turntable.process.linux.Pid;
import dev.turntable.process.linux.Spawner;
import java.util.List;

/**
 * Runs {@code cmdStop}: with the child's environment and output, in a session of its own, until it ends or the run is killed
 * (llama-swap §4.6).
 *
 * <p>A run is not over while its stop command runs: what {@code docker stop} or {@code ssh} wait for may outlive the process they were
 * called for. What the command does not achieve the kill does, at the end of the grace, and ends the command too.
 */
final class StopCommand {
    private final Spawner spawner;
    private final Supervisor supervisor;

    StopCommand(Spawner spawner, Supervisor supervisor) {
        this.spawner = spawner;
        this.supervisor = supervisor;
    }

    /** Starts the command and returns. */
    void begin(Run run, List<String> args, List<String> env) {
        Supervisor.Helper helper = supervisor.helper(run);
        switch (spawner.spawn(args, env, run.output().path())) {
            case Spawner.Result.Failed(String error) -> {
                failed(run, error);
                helper.ended();
            }
            case Spawner.Result.Started(int pid) -> {
                helper.began(pid);
                supervisor.loop().execute(() -> watch(run, helper, pid));
            }
        }
    }

    /** Kills the run's command, if it still runs, with all that it started: on the record before the run's exit. */
    void kill(Run run) {
        supervisor.findHelper(run).filter(Supervisor.Helper::kill).ifPresent(helper -> {
            supervisor.report(
                    new Fact.StopFailed(run.id(), "cmdStop was still running when its time was over; killed"));
            Kin.below(helper.pid()).forEach(p -> Pid.signal(p.pid(), Pid.SIGKILL));
            Pid.signalGroup(helper.pid(), Pid.SIGKILL);
        });
    }

    private void watch(Run run, Supervisor.Helper helper, int pid) {
        int descriptor = Pid.descriptor(pid).orElseThrow();
        EventLoop.Watch[] watch = new EventLoop.Watch[1];
        watch[0] = supervisor.loop().watch(descriptor, () -> {
            watch[0].end();
            Pid.close(descriptor);
            Pid.Exit exit = Pid.reap(pid).orElse(Pid.Exit.UNKNOWN);
            if (exit.code() != 0 && !helper.isKilled()) {
                failed(run, exit.text());
            }
            helper.ended();
        });
    }

    /** When the run has ended all the same, nobody cares any more how. */
    private void failed(Run run, String error) {
        supervisor.reportWhileAlive(run, new Fact.StopFailed(run.id(), error));
    }
}
