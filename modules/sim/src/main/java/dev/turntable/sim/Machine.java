package dev.turntable.sim;

import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Policy;
import dev.turntable.event.Reason;
import dev.turntable.event.RunId;
import dev.turntable.fsm.Run;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/** The simulated machine: processes that follow the orders of the journal, each with a {@link Fate} of its own. */
final class Machine {
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(5);
    private static final Duration REFUSED_PORT = Duration.ofMillis(20);
    private static final int KILLED = 137;

    private final World world;
    private final Chance chance;
    private final Map<ModelId, Integer> births = new HashMap<>();
    private final Map<RunId, Process> living = new TreeMap<>();
    private long pids = 1_000;

    Machine(World world) {
        this.world = world;
        this.chance = new Chance(world.plan().seed()).split("processes");
    }

    /** One process of this world, from its launch to its exit. */
    static final class Process {
        private final RunId run;
        private final long pid;
        private final Fate fate;
        private final String fingerprint;
        private final OptionalInt port;
        private final Set<Crowd.Call> serving = new LinkedHashSet<>();
        private boolean alive = true;
        private boolean ready;
        private boolean wanted = true;
        private long lastReport;

        private Process(RunId run, long pid, Fate fate, Policy.Model settings) {
            this.run = run;
            this.pid = pid;
            this.fate = fate;
            this.fingerprint = settings.fingerprint();
            this.port = settings.port();
        }

        RunId run() {
            return run;
        }

        boolean isReady() {
            return ready;
        }

        Set<Crowd.Call> serving() {
            return serving;
        }
    }

    Collection<Process> living() {
        return living.values();
    }

    Optional<Process> find(RunId run) {
        return Optional.ofNullable(living.get(run));
    }

    // Orders

    void carryOut(Decision order) {
        switch (order) {
            case Decision.StartOrdered start -> launch(start);
            case Decision.StopOrdered stop -> find(stop.run()).ifPresent(p -> stop(p, stop.reason()));
            case Decision.KillOrdered kill -> find(kill.run()).ifPresent(this::kill);
            case Decision.OrphanReaped reap -> find(reap.run()).ifPresent(this::kill);
            default -> throw new IllegalArgumentException("no order: " + order);
        }
    }

    private void launch(Decision.StartOrdered start) {
        ModelId model = start.run().model();
        int birth = births.merge(model, 1, Integer::sum);
        Fate fate = Fate.draw(
                chance.split("mood of " + model),
                chance.split(model + " number " + birth),
                world.plan().calm().contains(model));
        Optional<Policy.Model> settings = world.server().policy().model(model);
        if (settings.isEmpty() || fate.unlaunched()) {
            world.tell(start.run() + " cannot be launched");
            reportLater(fate.launch(), new Fact.SpawnFailed(start.run(), "no such program"));
            return;
        }
        for (Process other : living.values()) {
            if (other.run.model().equals(model)) {
                world.broken(Breach.Law.ONE_PROCESS, start.run() + " is launched while " + other.run + " lives");
            }
        }
        boolean taken = fate.busy()
                || living.values().stream()
                        .anyMatch(p -> p.port.equals(settings.get().port()));
        Process process = new Process(start.run(), ++pids, fate, settings.get());
        living.put(process.run, process);
        report(
                process,
                fate.launch(),
                new Fact.ProcessSpawned(
                        process.run, process.pid, process.pid, process.pid, process.port, process.fingerprint));
        if (taken) {
            world.agenda().after(REFUSED_PORT, () -> exit(process, 1, "its port is taken"));
        } else {
            load(process);
        }
    }

    private void load(Process process) {
        Fate fate = process.fate;
        switch (fate.loading()) {
            case READY -> world.agenda().after(fate.load(), () -> becomeReady(process));
            case EXITS -> world.agenda().after(fate.load(), () -> exit(process, 1, "it gives up loading"));
            case HANGS -> {
                world.tell(process.run + " will never be ready");
                world.agenda().after(PROBE_LIMIT, () -> {
                    if (process.alive && process.wanted) {
                        report(process, Duration.ZERO, new Fact.ProbeTimedOut(process.run, 1));
                    }
                });
            }
        }
    }

