package dev.turntable.process;

import dev.turntable.config.ModelConfig;
import dev.turntable.event.Fact;
import dev.turntable.event.RunId;
import dev.turntable.process.linux.OutputPipe;
import dev.turntable.process.linux.Pid;
import dev.turntable.process.linux.ProcFs;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * One living upstream process: its number, its output, the thread that probes it.
 *
 * <p>Its lock guards the moment the process number is given back to the system: no signal is sent after that, because the number may
 * belong to somebody else by then.
 */
final class Run {
    private final RunId id;
    private final Optional<ModelConfig> settings;
    private final int pid;
    private final int descriptor;
    private final OutputPipe output;
    private final boolean ours;
    private final ProcFs.Stat leader;
    private final long begun = System.nanoTime();
    private final LastLines lastLines = new LastLines();
    private final List<ProcFs.Stat> kin = new ArrayList<>();
    private final List<Fact.Straggler> stragglers = new ArrayList<>();
    private Optional<Thread> prober = Optional.empty();
    private boolean stopping;
    private boolean ended;

    /**
     * @param settings those it was started with; for an adopted one those in force, if the model is still configured
     * @param leader its first process: group and session have its number
     * @param descriptor becomes readable when the process ends; closed by the {@link Supervisor}
     * @param ours started by this server run: its orphans come to us
     */
    Run(RunId id, Optional<ModelConfig> settings, ProcFs.Stat leader, int descriptor, OutputPipe output, boolean ours) {
        this.id = id;
        this.settings = settings;
        this.leader = leader;
        this.pid = leader.pid();
        this.descriptor = descriptor;
        this.output = output;
        this.ours = ours;
    }

    RunId id() {
        return id;
    }

    Optional<ModelConfig> settings() {
        return settings;
    }

    int pid() {
        return pid;
    }

    int descriptor() {
        return descriptor;
    }

    OutputPipe output() {
        return output;
    }

    /** The end of what it printed; of the loop's thread alone. */
    LastLines lastLines() {
        return lastLines;
    }

    /** {@link System#nanoTime()} when it was spawned. */
    long begun() {
        return begun;
    }

    /** Begins to probe, unless the run is being stopped already. */
    synchronized void probeWith(Readiness readiness) {
        if (!stopping && !ended) {
            prober = Optional.of(readiness.start("probe " + id));
        }
    }

    /** Ends the probing at once: nobody waits for this run to become ready any more. False when it was being stopped already. */
    synchronized boolean stopping() {
        boolean first = !stopping;
        stopping = true;
        prober.ifPresent(Thread::interrupt);
        return first;
    }

    /** It was told to end. */
    synchronized boolean isStopping() {
        return stopping;
    }

    /** True while the run may become ready. */
    synchronized boolean wanted() {
        return !stopping && !ended;
    }

    synchronized boolean ended() {
        return ended;
    }

    boolean isOurs() {
        return ours;
    }

    /** Whether the process began after this run did. */
    boolean isOlderThan(ProcFs.Stat process) {
        return leader.startTicks() <= process.startTicks();
    }

    /** Remembers whose descendants these are: that cannot be seen any more once their parents are gone. */
    synchronized void remember(Collection<ProcFs.Stat> descendants) {
        for (ProcFs.Stat one : descendants) {
            if (!knows(one)) {
                kin.add(one);
                if (one.session() != pid) {
                    stragglers.add(Kin.straggler(one));
                }
            }
        }
    }

    /** Those of them that had left the session when they were seen first. */
    synchronized List<Fact.Straggler> stragglers() {
        return List.copyOf(stragglers);
    }

    synchronized boolean knows(ProcFs.Stat process) {
        return kin.stream().anyMatch(k -> Kin.same(k, process));
    }

    /** Signals the whole group; the error's text when that failed. Nothing happens when the process has ended. */
    synchronized Optional<String> signal(int signal) {
        return ended ? Optional.empty() : Pid.signalGroup(pid, signal);
    }

    /**
     * The process has ended: kills what is left of its group while its number is still reserved for it, then gives the number back.
     *
     * <p>A wrapper shell that dies while its child lives must not leave the child: it would keep the memory and the port that the next
     * start needs.
     */
    synchronized Pid.Exit end() {
        ended = true;
        prober.ifPresent(Thread::interrupt);
        Pid.signalGroup(pid, Pid.SIGKILL);
        return Pid.reap(pid).orElse(Pid.Exit.UNKNOWN);
    }
}
