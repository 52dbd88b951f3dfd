package dev.turntable.sim.machine;

import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Policy;
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
import java.util.function.Consumer;

/** A machine in virtual time: processes that follow the orders of the core, each with a {@link Fate} of its own. */
public final class Machine {
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(5);
    private static final Duration REFUSED_PORT = Duration.ofMillis(20);
    private static final int KILLED = 137;
    private static final int FIRST_OTHER_PORT = 20_000;

    private final Agenda agenda;
    private final Surroundings world;
    private final Map<ModelId, Integer> births = new HashMap<>();
    private final Map<RunId, Process> living = new TreeMap<>();
    private long pids = 1_000;

    public Machine(Agenda agenda, Surroundings world) {
        this.agenda = agenda;
        this.world = world;
    }

    /** What a machine stands in. */
    public interface Surroundings {
        /** The model's settings now; empty for one that cannot be launched. */
        Optional<Policy.Model> settings(ModelId model);

        /** What becomes of the model's process of that number, from 1. */
        Fate fate(ModelId model, int birth);

        /** Takes reports to the server run of now; to one that has ended it passes nothing on. */
        Consumer<Fact> server();

        /** For whoever listens to the story. */
        default void tell(String what) {}
    }

    /** Somebody whom a process serves. */
    public interface Guest {
        /** The process ended in the middle of the answer. */
        void cut();
    }

    /** One process, from its launch to its exit. */
    public static final class Process {
        private final RunId run;
        private final long pid;
        private final Fate fate;
        private final String fingerprint;
        private final OptionalInt port;
        private final Set<Guest> serving = new LinkedHashSet<>();
        private boolean alive = true;
        private boolean gone;
        private boolean ready;
        private boolean wanted = true;
        private long lastReport;

        private Process(RunId run, long pid, Fate fate, Policy.Model settings, OptionalInt port) {
            this.run = run;
            this.pid = pid;
            this.fate = fate;
            this.fingerprint = settings.fingerprint();
            this.port = port;
        }

        public RunId run() {
            return run;
        }

        public boolean isReady() {
            return ready;
        }

        public Set<Guest> serving() {
            return serving;
        }
    }

    public Collection<Process> living() {
        return living.values();
    }

    public Optional<Process> find(RunId run) {
        return Optional.ofNullable(living.get(run));
    }

    // Orders

    public void carryOut(Decision order) {
        switch (order) {
            case Decision.StartOrdered start -> launch(start);
            case Decision.StopOrdered stop -> find(stop.run()).ifPresent(this::stop);
            case Decision.KillOrdered kill -> find(kill.run()).ifPresent(this::kill);
            case Decision.OrphanReaped reap -> find(reap.run()).ifPresent(this::kill);
            default -> throw new IllegalArgumentException("no order: " + order);
        }
    }

    private void launch(Decision.StartOrdered start) {
        ModelId model = start.run().model();
        int birth = births.merge(model, 1, Integer::sum);
        Fate fate = world.fate(model, birth);
        Optional<Policy.Model> settings = world.settings(model);
        if (settings.isEmpty() || fate.unlaunched()) {
            world.tell(start.run() + " cannot be launched");
            reportLater(fate.launch(), new Fact.SpawnFailed(start.run(), "no such program"));
            return;
        }
        OptionalInt port = settings.get().port();
        boolean taken = port.isPresent() && living.values().stream().anyMatch(p -> p.port.equals(port));
        OptionalInt place = port;
        if (fate.busy() && port.isEmpty()) {
            world.tell(start.run() + " has an address that is taken");
            reportLater(fate.launch(), new Fact.SpawnFailed(start.run(), "its address is taken by a stranger"));
            return;
        }
        if (fate.busy()) {
            place = OptionalInt.of(FIRST_OTHER_PORT + (int) pids);
            world.tell(start.run() + " moves to port " + place.getAsInt());
            reportLater(
                    Duration.ZERO, new Fact.PortMoved(start.run(), port.getAsInt(), place.getAsInt(), "a stranger"));
        }
        Process process = new Process(start.run(), ++pids, fate, settings.get(), place);
        living.put(process.run, process);
        report(
                process,
                fate.launch(),
                new Fact.ProcessSpawned(
                        process.run, process.pid, process.pid, process.pid, process.port, process.fingerprint));
        if (taken) {
            agenda.after(REFUSED_PORT, () -> exit(process, 1, "its port is taken"));
        } else {
            load(process);
        }
    }

