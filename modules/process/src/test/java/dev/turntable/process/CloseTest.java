package dev.turntable.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Fact;
import dev.turntable.event.RunId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A closed room leaves no process, pipe, descriptor or thread behind. */
class CloseTest {
    @TempDir
    Path folder;

    @Test
    void whatRemainsIsKilledAndItsExitReported() {
        Rig rig = new Rig(folder).begin();
        RunId run =
                rig.model("m", "sh -c 'trap \"\" TERM; sleep 600 & sleep 600'").start();
        long pid = rig.spawned(run).pid();
        rig.processes.close(Duration.ofSeconds(10));
        rig.exited(run);
        assertFalse(Rig.alive(pid));
    }

    @Test
    void ordersAfterTheCloseAreNotCarriedOut() {
        Rig rig = new Rig(folder).begin();
        rig.processes.close();
        RunId run = rig.model("m", "sleep 600").start();
        rig.journal.awaitDurable(rig.journal.head());
        assertTrue(rig.facts().isEmpty(), "nothing of " + run);
    }

    @Test
    void nothingLeaks() throws IOException {
        round();
        List<String> descriptors = descriptors();
        for (int i = 0; i < 5; i++) {
            round();
        }
        Rig.eventually("descriptors are " + descriptors, () -> descriptors().size() <= descriptors.size());
        Rig.eventually("threads have ended", () -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(t -> t.getName().startsWith("turntable-processes")));
        try (var left = Files.list(folder)) {
            assertEquals(List.of(), left.toList());
        }
    }

    private void round() {
        try (Rig rig = new Rig(folder).begin()) {
            rig.model("sleeper", "sleep 600").add();
            rig.model("prober", "sh -c 'sleep 600 & sleep 600'")
                    .check("/health")
                    .add();
            rig.model("holder", "sh -c 'sleep 0.2 & setsid sleep 1 & exit 0'").add();
            rig.model("missing", "/no/such/binary").add();
            rig.model("stopper", "sleep 600").stop("sleep 600").add();
            List<RunId> sleepers =
                    IntStream.range(0, 5).mapToObj(i -> rig.start("sleeper")).toList();
            rig.spawned(rig.start("prober"));
            rig.exited(rig.start("holder"));
            rig.failed(rig.start("missing"));
            RunId stopper = rig.start("stopper");
            rig.spawned(stopper);
            rig.stop(stopper);
            sleepers.stream().limit(3).forEach(rig::stop);
            sleepers.stream().limit(3).forEach(rig::exited);
            rig.processes.usage(sleepers.getLast());
            assertEquals(
                    3,
                    rig.all(Fact.ProcessExited.class).stream()
                            .filter(f -> f.run().model().value().equals("sleeper"))
                            .count());
        }
    }

    private static List<String> descriptors() {
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            return open.map(CloseTest::target).sorted().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String target(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString();
        } catch (IOException e) {
            return "gone";
        }
    }
}
