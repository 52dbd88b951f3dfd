package dev.turntable.process;

import dev.turntable.config.ModelConfig;
import dev.turntable.event.Fact;
import dev.turntable.process.linux.OutputPipe;
import dev.turntable.process.linux.Pid;
import dev.turntable.process.linux.ProcFs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * At the start: finds out what became of the processes an earlier server run left behind.
 *
 * <pre>
 *  process with this number    its command      its pipe   its answer    what is reported
 *  none, or another one        -                -          -             lost; what it left in its session is killed
 *  the same                    has changed      -          -             orphan, not adoptable
 *  the same                    the same         is gone    -             orphan, not adoptable
 *  the same                    the same         there      not 200       orphan, not adoptable
 *  the same                    the same         there      200, or none  orphan, adoptable
 * </pre>
 *
 * <p>Adoptable or not, an orphan is watched from here on: its output is read, its exit reported, and it can be stopped and killed.
 */
final class Orphans {
    private final ModelSettings configured;
    private final Supervisor supervisor;
    private final Path runFolder;

    Orphans(ModelSettings configured, Supervisor supervisor, Path runFolder) {
        this.configured = configured;
        this.supervisor = supervisor;
        this.runFolder = runFolder;
    }

    /** Looks at all of them side by side; returns when each has been reported, at most one probe's limit later. */
    void reconcile(List<Survivor> survivors) {
        removeStalePipes(survivors);
        List<Thread> threads = new ArrayList<>();
        for (Survivor survivor : survivors) {
            threads.add(Thread.ofVirtual().name("reconcile " + survivor.run()).start(() -> examine(survivor)));
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void examine(Survivor survivor) {
        int pid = (int) survivor.pid();
        OptionalInt descriptor = Pid.descriptor(pid);
        Optional<ProcFs.Stat> leader = ProcFs.stat(pid)
                .filter(s -> s.startTicks() == survivor.startTicks() && s.session() == pid && !s.ended());
        if (descriptor.isPresent() && leader.isPresent()) {
            found(survivor, leader.get(), descriptor.getAsInt());
        } else {
            descriptor.ifPresent(Pid::close);
            lost(survivor);
        }
    }

    private void found(Survivor survivor, ProcFs.Stat leader, int descriptor) {
        Path path = Launcher.pipe(runFolder, survivor.run());
        boolean readable = Files.exists(path);
        Optional<ModelConfig> settings = configured.of(survivor.run().model());
        OutputPipe output = readable ? OutputPipe.open(path) : OutputPipe.create(path);
        Run run = new Run(survivor.run(), settings, leader, descriptor, output, false);
        supervisor.watch(run, Optional.empty());
        Optional<String> obstacle = readable ? obstacle(survivor, run) : Optional.of("its output is lost");
        supervisor.reportWhileAlive(
                run,
                new Fact.OrphanFound(
                        survivor.run(), survivor.pid(), obstacle.isEmpty(), obstacle.orElse("same command, answers")));
    }

    /** Why a process that is the same may not be kept; empty when it may. */
    private Optional<String> obstacle(Survivor survivor, Run run) {
        Optional<ModelConfig> settings = run.settings();
        if (settings.isEmpty()) {
            return Optional.of("the model is not configured any more");
        }
        if (!settings.get().fingerprint().equals(survivor.commandHash())) {
            return Optional.of("the model's settings have changed");
        }
        return switch (Launch.of(settings.get())) {
            case Launch.Impossible(String error) -> Optional.of(error);
            case Launch.Possible launch -> launch.probe().flatMap(probe -> ask(probe, run));
        };
    }

    private Optional<String> ask(Probe probe, Run run) {
        return switch (probe.ask(Readiness.FIRST_LIMIT, () -> {})) {
            case READY -> {
                var strangers = new ArrayList<String>();
                probe.address()
                        .whose(run, supervisor.kin(), stranger -> strangers.add(stranger + " answers in its place"));
                yield strangers.stream().findFirst();
            }
            case NOT_YET -> Optional.of("it is not ready");
            case TIMED_OUT -> Optional.of("it does not answer");
        };
    }

    /** The number may be somebody else's by now: only processes that carry this very run's mark are its descendants. */
    private void lost(Survivor survivor) {
        Path path = Launcher.pipe(runFolder, survivor.run());
        List<ProcFs.Stat> left = Kin.marked(path);
        List<Fact.Straggler> strayed = left.stream()
                .filter(s -> s.session() != survivor.pid())
                .map(Kin::straggler)
                .toList();
        left.forEach(s -> Pid.signal(s.pid(), Pid.SIGKILL));
        delete(path);
        if (!strayed.isEmpty()) {
            supervisor.report(new Fact.Stragglers(survivor.run(), strayed, List.of()));
        }
        supervisor.report(new Fact.ProcessLost(survivor.run()));
    }

    private void removeStalePipes(List<Survivor> survivors) {
        Set<Path> known = survivors.stream()
                .map(s -> Launcher.pipe(runFolder, s.run()))
                .collect(Collectors.toCollection(ConcurrentHashMap::newKeySet));
        try (DirectoryStream<Path> pipes = Files.newDirectoryStream(runFolder, "run-*.pipe")) {
            for (Path pipe : pipes) {
                if (!known.contains(pipe)) {
                    delete(pipe);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
