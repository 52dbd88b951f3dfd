package dev.turntable.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Fact;
import dev.turntable.event.RunId;
import dev.turntable.process.linux.Pid;
import java.nio.file.Files;
import java.nio.file.Path;
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
    void aDescendantThatLeftTheGroupAndHoldsTheOutputDoesNotDelayTheExit() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sh -c 'setsid sh -c \"echo held \\$\\$; exec sleep 600\" & exec sleep 600'")
                    .start();
            long escaped = child(rig, run);
            Path pipe = Launcher.pipe(folder.toAbsolutePath(), run);
            rig.stop(run);
            rig.exited(run);
            assertTrue(Files.exists(pipe), "it is listened to for a while");
            rig.processes.close();
            assertFalse(Files.exists(pipe));
            assertTrue(Rig.alive(escaped), "who leaves the group is not reached (llama-swap §13.12)");
            Pid.signal((int) escaped, Pid.SIGKILL);
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
    void aCmdStopThatTakesLongDoesNotDelayTheKillAndEndsWithTheServer() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sleep 600")
                    .stop("sh -c 'echo stop $$; sleep 600'")
                    .start();
            rig.spawned(run);
            rig.stop(run);
            rig.awaitOutput(run, "stop ");
            rig.kill(run);
            rig.exited(run);
            long command = Long.parseLong(rig.output(run).trim().split(" ")[1]);
            assertTrue(Rig.alive(command));
            rig.processes.close();
            assertFalse(Rig.alive(command));
        }
    }

    private static long child(Rig rig, RunId run) {
        rig.awaitOutput(run, "\n");
        return Long.parseLong(rig.output(run).trim().split(" ")[1]);
    }
}
