package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.testkit.TurntableProcess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** How the command starts, refuses to start, and ends. */
class CommandLineTest {
    @Test
    void itListensAndSaysWhereAndEndsWithZero() {
        try (var turntable = TurntableProcess.with(model("fox")).start()) {
            turntable.http().get("/health").expect(200);
            assertTrue(
                    turntable
                            .output()
                            .contains("turntable serves " + turntable.http().base()),
                    turntable.output().toString());
            String folder = turntable.awaitLine("data folder");
            assertTrue(folder.contains(turntable.dataDir().toString()), folder);
            assertEquals(0, turntable.stop());
        }
    }

    @Test
    void theLineToTryOfTheBannerWorksAsItStands() throws Exception {
        try (var turntable = TurntableProcess.with(model("fox")).start()) {
            String line = turntable.awaitLine("  try  ");
            Process curl = new ProcessBuilder("sh", "-c", line.substring(line.indexOf("curl ")) + " -sS")
                    .redirectErrorStream(true)
                    .start();
            String answer = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Assumptions.assumeTrue(curl.waitFor() != 127, "no curl on this machine");
            assertTrue(answer.contains("\"chat.completion\""), answer);
        }
    }

    @Test
    void aBusyPortIsOneLineAndOne() throws Exception {
        try (var busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var turntable =
                        TurntableProcess.with(model("fox")).arguments("-listen", "127.0.0.1:" + busy.getLocalPort())) {
            assertEquals(1, turntable.startAndEnd(), turntable.output().toString());
            assertEquals(1, turntable.output().size(), turntable.output().toString());
            assertTrue(turntable
                    .output()
                    .getFirst()
                    .startsWith("turntable: cannot listen on 127.0.0.1:" + busy.getLocalPort()));
            turntable.assertNothingLeft();
        }
    }

    @Test
    void aDataFolderInUseIsOneLineAndFour() {
        try (var first = TurntableProcess.with(model("fox")).start();
                var second = TurntableProcess.with(model("fox"))
                        .arguments("-data-dir", first.dataDir().toString())) {
            assertEquals(4, second.startAndEnd(), second.output().toString());
            assertEquals(1, second.output().size(), second.output().toString());
            assertTrue(
                    second.output().getFirst().contains(first.dataDir().toString()),
                    second.output().getFirst());
            first.http().get("/health").expect(200);
        }
    }

    @Test
    void aDataFolderThatCannotBeMadeIsOneLineAndFive() {
        try (var turntable = TurntableProcess.with(model("fox")).arguments("-data-dir", "/proc/no/such")) {
            assertEquals(5, turntable.startAndEnd(), turntable.output().toString());
            assertEquals(1, turntable.output().size(), turntable.output().toString());
        }
    }

    @Test
    @SpecCase("5")
    void anUnknownFlagIsTwo() {
        try (var turntable = TurntableProcess.with(model("fox")).arguments("-nonsense")) {
            assertEquals(2, turntable.startAndEnd());
            assertEquals(
                    "turntable: flag provided but not defined: -nonsense",
                    turntable.output().getFirst());
        }
    }
}
