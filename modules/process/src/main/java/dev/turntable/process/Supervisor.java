package dev.turntable.process;

import dev.turntable.config.ModelConfig;
import dev.turntable.event.Fact;
import dev.turntable.event.RunId;
import dev.turntable.process.linux.EventLoop;
import dev.turntable.process.linux.OutputPipe;
import dev.turntable.process.linux.Pid;
import dev.turntable.process.linux.ProcFs;
import dev.turntable.process.linux.Spawner;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Watches over every living run: hands its output on, notices its exit at once, and leaves nothing of it behind.
 *
 * <p>It owns the event loop. All facts leave on the loop's thread, in the order in which things happened: it is never interrupted, and
 * an interrupted thread must not write to the journal.
 */
final class Supervisor {
    private final System.Logger log = System.getLogger("dev.turntable.process");
    private final EventLoop loop = new EventLoop("turntable-processes");
    private final OutputPipe.Buffer buffer = new OutputPipe.Buffer();
    private final Map<RunId, Run> living = new ConcurrentHashMap<>();
    private final Map<RunId, EventLoop.Watch> outputs = new HashMap<>();
    private final Map<RunId, EventLoop.Watch> exits = new HashMap<>();
    private final Set<OutputPipe> held = new HashSet<>();
    private final Set<GroupEnd> ending = new HashSet<>();
    private final Set<RunId> served = new HashSet<>();
    private final Map<RunId, Helper> helpers = new ConcurrentHashMap<>();
    private final Kin kin = new Kin(this::leaders);
    private final ProcessFacts facts;
    private final OutputSink sink;
    private boolean reaping;

    Supervisor(ProcessFacts facts, OutputSink sink) {
        this.facts = facts;
        this.sink = sink;
        loop.execute(() -> {
            Spawner.warmUp();
            Pid.adoptDescendants(true);
        });
    }

    private Collection<Integer> leaders() {
        return Stream.concat(
                        living.values().stream().map(Run::pid),
                        helpers.values().stream().map(Helper::pid))
                .collect(Collectors.toSet());
    }

    Optional<Run> find(RunId run) {
        return Optional.ofNullable(living.get(run));
    }

    Collection<Run> living() {
        return living.values();
    }

    /** Descendants of a run, wherever they are. */
    Kin kin() {
        return kin;
    }

    EventLoop loop() {
        return loop;
    }

    /** Reports a fact, behind those that were handed over before. Any thread. */
    void report(Fact fact) {
        loop.execute(() -> facts.report(fact));
    }

    /** Reports a fact about a run, unless its end has been noticed. Any thread. */
    void reportWhileAlive(Run run, Fact fact) {
        loop.execute(() -> {
            if (!run.ended()) {
                facts.report(fact);
            }
        });
    }

    /** Takes a process over: {@code first} is reported before anything it does. Any thread. */
    void watch(Run run, Optional<Fact> first) {
        living.put(run.id(), run);
        loop.execute(() -> {
            first.ifPresentOrElse(facts::report, () -> served.add(run.id()));
            outputs.put(run.id(), loop.watch(run.output().descriptor(), () -> copy(run)));
            exits.put(run.id(), loop.watch(run.descriptor(), () -> ended(run)));
            reapSoon();
        });
    }

    /** Whoever lost its parent and came to us must be reaped by us; nobody tells us when it ends. */
    private void reapSoon() {
        if (!reaping) {
            reaping = true;
            loop.after(Limits.REAP_EVERY, () -> {
                reaping = false;
                if (kin.reap() || !living.isEmpty()) {
                    reapSoon();
                }
            });
        }
    }

    /** Reports that a run is ready, unless it ended or is being stopped in the meantime. Any thread. */
    void ready(Run run, String probe, Duration load) {
        loop.execute(() -> {
            if (run.wanted()) {
                served.add(run.id());
                facts.report(new Fact.ProcessReady(run.id(), load, probe));
            }
        });
    }

    private OutputPipe.Read copy(Run run) {
        return run.output().read(buffer, (bytes, length) -> {
            run.lastLines().add(bytes, length);
            try {
                sink.accept(run.id(), bytes, length);
            } catch (RuntimeException e) {
                log.log(System.Logger.Level.ERROR, "output of " + run.id() + " is lost", e);
            }
        });
    }

    private void ended(Run run) {
        exits.remove(run.id()).end();
        Pid.Exit exit = run.end();
        Pid.close(run.descriptor());
        GroupEnd end = new GroupEnd(loop, () -> rest(run));
        ending.add(end);
        end.begin(() -> {
            ending.remove(end);
            stragglers(run);
            whenAlone(run, () -> finished(run, exit));
        });
    }

