package dev.turntable.process;

import dev.turntable.event.Fact;
import dev.turntable.process.linux.EventLoop;
import dev.turntable.process.linux.Pid;
import dev.turntable.process.linux.Spawner;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs {@code cmdStop}: with the child's environment and output, in a session of its own, without a limit of its own (llama-swap §4.6).
 *
 * <p>What it does not achieve the kill does, at the end of the grace; so its failure is reported and nothing else.
 */
final class StopCommand {
    private final Spawner spawner;
    private final Supervisor supervisor;
    private final Set<Integer> running = ConcurrentHashMap.newKeySet();

    StopCommand(Spawner spawner, Supervisor supervisor) {
        this.spawner = spawner;
        this.supervisor = supervisor;
    }

    /** Starts the command and returns. */
    void begin(Run run, List<String> args, List<String> env) {
        switch (spawner.spawn(args, env, run.output().path())) {
            case Spawner.Result.Failed(String error) -> failed(run, error);
            case Spawner.Result.Started(int pid) -> {
                running.add(pid);
                supervisor.helperBegan();
                supervisor.loop().execute(() -> watch(run, pid));
            }
        }
    }

    /** Kills what still runs. */
    void killAll() {
        running.forEach(pid -> Pid.signalGroup(pid, Pid.SIGKILL));
    }

    private void watch(Run run, int pid) {
        int descriptor = Pid.descriptor(pid).orElseThrow();
        EventLoop.Watch[] watch = new EventLoop.Watch[1];
        watch[0] = supervisor.loop().watch(descriptor, () -> {
            watch[0].end();
            Pid.close(descriptor);
            running.remove(pid);
            Pid.Exit exit = Pid.reap(pid).orElse(Pid.Exit.UNKNOWN);
            supervisor.helperEnded();
            if (exit.code() != 0) {
                failed(run, exit.text());
            }
        });
    }

    /** When the run has ended all the same, nobody cares any more how. */
    private void failed(Run run, String error) {
        supervisor.reportWhileAlive(run, new Fact.StopFailed(run.id(), error));
    }
}
