package dev.turntable.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Fact;
import dev.turntable.event.RunId;
import dev.turntable.process.linux.OutputPipe;
import dev.turntable.process.linux.Pid;
import dev.turntable.process.linux.ProcFs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stops and exits: the whole group goes, nothing is left, each exit is reported once (llama-swap §4.5, §4.6). */
class StopTest {
    @TempDir
    Path folder;

    @Test
    void aStopIsASigtermToTheGroup() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sleep 600").start();
            rig.spawned(run);
            rig.stop(run);
            assertEquals(new Fact.ProcessExited(run, 143, OptionalInt.of(15), 0), rig.exited(run));
        }
    }

    @Test
    void aChildThatIgnoresSigtermLivesUntilTheKillIsOrdered() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model(
                            "m", "sh -c 'trap \"echo got TERM\" TERM; echo up; while :; do sleep 600 & wait $!; done'")
                    .start();
            rig.awaitOutput(run, "up");
            rig.stop(run);
            rig.awaitOutput(run, "got TERM");
            assertTrue(Rig.alive(rig.spawned(run).pid()));
            rig.kill(run);
            assertEquals(OptionalInt.of(9), rig.exited(run).signal());
        }
    }

    @Test
    void aHandlerThatNeedsTimeCompletes() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model(
                            "m",
                            "sh -c 'trap \"sleep 0.3; echo bye; exit 5\" TERM; echo up; while :; do sleep 600 & wait $!; done'")
                    .start();
            rig.awaitOutput(run, "up");
            rig.stop(run);
            assertEquals(OptionalInt.of(5), rig.exited(run).code());
            assertTrue(rig.output(run).endsWith("bye\n"));
        }
    }

    @Test
    void aShellWrapperAndItsChildBothGo() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run =
                    rig.model("m", "sh -c 'sleep 600 & echo child $!; wait'").start();
            long child = child(rig, run);
            rig.stop(run);
            rig.exited(run);
            assertFalse(Rig.alive(child));
        }
    }

    @Test
    void aWrapperShellDiesWhileItsChildLives() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sh -c 'trap \"\" TERM; sleep 600 & echo child $!; sleep 0.1; exit 4'")
                    .start();
            long child = child(rig, run);
            assertEquals(OptionalInt.of(4), rig.exited(run).code());
            assertFalse(Rig.alive(child), "no orphan keeps memory and port");
        }
    }

    @Test
    void aDescendantThatLeftTheGroupGoesWithItsRunAndIsNamed() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sh -c 'setsid sh -c \"echo strayed \\$\\$; exec sleep 600\" & exec sleep 600'")
                    .start();
            long strayed = child(rig, run);
            rig.stop(run);
            rig.exited(run);
            assertFalse(Rig.alive(strayed));
            Fact.Stragglers told = rig.await(Fact.Stragglers.class, f -> true);
            assertEquals(
                    List.of(strayed),
                    told.ended().stream().map(Fact.Straggler::pid).toList());
            assertEquals(List.of(), told.left());
        }
    }

    /** Its parent ends at once, so that it is nobody's child any more; only its mark says whose it is. */
    @Test
    void aDaemonThatARunLeavesBehindGoesWithItAlsoWhenTheRunEndsByItself() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model(
                            "m",
                            "sh -c 'setsid -f sh -c \"echo daemon \\$\\$; exec sleep 600\"; read -r x < " + gate()
                                    + "'")
                    .start();
            long daemon = child(rig, run);
            openGate();
            rig.exited(run);
            assertFalse(Rig.alive(daemon), "a crash leaves no more behind than a stop");
            assertEquals(
                    daemon,
                    rig.await(Fact.Stragglers.class, f -> true)
                            .ended()
                            .getFirst()
                            .pid());
        }
    }

    @Test
    void aDaemonWithoutTheMarkLivesOnAndIsMentioned() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model(
                            "m",
                            "sh -c 'env -u TURNTABLE_RUN setsid -f sh -c \"echo daemon \\$\\$; exec sleep 600\"; exec sleep 600'")
                    .start();
            long daemon = child(rig, run);
            rig.stop(run);
            rig.exited(run);
            assertTrue(Rig.alive(daemon), "it asked to live");
            Fact.Stragglers told = rig.await(Fact.Stragglers.class, f -> true);
            assertEquals(List.of(), told.ended());
            assertEquals(
                    List.of(daemon),
                    told.left().stream().map(Fact.Straggler::pid).toList());
            Path pipe = Launcher.pipe(folder.toAbsolutePath(), run);
            assertTrue(Files.exists(pipe), "it is listened to for a while");
            Pid.signal((int) daemon, Pid.SIGKILL);
            Rig.eventually("no zombie is left of it", () -> ProcFs.stat(daemon).isEmpty());
        }
    }

    @Test
    void whoLeftTheGroupGetsTheStopSignalToo() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model(
                            "m",
                            "sh -c 'trap : TERM; setsid sh -c \"trap \\\"echo got TERM; exit\\\" TERM; echo strayed \\$\\$; while :; do sleep 1; done\" & wait; wait; sleep 600'")
                    .start();
            child(rig, run);
            rig.stop(run);
            rig.awaitOutput(run, "got TERM");
            rig.kill(run);
            rig.exited(run);
        }
    }

    @Test
    void theExitOfEachRunIsReportedOnceHoweverOftenItIsStoppedAndKilled() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sleep 600").start();
            rig.spawned(run);
            rig.stop(run);
            rig.stop(run);
            rig.kill(run);
            rig.exited(run);
            rig.stop(run);
            rig.kill(run);
            rig.exited(rig.model("n", "true").start());
            assertEquals(
                    1,
                    rig.all(Fact.ProcessExited.class).stream()
                            .filter(f -> f.run().equals(run))
                            .count());
            assertTrue(rig.all(Fact.StopFailed.class).isEmpty());
        }
    }

    @Test
    void anUnexpectedExitIsReported() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sh -c 'kill -SEGV $$'").start();
            assertEquals(new Fact.ProcessExited(run, 139, OptionalInt.of(11), 0), rig.exited(run));
            Rig.eventually(
                    "it is forgotten", () -> rig.processes.settingsOf(run).isEmpty());
        }
    }

    @Test
    void cmdStopReplacesTheSignalAndSeesNumberAndEnvironment() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sh -c 'trap \"echo got TERM\" TERM; echo up; sleep 600'")
                    .env("X=from-env")
                    .stop("sh -c 'echo stopping ${PID} ${PID} $X; kill -9 ${PID}'")
                    .start();
            rig.awaitOutput(run, "up");
            long pid = rig.spawned(run).pid();
            rig.stop(run);
            assertEquals(OptionalInt.of(9), rig.exited(run).signal());
            assertEquals("up\nstopping " + pid + " " + pid + " from-env\n", rig.output(run));
        }
    }

    @Test
    void aFailingCmdStopIsReportedAndTheProcessLivesOn() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sleep 600").stop("sh -c 'exit 3'").start();
            rig.spawned(run);
            rig.stop(run);
            assertEquals(new Fact.StopFailed(run, "exit status 3"), rig.await(Fact.StopFailed.class, f -> true));
            assertTrue(Rig.alive(rig.spawned(run).pid()));
            rig.kill(run);
            rig.exited(run);
        }
    }

    @Test
    void aMissingCmdStopIsReported() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sleep 600").stop("no-such-stop-command").start();
            rig.spawned(run);
            rig.stop(run);
            assertEquals(
                    "exec: \"no-such-stop-command\": executable file not found in $PATH",
                    rig.await(Fact.StopFailed.class, f -> true).error());
        }
    }

    @Test
    void aCmdStopThatCannotBeSplitFallsBackToTheSignal() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sleep 600").stop("  ").start();
            rig.spawned(run);
            rig.stop(run);
            assertEquals(OptionalInt.of(15), rig.exited(run).signal());
        }
    }

    @Test
    void aCmdStopThatHangsIsKilledWithItsChildrenAndMentioned() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sleep 600")
                    .stop("sh -c 'sleep 600 & setsid sleep 600 & echo stop $$ $! ; wait'")
                    .start();
            rig.spawned(run);
            rig.stop(run);
            rig.awaitOutput(run, "\n");
            String[] numbers = rig.output(run).trim().split(" ");
            rig.kill(run);
            rig.exited(run);
            assertFalse(Rig.alive(Long.parseLong(numbers[1])), "the command");
            assertFalse(Rig.alive(Long.parseLong(numbers[2])), "its child, which has left its group");
            assertEquals(
                    List.of("process.stop_failed", "process.exited"),
                    rig.trace.stream()
                            .filter(t -> t.startsWith("process.")
                                    && !t.equals("process.spawned")
                                    && !t.equals("process.ready"))
                            .toList());
        }
    }

    /** As {@code docker stop} does: the process it was called for is gone, and it still has to clear up. */
    @Test
    void aRunIsNotOverBeforeItsCmdStopIs() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sleep 600")
                    .stop("sh -c 'kill -9 ${PID}; echo killed; read -r x < " + gate() + "; echo cleared'")
                    .start();
            long pid = rig.spawned(run).pid();
            rig.stop(run);
            rig.awaitOutput(run, "killed");
            Rig.eventually("it is gone", () -> !Rig.alive(pid));
            RunId other = rig.model("other", "true").start();
            rig.exited(other);
            assertTrue(
                    rig.all(Fact.ProcessExited.class).stream()
                            .noneMatch(f -> f.run().equals(run)),
                    "its place is not free yet");
            openGate();
            assertEquals(OptionalInt.of(9), rig.exited(run).signal());
            assertEquals("killed\ncleared\n", rig.output(run));
            assertTrue(rig.all(Fact.StopFailed.class).isEmpty());
        }
    }

    @Test
    void theKillEndsACmdStopThatOutlivesItsProcess() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sleep 600")
                    .stop("sh -c 'kill -9 ${PID}; echo killed; exec sleep 600'")
                    .start();
            long pid = rig.spawned(run).pid();
            rig.stop(run);
            Rig.eventually("it is gone", () -> !Rig.alive(pid));
            rig.kill(run);
            assertEquals(OptionalInt.of(9), rig.exited(run).signal());
            assertEquals(
                    "cmdStop was still running when its time was over; killed",
                    rig.await(Fact.StopFailed.class, f -> true).error());
        }
    }

    /** A pipe from which a shell reads until {@link #openGate}. */
    private Path gate() {
        Path gate = folder.resolve("gate");
        OutputPipe.create(gate).letGo();
        return gate;
    }

    private void openGate() {
        try {
            Files.writeString(folder.resolve("gate"), "go\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long child(Rig rig, RunId run) {
        rig.awaitOutput(run, "\n");
        return Long.parseLong(rig.output(run).trim().split(" ")[1]);
    }
}
