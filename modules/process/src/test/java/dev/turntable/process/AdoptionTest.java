package dev.turntable.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Decision;
import dev.turntable.event.Fact;
import dev.turntable.event.RunId;
import dev.turntable.process.linux.OutputPipe;
import dev.turntable.process.linux.Pid;
import dev.turntable.process.linux.ProcFs;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of processes that outlived the server run that started them (docs/from-llama-swap.md). */
class AdoptionTest {
    private static final String TALKER =
            "sh -c 'trap \"echo got TERM; exit 0\" TERM; trap \"echo on my own\" USR1; echo before; while :; do sleep 600 & wait $!; done'";

    @TempDir
    Path folder;

    @Test
    void aHealthyOrphanIsAdoptableAndGoesOnTalkingStoppingAndExiting() {
        Rig first = new Rig(folder).begin();
        RunId run = first.model("m", TALKER).start();
        first.awaitOutput(run, "before");
        Survivor survivor = survivor(first.spawned(run));
        first.processes.abandon();
        try (Rig second = new Rig(folder, 2)) {
            second.model("m", TALKER).add();
            second.begin(survivor);
            assertEquals(
                    new Fact.OrphanFound(run, survivor.pid(), true, "same command, answers"),
                    second.await(Fact.OrphanFound.class, f -> true));
            assertTrue(second.processes.settingsOf(run).isPresent());
            second.stop(run);
            second.exited(run);
            assertTrue(second.output(run).endsWith("got TERM\n"), second.output(run));
            assertFalse(second.output(run).contains("before"), "that was the first server's to hear");
            Rig.eventually("its pipe is removed", () -> !Files.exists(Launcher.pipe(folder, run)));
        }
    }

    @Test
    void aChildSurvivesTheKillOfItsServerAndIsAdopted() throws IOException, InterruptedException {
        Process server = CrashingServer.launch(folder, TALKER);
        Survivor survivor;
        try (BufferedReader out = server.inputReader()) {
            survivor = CrashingServer.read(out.readLine());
        } finally {
            server.destroyForcibly().waitFor();
        }
        Pid.signal((int) survivor.pid(), CrashingServer.SIGUSR1);
        try (Rig rig = new Rig(folder, 2)) {
            rig.model("m", TALKER).add();
            rig.begin(survivor);
            rig.await(Fact.OrphanFound.class, Fact.OrphanFound::adoptable);
            rig.awaitOutput(survivor.run(), "on my own\n");
            rig.stop(survivor.run());
            rig.exited(survivor.run());
            assertFalse(Rig.alive(survivor.pid()));
        }
    }

    @Test
    void whatItPrintedWhileNobodyListenedIsNotLost() throws IOException, InterruptedException {
        Orphan orphan = Orphan.start(folder, 7, "echo alone; while :; do sleep 600; done");
        try (Rig rig = new Rig(folder, 8)) {
            rig.model("m", "anything").add();
            rig.begin(orphan.survivor(rig, "m"));
            rig.await(Fact.OrphanFound.class, Fact.OrphanFound::adoptable);
            rig.awaitOutput(orphan.run("m"), "alone\n");
        }
        assertFalse(Rig.alive(orphan.pid), "close ends adopted processes too");
    }

    @Test
    void theExitOfAProcessThatIsNoChildOfOursIsNoticed() throws IOException, InterruptedException {
        Orphan orphan = Orphan.start(folder, 7, "while :; do sleep 600; done");
        try (Rig rig = new Rig(folder, 8)) {
            rig.model("m", "anything").add();
            rig.begin(orphan.survivor(rig, "m"));
            rig.await(Fact.OrphanFound.class, Fact.OrphanFound::adoptable);
            Pid.signal((int) orphan.pid, Pid.SIGKILL);
            assertEquals(
                    new Fact.ProcessExited(orphan.run("m"), OptionalInt.empty(), OptionalInt.empty(), 0, List.of()),
                    rig.exited(orphan.run("m")));
            assertTrue(ProcFs.session((int) orphan.pid).isEmpty(), "the rest of its group went with it");
        }
    }

    @Test
    void anOrphanWhoseSettingsChangedIsNotAdoptableAndIsReapedByOrder() {
        Rig first = new Rig(folder).begin();
        RunId run = first.model("m", TALKER).start();
        first.awaitOutput(run, "before");
        Survivor survivor = survivor(first.spawned(run));
        first.processes.abandon();
        try (Rig second = new Rig(folder, 2)) {
            second.model("m", TALKER).env("NEW=1").add();
            second.begin(survivor);
            assertFalse(second.await(Fact.OrphanFound.class, f -> true).adoptable());
            second.order(new Decision.OrphanReaped(run, survivor.pid(), "test"));
            second.exited(run);
            assertFalse(Rig.alive(survivor.pid()));
        }
    }