    /** Who is left of a run whose leader has ended. */
    private Collection<ProcFs.Stat> rest(Run run) {
        Collection<ProcFs.Stat> rest = kin.of(run);
        run.remember(rest);
        return rest;
    }

    private void stragglers(Run run) {
        List<Fact.Straggler> ended = run.stragglers();
        List<Fact.Straggler> left = kin.leftBy(run);
        if (!ended.isEmpty() || !left.isEmpty()) {
            facts.report(new Fact.Stragglers(run.id(), ended, left));
        }
    }

    private void finished(Run run, Pid.Exit exit) {
        outputs.remove(run.id()).end();
        OutputPipe output = run.output();
        output.giveUpWriting();
        boolean open = drain(run);
        try {
            facts.report(new Fact.ProcessExited(
                    run.id(),
                    exit == Pid.Exit.UNKNOWN ? OptionalInt.empty() : OptionalInt.of(exit.code()),
                    exit.signal(),
                    output.count(),
                    served.remove(run.id()) && run.isStopping() ? List.of() : quote(run)));
        } finally {
            forget(run, open);
        }
    }

    private static List<String> quote(Run run) {
        List<String> env = run.settings().map(ModelConfig::env).orElse(List.of());
        return run.lastLines().quote(new Secrets(System.getenv(), env));
    }

    private void forget(Run run, boolean open) {
        living.remove(run.id());
        synchronized (living) {
            living.notifyAll();
        }
        if (open) {
            listenOn(run);
        } else {
            run.output().close();
        }
    }

    /** Reads what the child left; true when somebody still holds the pipe. */
    private boolean drain(Run run) {
        long end = run.output().count() + Limits.OUTPUT_AT_EXIT_BYTES;
        OutputPipe.Read read = copy(run);
        while (read == OutputPipe.Read.DATA && run.output().count() < end) {
            read = copy(run);
        }
        return read != OutputPipe.Read.END;
    }

    /** Somebody who does not belong to the run any more holds the pipe, and is listened to for a while. */
    private void listenOn(Run run) {
        OutputPipe output = run.output();
        held.add(output);
        EventLoop.Watch[] watch = new EventLoop.Watch[1];
        Runnable end = () -> {
            if (held.remove(output)) {
                watch[0].end();
                output.close();
            }
        };
        watch[0] = loop.watch(output.descriptor(), () -> {
            if (copy(run) == OutputPipe.Read.END) {
                end.run();
            }
        });
        loop.after(Limits.OUTPUT_AFTER_EXIT, end);
    }

    /** The stop command of a run, from before its start to its end. The run is not over as long as it is there. */
    final class Helper {
        private final RunId run;
        private volatile int pid;
        private volatile boolean killed;
        private Runnable then = () -> {};

        private Helper(RunId run) {
            this.run = run;
        }

        int pid() {
            return pid;
        }

        void began(int number) {
            pid = number;
        }

        /** True when there is something to kill, and it had not been killed yet. */
        synchronized boolean kill() {
            boolean first = !killed && pid != 0;
            killed = killed || pid != 0;
            return first;
        }

        boolean isKilled() {
            return killed;
        }

        /** Any thread. */
        void ended() {
            loop.execute(() -> {
                helpers.remove(run, this);
                then.run();
            });
        }
    }

    Helper helper(Run run) {
        Helper helper = new Helper(run.id());
        helpers.put(run.id(), helper);
        return helper;
    }

    Optional<Helper> findHelper(Run run) {
        return Optional.ofNullable(helpers.get(run.id()));
    }

    /** On the loop. */
    private void whenAlone(Run run, Runnable then) {
        findHelper(run).ifPresentOrElse(helper -> helper.then = then, then);
    }

    /** Waits until no run and no stop command is alive, at most this long; true when none is. */
    boolean awaitNone(Duration budget) throws InterruptedException {
        long end = System.nanoTime() + budget.toNanos();
        synchronized (living) {
            for (long left = budget.toNanos(); busy() && left > 0; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(living, left);
            }
            return !busy();
        }
    }

    private boolean busy() {
        return !living.isEmpty();
    }

    /** Ends the watch. Pipes whose child is gone are removed; those of a child that lives are left for a later server run. */
    void close() {
        loop.execute(() -> {
            List.copyOf(ending).forEach(GroupEnd::over);
            held.forEach(OutputPipe::close);
            held.clear();
            for (Run run : living.values()) {
                Pid.close(run.descriptor());
                run.output().letGo();
            }
        });
        loop.close();
        buffer.close();
    }
}
