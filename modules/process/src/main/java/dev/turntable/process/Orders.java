package dev.turntable.process;

import dev.turntable.config.CommandLine;
import dev.turntable.config.ModelConfig;
import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.journal.Journal;
import dev.turntable.journal.JournalException;
import dev.turntable.process.linux.Pid;
import dev.turntable.process.linux.ProcFs;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Takes the orders out of the journal and carries them out, one after the other; a start when its commit is on disk.
 *
 * <p>It owns one platform thread for that. No order waits for a process; a start takes as long as the system needs to run a program.
 */
final class Orders implements AutoCloseable {
    private final System.Logger log = System.getLogger("dev.turntable.process");
    private final Journal journal;
    private final Supervisor supervisor;
    private final Launcher launcher;
    private final StopCommand stopCommand;

    /** Its queue is bounded by what the core orders: a start, a stop and a kill for each model. */
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("turntable-orders").factory());

    private Optional<Journal.Follower> follower = Optional.empty();

    Orders(Journal journal, Supervisor supervisor, Launcher launcher, StopCommand stopCommand) {
        this.journal = journal;
        this.supervisor = supervisor;
        this.launcher = launcher;
        this.stopCommand = stopCommand;
    }

    void follow(long fromSeq) {
        follower = Optional.of(journal.follow("process", fromSeq, this::onCommit));
    }

    /** The thread of the orders may be forcing the journal's file, which an interrupt would close: it is waited for, never interrupted. */
    @Override
    public void close() {
        follower.ifPresent(Journal.Follower::close);
        thread.shutdown();
        boolean interrupted = false;
        while (!thread.isTerminated()) {
            try {
                thread.awaitTermination(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Only hands over: the follower's thread is a virtual one, and a spawn would hold its carrier. */
    private void onCommit(Commit commit) {
        List<Decision> orders =
                commit.decisions().stream().filter(Orders::isOrder).toList();
        if (!orders.isEmpty()) {
            thread.execute(() -> carryOut(commit.seq(), orders));
        }
    }

    private void carryOut(long seq, List<Decision> orders) {
        awaitRecord(seq, orders);
        for (Decision order : orders) {
            try {
                carryOut(order);
            } catch (RuntimeException e) {
                log.log(System.Logger.Level.ERROR, "order of commit " + seq + " failed", e);
            }
        }
    }

    private static boolean isOrder(Decision decision) {
        return decision instanceof Decision.StartOrdered
                || decision instanceof Decision.StopOrdered
                || decision instanceof Decision.KillOrdered
                || decision instanceof Decision.OrphanReaped;
    }

    /**
     * No process runs that a power failure could take off the record. Ends lose nothing by it: no process survives one. A disk that fails does
     * not keep a process from being stopped; the journal itself puts the gap on the record.
     */
    private void awaitRecord(long seq, List<Decision> orders) {
        try {
            if (orders.stream().anyMatch(Decision.StartOrdered.class::isInstance)) {
                journal.awaitDurable(seq);
            } else {
                journal.awaitAcknowledged(seq);
            }
        } catch (JournalException e) {
            log.log(System.Logger.Level.WARNING, "order {0} is carried out before it is on disk: {1}", seq, e);
        }
    }

    private void carryOut(Decision order) {
        if (order instanceof Decision.StartOrdered start) {
            launcher.start(start);
        } else if (order instanceof Decision.StopOrdered stop) {
            supervisor.find(stop.run()).ifPresent(this::stop);
        } else if (order instanceof Decision.KillOrdered kill) {
            supervisor.find(kill.run()).ifPresent(this::kill);
        } else if (order instanceof Decision.OrphanReaped reap) {
            supervisor.find(reap.run()).ifPresent(this::kill);
        }
    }

    /** {@code cmdStop}, or SIGTERM to the group when there is none or it cannot be split (llama-swap §4.6). */
    private void stop(Run run) {
        if (!run.stopping()) {
            return; // told again only because there is less time now
        }
        Optional<CommandLine> command = run.settings().flatMap(s -> s.stopCommand(run.pid()));
        if (command.orElse(new CommandLine.Invalid("")) instanceof CommandLine.Args(List<String> args)) {
            run.remember(supervisor.kin().of(run));
            stopCommand.begin(run, args, run.settings().map(ModelConfig::env).orElse(List.of()));
        } else {
            signal(run, Pid.SIGTERM);
        }
    }

    void kill(Run run) {
        run.stopping();
        signal(run, Pid.SIGKILL);
        stopCommand.kill(run);
    }

    /** Signals the group, and whoever has left it. */
    private void signal(Run run, int signal) {
        Collection<ProcFs.Stat> kin = supervisor.kin().of(run);
        run.remember(kin);
        kin.stream().filter(s -> s.group() != run.pid()).forEach(s -> Pid.signal(s.pid(), signal));
        run.signal(signal)
                .ifPresent(error -> supervisor.report(new Fact.StopFailed(run.id(), "signal not sent: " + error)));
    }
}
