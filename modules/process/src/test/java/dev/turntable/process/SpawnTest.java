package dev.turntable.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Fact;
import dev.turntable.event.RunId;
import dev.turntable.process.linux.Environment;
import dev.turntable.process.linux.ProcFs;
import dev.turntable.process.linux.Spawner;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An ordered start becomes a child as llama-swap §4.3 describes it, or a failure in the words of Go. */
class SpawnTest {
    /** Signals 32 and 33, which glibc keeps for itself. */
    private static final long OF_THE_C_LIBRARY = 0x180000000L;

    @TempDir
    Path folder;

    @Test
    void theTestsRunInTheNamedModule() {
        assertEquals("dev.turntable.process", getClass().getModule().getName());
    }

    @Test
    void aChildLeadsASessionAndAGroupOfItsOwn() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sleep 600").start();
            Fact.ProcessSpawned spawned = rig.spawned(run);
            ProcFs.Stat stat = ProcFs.stat(spawned.pid()).orElseThrow();
            assertEquals(spawned.pid(), stat.session());
            assertEquals(spawned.pid(), stat.group());
            assertEquals(spawned.group(), stat.group());
            assertEquals(stat.startTicks(), spawned.startTicks());
            assertEquals(OptionalInt.of(4711), spawned.port());
            assertEquals(rig.processes.settingsOf(run).orElseThrow().fingerprint(), spawned.commandHash());
        }
    }

    @Test
    void anOrderIsCarriedOutOnlyWhenItIsOnDisk() {
        try (Rig rig = new Rig(folder).begin()) {
            rig.ready(rig.model("m", "sleep 600").start());
            assertEquals(List.of("durable 1", "process.spawned", "process.ready"), rig.trace);
        }
    }

    @Test
    void ordersOfThePastAreNotCarriedOutAgain() {
        try (Rig rig = new Rig(folder)) {
            RunId old = rig.model("m", "sleep 600").start();
            rig.begin();
            rig.exited(rig.model("n", "true").start());
            assertTrue(rig.all(Fact.ProcessSpawned.class).stream()
                    .noneMatch(f -> f.run().equals(old)));
        }
    }

    @Test
    void checkEndpointNoneIsReadyAtOnceAndAfterTheSpawn() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sleep 600").check("  none ").start();
            assertEquals("none", rig.ready(run).probe());
            assertEquals(Fact.ProcessSpawned.class, rig.facts().getFirst().getClass());
        }
    }

    @Test
    void aMissingFileIsNamedAsGoNamesIt() {
        assertFailure(
                "/no/such/binary --port 1",
                "failed to start command '/no/such/binary --port 1': fork/exec /no/such/binary: no such file or directory");
    }

    @Test
    void aNameThatIsNotInThePathIsNamedAsGoNamesIt() {
        assertFailure(
                "no-such-binary-anywhere -x",
                "failed to start command 'no-such-binary-anywhere -x': exec: \"no-such-binary-anywhere\": executable file not found in $PATH");
    }

    @Test
    void aFileThatMayNotBeExecutedIsPermissionDenied() {
        assertFailure("/etc/passwd", "failed to start command '/etc/passwd': fork/exec /etc/passwd: permission denied");
    }

    @Test
    void aFileThatIsNoProgramIsAnExecFormatError() throws IOException {
        Path file = Files.writeString(folder.resolve("nonsense"), "nonsense");
        assertTrue(file.toFile().setExecutable(true));
        assertFailure(
                file.toString(), "failed to start command '" + file + "': fork/exec " + file + ": exec format error");
    }

    @Test
    void anEmptyCommandFailsAtTheStart() {
        assertFailure("", "unable to get sanitized command: empty command");
    }

    @Test
    void aMissingProxyFailsAtTheStart() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sleep 600").proxy("").start();
            assertEquals("upstream proxy missing", rig.failed(run).error());
        }
    }

    @Test
    void aModelThatIsGoneFromTheConfigurationFails() {
        try (Rig rig = new Rig(folder).begin()) {
            assertTrue(rig.failed(rig.start("gone")).error().contains("gone"));
        }
    }

    @Test
    void theSearchPathIsTheServersAndRelativeEntriesAreRefused() {
        try (Rig rig = new Rig(folder, 1, new Spawner(Environment.of(List.of()), "src")).begin()) {
            RunId run = rig.model("m", "sh -c true").env("PATH=/bin:/usr/bin").start();
            assertEquals(
                    "failed to start command 'sh -c true': exec: \"sh\": executable file not found in $PATH",
                    rig.failed(run).error());
        }
    }

    @Test
    void theEnvironmentIsTheServersWithTheModelsEntriesOverItAndLaterOnesWin() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sh -c 'echo \"$X,$Y,$HOME,$Z\"; echo \"$PATH\"'")
                    .env("X=1", "Y=two words", "X=3", "HOME=/h", "Z", "Z=a=b")
                    .start();
            rig.exited(run);
            assertEquals("3,two words,/h,a=b\n" + System.getenv("PATH") + "\n", rig.output(run));
        }
    }

    @Test
    void standardInputIsEmpty() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sh -c 'read l; echo \"in=[$l]\"'").start();
            rig.exited(run);
            assertEquals("in=[]\n", rig.output(run));
        }
    }

    @Test
    void bothOutputsOfAChildThatEndsAtOnceAreComplete() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sh -c 'echo bad flag; echo worse >&2; exit 3'")
                    .start();
            Fact.ProcessExited exited = rig.exited(run);
            assertEquals("bad flag\nworse\n", rig.output(run));
            assertEquals(
                    new Fact.ProcessExited(
                            run, OptionalInt.of(3), OptionalInt.empty(), 15, List.of("bad flag", "worse")),
                    exited);
        }
    }

    @Test
    void theLastLinesOfAFailedStartAreOnRecordWithoutTheSecretsOfItsEnvironment() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sh -c 'echo \"no access to $REPO with $HF_TOKEN\"; echo $CHOSEN; exit 1'")
                    .env("HF_TOKEN=hf_abc", "CHOSEN=s3cr3t-of-mine", "REPO=/models/x")
                    .start();
            assertEquals(
                    List.of("no access to /models/x with ${env.HF_TOKEN}", "${env.CHOSEN}"),
                    rig.exited(run).lastLines());
        }
    }

    @Test
    void theLastLinesAreFewAndShortAndPlainText() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sh -c 'seq 1 5000; printf \"\\033[31mred\\033[0m\\n\"; exit 1'")
                    .start();
            assertEquals(
                    List.of("4992", "4993", "4994", "4995", "4996", "4997", "4998", "4999", "5000", "red"),
                    rig.exited(run).lastLines());
            RunId wordy = rig.model("n", "sh -c 'head -c 100000 /dev/zero | tr \"\\0\" x; exit 1'")
                    .start();
            assertEquals(List.of("x".repeat(2_000)), rig.exited(wordy).lastLines());
        }
    }

    @Test
    void aModelThatServedAndEndsAsItIsToldIsNotQuoted() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sh -c 'echo hello; exec sleep 600'").start();
            rig.awaitOutput(run, "hello");
            rig.await(Fact.ProcessReady.class, ready -> ready.run().equals(run));
            rig.stop(run);
            assertEquals(List.of(), rig.exited(run).lastLines());
        }
    }

    @Test
    void nothingOfOursIsOpenInAChildNotEvenAListener() throws IOException {
        try (ServerSocket listener = new ServerSocket(0);
                Rig rig = new Rig(folder).begin()) {
            assertTrue(listener.isBound());
            long pid = rig.spawned(rig.model("m", "sleep 600").start()).pid();
            try (var open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
                assertEquals(
                        List.of("0", "1", "2"),
                        open.map(p -> p.getFileName().toString()).sorted().toList());
            }
        }
    }

    @Test
    void aChildHasNoSignalBlockedOrIgnored() throws IOException {
        try (Rig rig = new Rig(folder).begin()) {
            long pid = rig.spawned(rig.model("m", "sleep 600").start()).pid();
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
                if (line.startsWith("SigBlk") || line.startsWith("SigIgn")) {
                    long signals = Long.parseUnsignedLong(line.split("\\s+")[1], 16);
                    assertEquals(0, signals & ~OF_THE_C_LIBRARY, line);
                }
            }
        }
    }

    @Test
    void fiftyStartsAtOnceAreFiftyProcesses() {
        try (Rig rig = new Rig(folder).begin()) {
            rig.model("m", "sleep 600").add();
            List<RunId> runs = java.util.stream.IntStream.range(0, 50)
                    .mapToObj(i -> rig.start("m"))
                    .toList();
            runs.forEach(rig::ready);
            assertEquals(
                    50,
                    rig.all(Fact.ProcessSpawned.class).stream()
                            .map(Fact.ProcessSpawned::pid)
                            .filter(Rig::alive)
                            .distinct()
                            .count());
        }
    }

    @Test
    void whatARunTakesOfTheMachineIsToldForAllItsProcesses() {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", "sh -c 'sleep 600 & sleep 600 & echo up; wait'")
                    .start();
            rig.awaitOutput(run, "up");
            Usage usage = rig.processes.usage(run).orElseThrow();
            assertEquals(3, usage.processes());
            assertTrue(usage.residentBytes() > 100_000, usage.toString());
            assertFalse(usage.cpu().isNegative());
        }
    }

    private void assertFailure(String command, String error) {
        try (Rig rig = new Rig(folder).begin()) {
            RunId run = rig.model("m", command).start();
            assertEquals(error, rig.failed(run).error());
            assertEquals(1, rig.facts().size());
            assertFalse(Files.exists(Launcher.pipe(folder, run)));
        }
    }
}