    @Test
    void anOrphanThatDoesNotAnswerIsNotAdoptable() {
        Rig first = new Rig(folder).begin();
        RunId run = first.model("m", TALKER).check("/health").start();
        first.awaitOutput(run, "before");
        Survivor survivor = survivor(first.spawned(run));
        first.processes.abandon();
        try (Rig second = new Rig(folder, 2)) {
            second.model("m", TALKER).check("/health").add();
            second.begin(survivor);
            assertEquals(
                    new Fact.OrphanFound(run, survivor.pid(), false, "it is not ready"),
                    second.await(Fact.OrphanFound.class, f -> true));
        }
    }

    @Test
    void aProcessThatIsGoneIsLostAndSoIsOneWhoseNumberBelongsToAnother() {
        try (Rig rig = new Rig(folder, 9)) {
            rig.model("m", "sleep 600").add();
            RunId gone = new RunId(new dev.turntable.event.ModelId("m"), 1);
            RunId other = new RunId(new dev.turntable.event.ModelId("m"), 2);
            long ourselves = ProcessHandle.current().pid();
            rig.begin(new Survivor(gone, 999_999_999, 1, "x"), new Survivor(other, ourselves, 1, "x"));
            rig.await(Fact.ProcessLost.class, f -> f.run().equals(gone));
            rig.await(Fact.ProcessLost.class, f -> f.run().equals(other));
        }
    }

    @Test
    void whatALostProcessLeftInItsSessionIsEnded() throws IOException, InterruptedException {
        Orphan orphan = Orphan.start(folder, 7, "sleep 600 & echo $!; exit 0");
        Rig.eventually("the leader is gone", () -> !Rig.alive(orphan.pid));
        try (Rig rig = new Rig(folder, 8)) {
            rig.model("m", "anything").add();
            assertEquals(1, ProcFs.session((int) orphan.pid).size());
            rig.begin(orphan.survivor(rig, "m"));
            rig.await(Fact.ProcessLost.class, f -> true);
            Rig.eventually(
                    "its child is gone", () -> ProcFs.session((int) orphan.pid).isEmpty());
        }
    }

    @Test
    void pipesOfRunsThatNobodyRemembersAreRemoved() throws IOException {
        Files.writeString(folder.resolve("run-3.pipe"), "");
        Files.writeString(folder.resolve("note.txt"), "");
        try (Rig rig = new Rig(folder, 9).begin()) {
            assertFalse(Files.exists(folder.resolve("run-3.pipe")));
            assertTrue(Files.exists(folder.resolve("note.txt")));
            assertTrue(rig.facts().isEmpty());
        }
    }

    private static Survivor survivor(Fact.ProcessSpawned spawned) {
        return new Survivor(spawned.run(), spawned.pid(), spawned.startTicks(), spawned.commandHash());
    }

    /** A process in a session of its own with a pipe as we make it, that is no child of this JVM: as after a crash. */
    private record Orphan(long number, long pid, long startTicks) {
        static Orphan start(Path folder, long number, String script) throws IOException, InterruptedException {
            Path pipe = folder.toRealPath().resolve("run-" + number + ".pipe");
            OutputPipe.create(pipe).letGo();
            Path pidFile = folder.resolve("pid");
            Pid.adoptDescendants(false); // or it were a child of ours
            Process starter = new ProcessBuilder(
                            "setsid",
                            "--fork",
                            "sh",
                            "-c",
                            "exec 1<>" + pipe + " 2>&1; echo $$ > " + pidFile + ".new; mv " + pidFile + ".new "
                                    + pidFile + "; " + script)
                    .start();
            assertTrue(starter.waitFor(20, TimeUnit.SECONDS));
            Rig.eventually("the orphan runs", () -> Files.exists(pidFile));
            long pid = Long.parseLong(Files.readString(pidFile).trim());
            return new Orphan(
                    number, pid, ProcFs.stat(pid).map(ProcFs.Stat::startTicks).orElse(0L));
        }

        RunId run(String model) {
            return new RunId(new dev.turntable.event.ModelId(model), number);
        }

        Survivor survivor(Rig rig, String model) {
            String print = rig.configured.get(run(model).model()).fingerprint();
            return new Survivor(run(model), pid, startTicks, print);
        }
    }
}
