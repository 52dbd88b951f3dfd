package dev.turntable.app;

import dev.turntable.api.ConfigControl;
import dev.turntable.config.Config;
import dev.turntable.config.ConfigDiff;
import dev.turntable.config.ConfigError;
import dev.turntable.config.ConfigWarning;
import dev.turntable.config.ModelConfig;
import dev.turntable.config.loading.ConfigLoader;
import dev.turntable.config.loading.ConfigSources;
import dev.turntable.config.loading.ConfigWatcher;
import dev.turntable.config.loading.LoadOptions;
import dev.turntable.config.loading.LoadResult;
import dev.turntable.config.printing.ConfigPrinter;
import dev.turntable.engine.Conductor;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.fsm.Policies;
import dev.turntable.fsm.Run;
import dev.turntable.journal.Journal;
import dev.turntable.process.ModelSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The configuration in force, and the one way to another: load it whole, put the difference on the record, tell who must know.
 *
 * <p>A reload changes nothing when the new configuration is refused. Owns a lock: one reload at a time; a signal that arrives while one
 * runs is dropped (llama-swap §1.5).
 */
final class Configs implements ConfigControl, ModelSettings, AutoCloseable {
    /** Newest configurations that {@link #history} lists. */
    private static final int LISTED = 100;

    private static final int LAST_PORT = 65_535;

    private final ConfigWatcher watcher;
    private final ConfigSources sources;
    private final Map<String, String> environment;
    private final ConfigArchive archive;
    private final Conductor conductor;
    private final Journal journal;
    private final List<Consumer<Config>> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock reloading = new ReentrantLock();
    private final LoadResult.Loaded first;
    private final Map<String, Integer> moved = new HashMap<>(); // guarded by reloading
    /** What orders of the journal mean: a follower may be faster than the append that it follows. */
    private volatile Config ordered;

    /** What everybody else asks: never ahead of the journal. */
    private volatile Config current;

    private Thread watching = Thread.ofVirtual().unstarted(() -> {});

    Configs(
            ConfigSources sources,
            Map<String, String> environment,
            ConfigArchive archive,
            Conductor conductor,
            Journal journal,
            LoadResult.Loaded first) {
        this.sources = sources;
        this.environment = environment;
        this.archive = archive;
        this.conductor = conductor;
        this.journal = journal;
        this.first = first;
        this.ordered = first.config();
        this.current = first.config();
        this.watcher = new ConfigWatcher(sources, first.sources());
    }

    /** Loads for the first time; throws {@link StartException} when the configuration is refused. */
    static LoadResult.Loaded load(ConfigSources sources, LoadOptions options) {
        return switch (ConfigLoader.load(sources, options)) {
            case LoadResult.Loaded loaded -> loaded;
            case LoadResult.Refused refused ->
                throw new StartException(
                        ExitCode.REFUSED,
                        "configuration refused: " + refused.first().render());
        };
    }

    /** Puts the first configuration of this server run on the record, with what else there is to warn about. */
    void begin(List<String> warnings) {
        archive.keep(first.config().hash(), first.sources());
        var everything = new ConfigDiff(
                List.copyOf(first.config().models().keySet()), List.of(), List.of(), List.of(), List.of(), List.of());
        conductor.submit(applied(first, "start", everything, warnings));
    }

    /** Looks for saved changes from now on, until {@link #close}. */
    void watch() {
        watching = Thread.ofVirtual()
                .name("config-watch")
                .start(() -> watcher.follow(this::pause, () -> reload("watch", false)));
    }

