package dev.turntable.process;

import dev.turntable.config.CommandLine;
import dev.turntable.config.ModelConfig;
import dev.turntable.event.Commit;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.RunId;
import dev.turntable.journal.Journal;
import dev.turntable.journal.JournalException;
import dev.turntable.process.linux.Environment;
import dev.turntable.process.linux.Pid;
import dev.turntable.process.linux.ProcFs;
import dev.turntable.process.linux.Spawner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Carries out the orders that stand in the journal: starts, stops and kills upstream processes, and reports what becomes of them.
 *
 * <p>An order is carried out when its commit is on disk, so that no process runs that the next server run would not know of. Orders are
 * carried out one after the other, in the order of the journal; none of them waits for a process.
 */
public final class Processes implements AutoCloseable {
    /** What remains is killed, and normally gone in a few milliseconds. */
    private static final Duration DEFAULT_CLOSE_BUDGET = Duration.ofSeconds(5);

    private final System.Logger log = System.getLogger("dev.turntable.process");
    private final Journal journal;
    private final Supervisor supervisor;
    private final Launcher launcher;
    private final Orphans orphans;
    private final StopCommand stopCommand;

    /** One platform thread; its queue is bounded by what the core orders, a start, a stop and a kill for each model. */
    private final ExecutorService orders = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("turntable-orders").factory());

    private Optional<Journal.Follower> follower = Optional.empty();
    private boolean closed;

    private Processes(Journal journal, Supervisor supervisor, Launcher launcher, Orphans orphans, StopCommand stop) {
        this.journal = journal;
        this.supervisor = supervisor;
        this.launcher = launcher;
        this.orphans = orphans;
        this.stopCommand = stop;
    }

    /**
     * Prepares everything; nothing happens before {@link #begin}.
     *
     * @param runFolder holds the pipes of living processes; made when missing, for this user alone
     * @param configured the settings in force, asked at the moment of an order
     * @param facts takes reports, always on one thread that is never interrupted
     * @param sink takes output, on that same thread
     * @throws ProcessException when the folder cannot be used
     */
    public static Processes open(
            Path runFolder,
            Journal journal,
            Function<ModelId, Optional<ModelConfig>> configured,
            ProcessFacts facts,
            OutputSink sink) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return open(runFolder, journal, configured, facts, sink, new Spawner(Environment.ofThisProcess(), path));
    }

    static Processes open(
            Path runFolder,
            Journal journal,
            Function<ModelId, Optional<ModelConfig>> configured,
            ProcessFacts facts,
            OutputSink sink,
            Spawner spawner) {
        Path folder = runFolder.toAbsolutePath();
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new ProcessException("the folder for running processes cannot be made: " + folder, e);
        }
        Supervisor supervisor = new Supervisor(facts, sink);
        return new Processes(
                journal,
                supervisor,
                new Launcher(configured, spawner, supervisor, folder),
                new Orphans(configured, supervisor, folder),
                new StopCommand(spawner, supervisor));
    }

    /**
     * Begins to follow the journal, then reports each survivor: {@link Fact.OrphanFound}, or {@link Fact.ProcessLost}. Once.
     *
     * @param fromSeq the first commit that is not part of the state the survivors were taken from; older orders are not carried out again
     * @param survivors runs that state believes alive
     */
    public synchronized void begin(long fromSeq, List<Survivor> survivors) {
        follower = Optional.of(journal.follow("process", fromSeq, this::onCommit));
        orphans.reconcile(survivors);
    }

    /** The settings a living run was started with; for an adopted one those it was adopted under. */
    public Optional<ModelConfig> settingsOf(RunId run) {
        return supervisor.find(run).flatMap(Run::settings);
    }

    /** What a living run takes of the machine now. Reads {@code /proc}; a millisecond or two. */
    public Optional<Usage> usage(RunId run) {
        return supervisor.find(run).map(found -> {
            List<ProcFs.Stat> members = ProcFs.session(found.pid());
            long pages = members.stream().mapToLong(ProcFs.Stat::residentPages).sum();
            Duration cpu = members.stream().map(ProcFs.Stat::cpu).reduce(Duration.ZERO, Duration::plus);
            return new Usage(pages * Pid.pageBytes(), cpu, members.size());
        });
    }

    /** Kills what remains, with a budget of a few seconds. */
    @Override
    public void close() {
        close(DEFAULT_CLOSE_BUDGET);
    }

    /** Carries out no more orders, kills what remains, reports the exits, and returns when all is gone or the budget is used up. */
    public synchronized void close(Duration budget) {
        if (closed) {
            return;
        }
        closed = true;
        endOrders();
        for (Run run : supervisor.living()) {
            run.stopping();
            run.signal(Pid.SIGKILL);
        }
        stopCommand.killAll();
        try {
            if (!supervisor.awaitNone(budget)) {
                log.log(System.Logger.Level.ERROR, "processes that cannot be killed: {0}", names());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        supervisor.close();
    }

    /** Lets go of everything as a crash of this server would: processes live on, their pipes stay. For tests of adoption. */
    void abandon() {
        endOrders();
        supervisor.living().forEach(Run::stopping);
        supervisor.close();
    }

    /** The thread of the orders may be forcing the journal's file, which an interrupt would close: it is waited for, never interrupted. */
    private void endOrders() {
        follower.ifPresent(Journal.Follower::close);
        orders.shutdown();
        boolean interrupted = false;
        while (!orders.isTerminated()) {
            try {
                orders.awaitTermination(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private List<String> names() {
        return supervisor.living().stream()
                .map(r -> r.id() + " (" + r.pid() + ")")
                .toList();
    }

    /** Only hands over: the follower's thread is a virtual one, and a spawn would hold its carrier. */
    private void onCommit(Commit commit) {
        List<Decision> orders =
                commit.decisions().stream().filter(Processes::isOrder).toList();
        if (!orders.isEmpty()) {
            this.orders.execute(() -> carryOut(commit.seq(), orders));
        }
    }

    private void carryOut(long seq, List<Decision> orders) {
        awaitDurable(seq);
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

    /** A disk that fails does not keep a process from being stopped; the journal itself puts the gap on the record. */
    private void awaitDurable(long seq) {
        try {
            journal.awaitDurable(seq);
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
        run.stopping();
        Optional<CommandLine> command = run.settings().flatMap(s -> s.stopCommand(run.pid()));
        if (command.orElse(new CommandLine.Invalid("")) instanceof CommandLine.Args(List<String> args)) {
            stopCommand.begin(run, args, run.settings().map(ModelConfig::env).orElse(List.of()));
        } else {
            signal(run, Pid.SIGTERM);
        }
    }

    private void kill(Run run) {
        run.stopping();
        signal(run, Pid.SIGKILL);
    }

    private void signal(Run run, int signal) {
        run.signal(signal)
                .ifPresent(error -> supervisor.report(new Fact.StopFailed(run.id(), "signal not sent: " + error)));
    }
}