    private void becomeReady(Process process) {
        if (!process.alive) {
            return;
        }
        process.ready = true;
        report(process, process.fate.notice(), new Fact.ProcessReady(process.run, process.fate.load(), "/health"));
        process.fate.crash().ifPresent(time -> world.agenda().after(time, () -> exit(process, 139, "it crashes")));
    }

    private void stop(Process process, Reason reason) {
        boolean patient = reason == Reason.EVICTED || reason == Reason.TTL || reason == Reason.RELOADED;
        if (patient && !process.serving.isEmpty()) {
            world.broken(
                    Breach.Law.PATIENCE,
                    process.run + " is stopped (" + reason + ") while it answers " + process.serving.size());
        }
        process.wanted = false;
        if (process.fate.stopFails()) {
            report(process, process.fate.notice(), new Fact.StopFailed(process.run, "stop command failed"));
        } else if (process.fate.deaf()) {
            world.tell(process.run + " ignores the stop signal");
        } else {
            world.agenda().after(process.fate.stop(), () -> exit(process, 0, "it stops"));
        }
    }

    private void kill(Process process) {
        process.wanted = false;
        world.agenda().after(process.fate.release(), () -> exit(process, KILLED, "it is killed"));
    }

    private void exit(Process process, int code, String why) {
        if (!process.alive) {
            return;
        }
        world.tell(process.run + " is gone: " + why);
        process.alive = false;
        living.remove(process.run);
        report(
                process,
                process.fate.notice(),
                new Fact.ProcessExited(
                        process.run, code, code == KILLED ? OptionalInt.of(9) : OptionalInt.empty(), 100));
        for (Crowd.Call call : List.copyOf(process.serving)) {
            world.crowd().cut(call);
        }
    }

    // Reports

    /** In the order of what happened; a server run that has ended hears nothing. */
    private void report(Process process, Duration delay, Fact fact) {
        long at = Math.max(world.agenda().now() + delay.toNanos(), process.lastReport);
        process.lastReport = at;
        int run = world.server().generation();
        world.agenda().at(at, () -> {
            boolean late = fact instanceof Fact.ProcessReady && !(process.alive && process.wanted);
            if (!late && world.server().isRun(run)) {
                world.server().submit(fact);
            }
        });
    }

    private void reportLater(Duration delay, Fact fact) {
        int run = world.server().generation();
        world.agenda().after(delay, () -> {
            if (world.server().isRun(run)) {
                world.server().submit(fact);
            }
        });
    }

    // The server's end, and its next start

    /** A new server run looks for what the one before left behind; every answer is there at once. */
    void reconcile(List<Run> expected) {
        for (Run run : expected) {
            Optional<Process> found = find(run.id());
            if (found.isEmpty()) {
                world.server().submit(new Fact.ProcessLost(run.id()));
                continue;
            }
            Process process = found.get();
            Optional<String> obstacle = obstacle(run, process);
            process.wanted = obstacle.isEmpty();
            world.server()
                    .submit(new Fact.OrphanFound(
                            run.id(), process.pid, obstacle.isEmpty(), obstacle.orElse("same command, answers")));
        }
    }

    private Optional<String> obstacle(Run run, Process process) {
        if (run.child().isEmpty()) {
            return Optional.of("its launch is not on the record");
        }
        Optional<Policy.Model> settings = world.server().policy().model(run.model());
        if (settings.isEmpty() || !settings.get().fingerprint().equals(process.fingerprint)) {
            return Optional.of("the model's settings have changed");
        }
        return process.ready ? Optional.empty() : Optional.of("it is not ready");
    }

    /** The server is gone: nobody answers its clients any more. */
    void forgetClients() {
        living.values().forEach(p -> p.serving.clear());
    }

    void powerOff() {
        living.values().forEach(p -> p.alive = false);
        living.clear();
    }

    /** What an orderly end does with those who are still there. */
    void killAll() {
        List.copyOf(living.values()).forEach(this::kill);
    }
}