    private boolean pause(Duration time) {
        try {
            Thread.sleep(time);
            return true;
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        watching.interrupt();
    }

    /** Calls {@code listener} with every configuration that is put in force from now on. */
    void onChange(Consumer<Config> listener) {
        listeners.add(listener);
    }

    @Override
    public Config current() {
        return current;
    }

    @Override
    public String currentText() {
        return ConfigPrinter.yaml(current);
    }

    @Override
    public Outcome reload(boolean mayHaveNoModels) {
        return reload("api", mayHaveNoModels);
    }

    /** Loads the sources again and applies them; {@code origin} is what stands in the record. Waits for a reload that runs. */
    private Outcome reload(String origin, boolean mayHaveNoModels) {
        reloading.lock();
        try {
            return apply(sources, origin, mayHaveNoModels);
        } finally {
            reloading.unlock();
        }
    }

    /** Like {@link #reload(String)}, but does nothing while another reload runs. */
    void reloadUnlessBusy(String origin) {
        if (reloading.tryLock()) {
            try {
                apply(sources, origin, false);
            } finally {
                reloading.unlock();
            }
        }
    }

    @Override
    public Optional<Outcome> rollback(String hash) {
        reloading.lock();
        try {
            return archive.find(hash).map(earlier -> apply(earlier, "rollback", true));
        } finally {
            reloading.unlock();
        }
    }

    @Override
    public Optional<ConfigSources> sources(String hash) {
        return archive.find(hash);
    }

    @Override
    public Optional<String> show(String hash) {
        return archive.find(hash).map(earlier -> switch (ConfigLoader.load(earlier, LoadOptions.of(environment))) {
            case LoadResult.Loaded loaded -> ConfigPrinter.yaml(loaded.config());
            case LoadResult.Refused refused ->
                "# refused today: " + refused.first().message() + "\n";
        });
    }

    @Override
    public List<Applied> history() {
        var applied = new ArrayList<Applied>();
        try (Journal.Reader reader = journal.readBackwards(journal.head())) {
            while (reader.hasNext() && applied.size() < LISTED) {
                var commit = reader.next();
                if (commit.fact() instanceof Fact.ConfigApplied config) {
                    applied.add(new Applied(
                            config.hash(),
                            commit.time(),
                            config.origin(),
                            archive.find(config.hash()).isPresent()));
                }
            }
        }
        return applied;
    }

    private Outcome apply(ConfigSources from, String origin, boolean mayHaveNoModels) {
        return switch (ConfigLoader.load(from, new LoadOptions(environment, keptPorts()))) {
            case LoadResult.Refused refused ->
                refuse(
                        origin,
                        refused.errors().stream().map(ConfigError::render).toList());
            case LoadResult.Loaded loaded
            when !mayHaveNoModels
                    && loaded.config().models().isEmpty()
                    && !current.models().isEmpty() ->
                refuse(
                        origin,
                        List.of("the new configuration has no model, and the one in force has "
                                + current.models().size()
                                + ": it is taken only when asked for with POST /api/config/reload?empty=true"));
            case LoadResult.Loaded loaded -> {
                Outcome outcome = difference(loaded);
                archive.keep(loaded.config().hash(), loaded.sources());
                ConfigDiff diff = ConfigDiff.between(current, loaded.config());
                ordered = loaded.config();
                conductor.submit(applied(loaded, origin, diff, List.of()));
                current = loaded.config();
                listeners.forEach(listener -> listener.accept(loaded.config()));
                yield outcome;
            }
        };
    }

    /** What differs between what is in force and this. */
    private Outcome difference(LoadResult.Loaded loaded) {
        ConfigDiff diff = ConfigDiff.between(current, loaded.config());
        return diff.isEmpty()
                ? new Outcome.Unchanged(loaded.config().hash())
                : new Outcome.Changed(
                        loaded.config().hash(),
                        diff.added(),
                        diff.removed(),
                        diff.changed(),
                        diff.retuned(),
                        diff.settings(),
                        texts(loaded.warnings()));
    }

    @Override
    public Checked check(Optional<String> text) {
        ConfigSources from = text.map(t -> ConfigSources.text("edited.yaml", t)).orElse(sources);
        return switch (ConfigLoader.load(from, new LoadOptions(environment, keptPorts()))) {
            case LoadResult.Loaded loaded ->
                new Checked(
                        difference(loaded),
                        Optional.of(ConfigPrinter.yaml(loaded.config())),
                        loaded.sources().stream()
                                .map(source -> shown(loaded.config(), source.name(), source.content()))
                                .toList(),
                        loaded.warnings().stream().map(Configs::mark).toList());
            case LoadResult.Refused refused ->
                new Checked(
                        new Outcome.Refused(refused.errors().stream()
                                .map(error -> current.redactor().redact(error.render()))
                                .toList()),
                        Optional.empty(),
                        text.map(t -> List.of(new File("edited.yaml", t))).orElseGet(() -> refusedFiles(refused)),
                        Stream.concat(
                                        refused.errors().stream().map(Configs::mark),
                                        refused.warnings().stream().map(Configs::mark))
                                .toList());
        };
    }

    private File shown(Config config, String name, String content) {
        return new File(name, current.redactor().redact(config.redactor().redact(content)));
    }

    /** The files in which something is wrong, as far as they can be read. */
    private List<File> refusedFiles(LoadResult.Refused refused) {
        var files = new ArrayList<File>();
        refused.errors().stream()
                .map(ConfigError::file)
                .filter(name -> !name.isEmpty())
                .distinct()
                .forEach(name -> {
                    try {
                        files.add(shown(current, name, Files.readString(Path.of(name))));
                    } catch (IOException | InvalidPathException unreadable) {
                        // the error itself says so
                    }
                });
        return files;
    }

    private static Mark mark(ConfigError e) {
        return new Mark(true, e.file(), e.line(), e.column(), e.message(), e.hint());
    }

    private static Mark mark(ConfigWarning w) {
        return new Mark(false, w.file(), w.line(), w.column(), w.message(), w.hint());
    }

    private Outcome refuse(String origin, List<String> errors) {
        conductor.submit(new Fact.ConfigRejected(origin, errors));
        return new Outcome.Refused(errors);
    }

    private static Fact.ConfigApplied applied(
            LoadResult.Loaded loaded, String origin, ConfigDiff diff, List<String> more) {
        List<String> warnings = new ArrayList<>(more);
        loaded.warnings().forEach(warning -> warnings.add(warning.oneLine()));
        return new Fact.ConfigApplied(
                loaded.config().hash(),
                origin,
                Policies.from(loaded.config()),
                new Fact.ConfigChange(
                        ids(diff.added()),
                        ids(diff.removed()),
                        ids(diff.changed()),
                        ids(diff.retuned()),
                        diff.settings()),
                warnings,
                List.copyOf(loaded.config().profiles().keySet()));
    }

    @Override
    public Optional<ModelConfig> of(ModelId model) {
        return Optional.ofNullable(ordered.models().get(model.value()));
    }

    /** From now on that is its port. */
    @Override
    public Optional<ModelConfig> moved(ModelId model, IntPredicate isFree) {
        reloading.lock();
        try {
            var ports = new HashMap<String, Integer>();
            current.models().forEach((id, m) -> m.port().ifPresent(port -> ports.put(id, port)));
            Integer from = ports.get(model.value());
            if (from == null) {
                return Optional.empty();
            }
            OptionalInt to = IntStream.rangeClosed(from + 1, LAST_PORT)
                    .filter(port -> !ports.containsValue(port) && isFree.test(port))
                    .findFirst();
            if (to.isEmpty()
                    || !(archive.find(current.hash())
                                    .map(same -> ConfigLoader.load(
                                            same, new LoadOptions(environment, with(ports, model, to.getAsInt()))))
                                    .orElse(null)
                            instanceof LoadResult.Loaded loaded)) {
                return Optional.empty();
            }
            moved.put(model.value(), to.getAsInt());
            ordered = loaded.config();
            current = loaded.config();
            return Optional.ofNullable(current.models().get(model.value()));
        } finally {
            reloading.unlock();
        }
    }

    private static Map<String, Integer> with(Map<String, Integer> ports, ModelId model, int port) {
        var more = new HashMap<>(ports);
        more.put(model.value(), port);
        return more;
    }

    /** Ports of processes that are there keep their number through a reload, and so do those that had to move. */
    private Map<String, Integer> keptPorts() {
        var kept = new HashMap<>(moved);
        for (Run run : conductor.yard().runs()) {
            run.settings().port().ifPresent(port -> kept.put(run.model().value(), port));
        }
        return kept;
    }

    private static List<ModelId> ids(List<String> names) {
        return names.stream().map(ModelId::new).toList();
    }

    private static List<String> texts(List<ConfigWarning> warnings) {
        return warnings.stream().map(ConfigWarning::oneLine).toList();
    }
}
