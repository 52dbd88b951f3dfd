package dev.turntable.app;

import dev.turntable.api.BuildInfo;
import dev.turntable.api.ControlPlane;
import dev.turntable.app.Settings.Listen;
import dev.turntable.config.Config;
import dev.turntable.config.ModelConfig;
import dev.turntable.config.TurntableSettings;
import dev.turntable.config.loading.ConfigSources;
import dev.turntable.config.loading.LoadOptions;
import dev.turntable.config.loading.LoadResult;
import dev.turntable.engine.Conductor;
import dev.turntable.engine.ConductorOptions;
import dev.turntable.engine.EngineClock;
import dev.turntable.event.Fact;
import dev.turntable.fsm.Run;
import dev.turntable.history.History;
import dev.turntable.journal.Journal;
import dev.turntable.logs.LogSettings;
import dev.turntable.logs.LogStreams;
import dev.turntable.logs.LogsException;
import dev.turntable.logs.OutputStore;
import dev.turntable.logs.OutputStore.Retention;
import dev.turntable.process.ProcessException;
import dev.turntable.process.Processes;
import dev.turntable.process.Survivor;
import dev.turntable.proxy.DataPlane;
import dev.turntable.proxy.FrontDoor;
import dev.turntable.proxy.activity.CaptureStore;
import dev.turntable.proxy.activity.InFlight;
import dev.turntable.proxy.admission.Admission;
import dev.turntable.proxy.exchange.Routes;
import dev.turntable.upstream.ProxyEnvironment;
import dev.turntable.upstream.UpstreamPool;
import io.helidon.webserver.WebServer;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * The running server: the one place where all rooms are wired together, top to bottom in the order of a request.
 *
 * <p>Started by {@link #start}, ended by {@link #close}, both called once by the thread of {@code main}.
 */
public final class Turntable implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Turntable.class.getName());

    private final Settings settings;
    private final DataFolder folder;
    private final Journal journal;
    private final Conductor conductor;
    private final Configs configs;
    private final OutputStore output;
    private final Processes processes;
    private final LogStreams logs;
    private final History history;
    private final UpstreamPool upstreams;
    private final HeapKeeper heap;
    private final ControlPlane control;
    private final DataPlane plane;
    private final FrontDoor door;
    private final WebServer listener;
    private final Preload preload;
    private final Shutdown shutdown;
    private final CountDownLatch broken = new CountDownLatch(1);

    /** Loads a configuration; throws {@link StartException} when it is refused. */
    public static LoadResult.Loaded load(ConfigSources sources, Map<String, String> environment) {
        return Configs.load(sources, LoadOptions.of(environment));
    }

    /** Starts and listens; throws {@link StartException} with nothing left behind. */
    public static Turntable start(
            Settings settings, LoadResult.Loaded config, Map<String, String> environment, PrintStream out) {
        Listening.requireFree(settings.listen());
        try (var undo = new Undo()) {
            var turntable = new Turntable(settings, config, environment, out, undo);
            undo.keep();
            return turntable;
        } catch (LogsException | ProcessException | UncheckedIOException e) {
            throw new StartException(ExitCode.DATA_DIR, "cannot use the data folder: " + e.getMessage(), e);
        }
    }

    private Turntable(
            Settings settings, LoadResult.Loaded config, Map<String, String> environment, PrintStream out, Undo undo) {
        this.settings = settings;
        upstreams = new UpstreamPool(System::nanoTime, new ProxyEnvironment(environment));
        folder = undo.closing(DataFolder.of(settings, environment));
        Path data = folder.path();
        ZoneId zone = ZoneId.systemDefault();
        TurntableSettings block = config.config().turntable();

        // The record, and the state that is its fold.
        journal = undo.closing(folder.journal(settings, block.retention()));
        conductor = undo.closing(Conductor.open(
                journal, EngineClock.system(), ConductorOptions.DEFAULTS.withOnBroken(_ -> broken.countDown())));
        journal.onHealth(health -> conductor.submit(
                health.degraded()
                        ? new Fact.DiskLow(health.freeBytes(), health.floorBytes())
                        : new Fact.DiskRecovered(health.freeBytes(), health.lostCommits())));
        long folded = journal.head();
        List<Run> alive = conductor.yard().runs();
        LoadResult.Loaded loaded =
                alive.isEmpty() ? config : Configs.load(settings.sources(), new LoadOptions(environment, ports(alive)));

        // Effects that follow the journal: processes and what they print, the text people read.
        output = undo.closing(OutputStore.open(
                data.resolve("output"),
                new Retention(block.retention().outputAge(), folder.outputBytes(block.retention())),
                InstantSource.system()));
        configs = new Configs(settings.sources(), environment, new ConfigArchive(data), conductor, journal, loaded);
        processes = undo.closing(Processes.open(data.resolve("run"), journal, configs, this::happened, output::append));
        logs = undo.closing(LogStreams.open(
                journal,
                output,
                logSettings(loaded.config(), zone),
                // A follower may be here before the room of processes has taken its own child in.
                run -> processes
                        .settingsOf(run)
                        .or(() -> configs.of(run.model()))
                        .map(ModelConfig::cmd),
                out,
                folded + 1));
        conductor.submit(new Fact.ServerStarted(
                Version.current().version(), ProcessHandle.current().pid(), Boot.id()));
        configs.begin(folder.warnings());
        configs.onChange(now -> logs.apply(logSettings(now, zone)));
        // Ordered, but never on the record as launched: nobody could be asked whether it is there.
        alive.stream()
                .filter(run -> run.child().isEmpty())
                .forEach(run -> conductor.submit(new Fact.ProcessLost(run.id())));
        processes.begin(folded + 1, survivors(alive));
        history = undo.closing(History.open(
                journal, data.resolve("history.idx"), loaded.config().metricsMaxInMemory()));

        // The planes, and the door in front of them.
        Admission admission = new ConductorAdmission(conductor, processes::settingsOf, configs::of);
        var captures = new CaptureStore(() -> (long) configs.current().captureBuffer() << 20);
        var inFlight = new InFlight();
        plane = new DataPlane(
                configs::current,
                () -> conductor.yard().activeProfile(),
                admission,
                captures,
                inFlight,
                data.resolve("tmp"),
                upstreams);
        undo.closing(plane::close);
        control = undo.closing(new ControlPlane(new ControlPlane.Parts(
                configs,
                new ConductorCore(conductor),
                journal,
                logs,
                history,
                inFlight,
                captures,
                new BuildInfo(
                        Version.current().version(),
                        Version.current().commit(),
                        Version.current().date()),
                InstantSource.system(),
                zone)));
        door = new FrontDoor(Routes.of(plane.routes(), control.routes()), configs::current, admission::served);
        listener = Listening.open(settings, door);
        undo.closing(listener::stop);

        Listen at = listening();
        conductor.submit(new Fact.ServerListening(
                at.toString(), settings.tls().isPresent(), !Listening.isLoopback(settings.listen())));
        preload = new Preload(admission, plane::visit, loaded.config());
        configs.onChange(preload::reloaded);
        if (settings.watchConfig()) {
            configs.watch();
        }
        heap = undo.closing(new HeapKeeper());
        shutdown = new Shutdown(conductor, journal);
    }

    private static LogSettings logSettings(Config config, ZoneId zone) {
        return LogSettings.of(
                config.logLevel().name(),
                config.logTimeFormat(),
                config.logToStdout().name(),
                zone);
    }

    /** Connections to a process that ended serve nobody any more. */
    private void happened(Fact fact) {
        conductor.submit(fact);
        switch (fact) {
            case Fact.ProcessExited exited -> upstreams.retire(exited.run()::equals);
            case Fact.ProcessLost lost -> upstreams.retire(lost.run()::equals);
            default -> {
                // nothing that ends a connection
            }
        }
    }

    /** Ports of processes that outlived the last server run: they keep them. */
    private static Map<String, Integer> ports(List<Run> alive) {
        var ports = new HashMap<String, Integer>();
        alive.forEach(run ->
                run.settings().port().ifPresent(port -> ports.put(run.model().value(), port)));
        return ports;
    }

    private static List<Survivor> survivors(List<Run> alive) {
        return alive.stream()
                .flatMap(run -> run.child().stream()
                        .map(child -> new Survivor(run.id(), child.pid(), child.startTicks(), child.commandHash())))
                .toList();
    }

    /** Where it listens, with the port it was given. */
    public Listen listening() {
        return new Listen(settings.listen().host(), listener.port());
    }

    /** Reads the configuration again and applies what changed (SIGHUP, llama-swap §1.5); returns at once. */
    public void reload() {
        Thread.ofVirtual().name("reload").start(() -> configs.reloadUnlessBusy("sighup"));
    }

    /** Returns when a broken invariant has stopped the Conductor: the server must be started again, and folds what is on the record. */
    public void awaitBroken() throws InterruptedException {
        broken.await();
    }

    /** SIGTERM or SIGINT: the first tells the server to stop, the second to wait for nothing. Any thread; returns at once. */
    public void signalled(String signal) {
        shutdown.signalled(signal);
    }

    /** Returns when it is told to stop. */
    public void awaitSignal() throws InterruptedException {
        shutdown.await();
    }

    /**
     * Ends in the order of llama-swap §1.3: nobody new, who waits is told, what is served gets its answer, processes are stopped. What
     * takes longer than its time is cut short.
     */
    @Override
    public void close() {
        shutdown.begin();
        heap.close();
        preload.close();
        configs.close();
        control.close();
        try {
            shutdown.stopListening(listener::stop, door::hangUp);
            shutdown.stopProcesses();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        plane.close();
        processes.close();
        conductor.submit(new Fact.ServerStopped());
        conductor.close();
        history.close();
        logs.close();
        output.close();
        journal.close();
        folder.close();
        LOG.log(System.Logger.Level.DEBUG, "closed");
    }
}
