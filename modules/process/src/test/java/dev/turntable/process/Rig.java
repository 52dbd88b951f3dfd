package dev.turntable.process;

import dev.turntable.config.Capabilities;
import dev.turntable.config.Filters;
import dev.turntable.config.ModelConfig;
import dev.turntable.config.Timeouts;
import dev.turntable.config.UpstreamUrl;
import dev.turntable.config.Value;
import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.ModelId;
import dev.turntable.event.Reason;
import dev.turntable.event.RunId;
import dev.turntable.journal.Journal;
import dev.turntable.journal.MemoryJournal;
import dev.turntable.process.linux.Environment;
import dev.turntable.process.linux.ProcFs;
import dev.turntable.process.linux.Spawner;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** The room under test with a journal to write orders into, and everything it reports at hand. */
final class Rig implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    final MemoryJournal journal = MemoryJournal.create();
    final Map<ModelId, ModelConfig> configured = new ConcurrentHashMap<>();
    private final Map<ModelId, ModelBuilder> builders = new ConcurrentHashMap<>();
    final Processes processes;
    /** Types of facts and waits for the disk, in their order. */
    final List<String> trace = new CopyOnWriteArrayList<>();

    private final List<Fact> facts = new ArrayList<>();
    private final Map<RunId, ByteArrayOutputStream> output = new ConcurrentHashMap<>();
    private final AtomicLong runs;

    Rig(Path folder) {
        this(folder, 1);
    }

    Rig(Path folder, long firstRun) {
        this(folder, firstRun, new Spawner(Environment.ofThisProcess(), System.getenv("PATH")));
    }

    Rig(Path folder, long firstRun, Spawner spawner) {
        runs = new AtomicLong(firstRun);
        processes = Processes.open(folder, traced(), new Settings(), this::add, this::keep, spawner);
    }

    /** A model that must move has its new port wherever the old one stood. */
    private final class Settings implements ModelSettings {
        @Override
        public Optional<ModelConfig> of(ModelId model) {
            return Optional.ofNullable(configured.get(model));
        }

        @Override
        public Optional<ModelConfig> moved(ModelId model, IntPredicate isFree) {
            ModelBuilder old = builders.get(model);
            return old.port.isEmpty()
                    ? Optional.empty()
                    : IntStream.range(old.port.getAsInt() + 1, 65_536)
                            .filter(isFree)
                            .mapToObj(old::at)
                            .findFirst();
        }
    }

    Rig begin(Survivor... survivors) {
        processes.begin(journal.head() + 1, List.of(survivors));
        return this;
    }

    /** A model that is ready as soon as it runs. */
    ModelBuilder model(String id, String cmd) {
        return new ModelBuilder(id, cmd);
    }

    /** Orders a start; the model's port stands in the order. */
    RunId start(String model) {
        RunId run = new RunId(new ModelId(model), runs.getAndIncrement());
        order(new Decision.StartOrdered(run, OptionalInt.of(4711), Instant.EPOCH, Reason.REQUESTED));
        return run;
    }

    void stop(RunId run) {
        order(new Decision.StopOrdered(run, Reason.UNLOADED, Duration.ofSeconds(5)));
    }

    void kill(RunId run) {
        order(new Decision.KillOrdered(run, Reason.UNLOADED));
    }

    void order(Decision order) {
        journal.append(Instant.EPOCH, 0, new Fact.ServerStopped(), List.of(order));
    }

    Fact.ProcessSpawned spawned(RunId run) {
        return await(Fact.ProcessSpawned.class, f -> f.run().equals(run));
    }

    Fact.ProcessReady ready(RunId run) {
        return await(Fact.ProcessReady.class, f -> f.run().equals(run));
    }

    Fact.ProcessExited exited(RunId run) {
        return await(Fact.ProcessExited.class, f -> f.run().equals(run));
    }

    Fact.SpawnFailed failed(RunId run) {
        return await(Fact.SpawnFailed.class, f -> f.run().equals(run));
    }

    <F extends Fact> F await(Class<F> type, Predicate<F> which) {
        synchronized (facts) {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (true) {
                Optional<F> found = facts.stream()
                        .filter(type::isInstance)
                        .map(type::cast)
                        .filter(which)
                        .findFirst();
                if (found.isPresent()) {
                    return found.get();
                }
                waitUntil(end, type.getSimpleName());
            }
        }
    }

    private void waitUntil(long end, String what) {
        long millis = (end - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new AssertionError("no " + what + " among " + facts);
        }
        try {
            facts.wait(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    <F extends Fact> List<F> all(Class<F> type) {
        synchronized (facts) {
            return facts.stream().filter(type::isInstance).map(type::cast).toList();
        }
    }

    List<Fact> facts() {
        synchronized (facts) {
            return List.copyOf(facts);
        }
    }

    String output(RunId run) {
        ByteArrayOutputStream bytes = output.get(run);
        return bytes == null ? "" : bytes.toString(StandardCharsets.UTF_8);
    }

    void awaitOutput(RunId run, String part) {
        eventually("output of " + run + " contains " + part, () -> output(run).contains(part));
    }

    static void eventually(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("never: " + what);
            }
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    static boolean alive(long pid) {
        return ProcFs.stat(pid).filter(s -> !s.ended()).isPresent();
    }

    /** The journal, with every wait for the disk put down among the facts' trace. */
    private Journal traced() {
        return (Journal) Proxy.newProxyInstance(
                Rig.class.getClassLoader(), new Class<?>[] {Journal.class}, (proxy, method, args) -> {
                    Object result = method.invoke(journal, args);
                    if (method.getName().equals("awaitDurable")) {
                        trace.add("durable " + args[0]);
                    }
                    return result;
                });
    }

    private void add(Fact fact) {
        trace.add(fact.type());
        synchronized (facts) {
            facts.add(fact);
            facts.notifyAll();
        }
    }

    private void keep(RunId run, byte[] bytes, int length) {
        output.computeIfAbsent(run, r -> new ByteArrayOutputStream()).write(bytes, 0, length);
    }

    @Override
    public void close() {
        processes.close();
        journal.close();
    }

    /** Settings of one model, of which a test says only what it is about. */
    final class ModelBuilder {
        private final String id;
        private final String cmd;
        private Optional<String> cmdStop = Optional.empty();
        private List<String> env = List.of();
        private String proxy = "http://127.0.0.1:1";
        private String check = "none";
        private OptionalInt port = OptionalInt.empty();
        private Timeouts timeouts = Timeouts.MODEL_DEFAULTS;

        private ModelBuilder(String id, String cmd) {
            this.id = id;
            this.cmd = cmd;
        }

        ModelBuilder stop(String command) {
            cmdStop = Optional.of(command);
            return this;
        }

        ModelBuilder env(String... entries) {
            env = List.of(entries);
            return this;
        }

        ModelBuilder proxy(String url) {
            proxy = url;
            return this;
        }

        ModelBuilder check(String endpoint) {
            check = endpoint;
            return this;
        }

        /** Has this port in the place of {@code ${PORT}}. */
        ModelBuilder port(int number) {
            port = OptionalInt.of(number);
            return this;
        }

        private ModelConfig at(int number) {
            String old = Integer.toString(port.orElseThrow());
            ModelBuilder moved = new ModelBuilder(id, cmd.replace(old, "" + number));
            moved.check = check;
            moved.proxy = proxy.replace(old, "" + number);
            return moved.port(number).add();
        }

        ModelConfig add() {
            Optional<URI> uri = proxy.isEmpty() ? Optional.empty() : Optional.of(URI.create(proxy));
            ModelConfig model = new ModelConfig(
                    id,
                    "",
                    "",
                    cmd,
                    cmdStop,
                    env,
                    new UpstreamUrl(proxy, uri),
                    port,
                    List.of(),
                    check,
                    Duration.ZERO,
                    Duration.ofSeconds(5),
                    10,
                    Optional.empty(),
                    Filters.NONE,
                    Value.Fields.EMPTY,
                    false,
                    timeouts,
                    false,
                    Capabilities.NONE,
                    false,
                    "print of " + cmd + env);
            builders.put(new ModelId(id), this);
            configured.put(new ModelId(id), model);
            return model;
        }

        RunId start() {
            add();
            return Rig.this.start(id);
        }
    }
}
