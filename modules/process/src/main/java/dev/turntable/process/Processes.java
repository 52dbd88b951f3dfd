package dev.turntable.process;

import dev.turntable.config.ModelConfig;
import dev.turntable.event.Fact;
import dev.turntable.event.RunId;
import dev.turntable.journal.Journal;
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

/**
 * Carries out the orders that stand in the journal: starts, stops and kills upstream processes, and reports what becomes of them.
 *
 * <p>A start is carried out when its commit is on disk, so that no process runs that the next server run would not know of. Orders are
 * carried out one after the other, in the order of the journal; none of them waits for a process.
 */
public final class Processes implements AutoCloseable {
    /** What remains is killed, and normally gone in a few milliseconds. */
    private static final Duration DEFAULT_CLOSE_BUDGET = Duration.ofSeconds(5);

    private final System.Logger log = System.getLogger("dev.turntable.process");
    private final Supervisor supervisor;
    private final Orphans orphans;
    private final Orders orders;
    private boolean closed;

    private Processes(Supervisor supervisor, Orphans orphans, Orders orders) {
        this.supervisor = supervisor;
        this.orphans = orphans;
        this.orders = orders;
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
            Path runFolder, Journal journal, ModelSettings configured, ProcessFacts facts, OutputSink sink) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return open(runFolder, journal, configured, facts, sink, new Spawner(Environment.ofThisProcess(), path));
    }

    static Processes open(
            Path runFolder,
            Journal journal,
            ModelSettings configured,
            ProcessFacts facts,
            OutputSink sink,
            Spawner spawner) {
        Path folder;
        try {
            Files.createDirectories(
                    runFolder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            folder = runFolder.toRealPath(); // the name by which the kernel knows the pipes in it
        } catch (IOException e) {
            throw new ProcessException("the folder for running processes cannot be made: " + runFolder, e);
        }
        Supervisor supervisor = new Supervisor(facts, sink);
        StopCommand stopCommand = new StopCommand(spawner, supervisor);
        Launcher launcher = new Launcher(configured, spawner, supervisor, folder);
        return new Processes(
                supervisor,
                new Orphans(configured, supervisor, folder),
                new Orders(journal, supervisor, launcher, stopCommand));
    }

    /**
     * Reports each survivor, {@link Fact.OrphanFound} or {@link Fact.ProcessLost}, then begins to follow the journal. Once. Takes a few
     * milliseconds; two seconds when a survivor does not answer its probe.
     *
     * @param fromSeq the first commit that is not part of the state the survivors were taken from; older orders are not carried out again
     * @param survivors runs that state believes alive
     */
    public synchronized void begin(long fromSeq, List<Survivor> survivors) {
        orphans.reconcile(survivors);
        orders.follow(fromSeq);
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
        orders.close();
        supervisor.living().forEach(orders::kill);
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
        orders.close();
        supervisor.living().forEach(Run::stopping);
        supervisor.close();
    }

    private List<String> names() {
        return supervisor.living().stream()
                .map(r -> r.id() + " (" + r.pid() + ")")
                .toList();
    }
}