    private void load(Process process) {
        Fate fate = process.fate;
        if (fate.stranger()) {
            report(process, fate.launch(), new Fact.StrangerAnswered(process.run, "here", "a stranger"));
        }
        switch (fate.loading()) {
            case READY -> agenda.after(fate.load(), () -> becomeReady(process));
            case EXITS -> agenda.after(fate.load(), () -> exit(process, 1, "it gives up loading"));
            case HANGS -> {
                world.tell(process.run + " will never be ready");
                agenda.after(PROBE_LIMIT, () -> {
                    if (process.alive && process.wanted) {
                        report(process, Duration.ZERO, new Fact.ProbeTimedOut(process.run, 1));
                    }
                });
            }
        }
    }

    private void becomeReady(Process process) {
        if (!process.alive || process.gone) {
            return;
        }
        process.ready = true;
        report(process, process.fate.notice(), new Fact.ProcessReady(process.run, loaded(process.fate), "/health"));
        process.fate.crash().ifPresent(time -> agenda.after(time, () -> exit(process, 139, "it crashes")));
    }

    /** The record counts a load from the spawn; our own time began with the order. */
    private static Duration loaded(Fate fate) {
        Duration load = fate.load().minus(fate.launch());
        return load.isNegative() ? Duration.ZERO : load;
    }

    private void stop(Process process) {
        process.wanted = false;
        if (process.fate.stopFails()) {
            report(process, process.fate.notice(), new Fact.StopFailed(process.run, "stop command failed"));
        } else if (process.fate.deaf()) {
            world.tell(process.run + " ignores the stop signal");
        } else if (process.fate.clearing().isPresent()) {
            agenda.after(process.fate.stop(), () -> vanish(process));
        } else {
            agenda.after(process.fate.stop(), () -> exit(process, 0, "it stops"));
        }
    }

    /** The process is gone, but its place is not free before its stop command has ended. */
    private void vanish(Process process) {
        if (process.alive && !process.gone) {
            world.tell(process.run + " is gone, its stop command is not");
            process.gone = true;
            process.ready = false;
            List.copyOf(process.serving).forEach(Guest::cut);
            agenda.after(
                    process.fate.clearing().orElseThrow(), () -> exit(process, 0, "its stop command has cleared up"));
        }
    }

    private void kill(Process process) {
        process.wanted = false;
        if (process.gone) {
            report(process, Duration.ZERO, new Fact.StopFailed(process.run, "its stop command was killed"));
        }
        agenda.after(process.fate.release(), () -> exit(process, KILLED, "it is killed"));
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
        List.copyOf(process.serving).forEach(Guest::cut);
    }

    // Reports

    /** In the order of what happened; a server run that has ended hears nothing. */
    private void report(Process process, Duration delay, Fact fact) {
        long at = Math.max(agenda.now() + delay.toNanos(), process.lastReport);
        process.lastReport = at;
        Consumer<Fact> server = world.server();
        agenda.at(at, () -> {
            boolean late = fact instanceof Fact.ProcessReady && !(process.alive && process.wanted);
            if (!late) {
                server.accept(fact);
            }
        });
    }

    private void reportLater(Duration delay, Fact fact) {
        Consumer<Fact> server = world.server();
        agenda.after(delay, () -> server.accept(fact));
    }

    // The server's end, and its next start

    /** A new server run looks for what the one before left behind; every answer is there at once. */
    public void reconcile(List<Run> expected) {
        for (Run run : expected) {
            Optional<Process> found = find(run.id());
            if (found.filter(p -> !p.gone).isEmpty()) {
                found.ifPresent(p -> {
                    p.alive = false; // a stop command is nobody's business after a crash
                    living.remove(p.run);
                });
                world.server().accept(new Fact.ProcessLost(run.id()));
                continue;
            }
            Process process = found.get();
            Optional<String> obstacle = obstacle(run, process);
            process.wanted = obstacle.isEmpty();
            world.server()
                    .accept(new Fact.OrphanFound(
                            run.id(), process.pid, obstacle.isEmpty(), obstacle.orElse("same command, answers")));
        }
    }

    private Optional<String> obstacle(Run run, Process process) {
        if (run.child().isEmpty()) {
            return Optional.of("its launch is not on the record");
        }
        Optional<Policy.Model> settings = world.settings(run.model());
        if (settings.isEmpty() || !settings.get().fingerprint().equals(process.fingerprint)) {
            return Optional.of("the model's settings have changed");
        }
        return process.ready ? Optional.empty() : Optional.of("it is not ready");
    }

    /** The server is gone: nobody answers its clients any more. */
    public void forgetClients() {
        living.values().forEach(p -> p.serving.clear());
    }

    public void powerOff() {
        living.values().forEach(p -> p.alive = false);
        living.clear();
    }

    /** What an orderly end does with those who are still there. */
    public void killAll() {
        List.copyOf(living.values()).forEach(this::kill);
    }
}
