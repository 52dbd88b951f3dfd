package dev.turntable.api.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GPUs as the LACT daemon tells them, from a daemon on a real socket whose answers the test decides. */
class LactProbeTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String TWO = "{\"status\":\"ok\",\"data\":[{\"id\":\"1002:73BF-03\",\"name\":\"Radeon A\"},"
            + "{\"id\":\"odd \\\"id\\\"\",\"name\":null}]}";
    private static final String OLD = """
            {"status":"ok","data":{"fan":{"control_enabled":false,"pwm_current":51,"speed_current":900,"speed_max":3000},
            "vram":{"total":17163091968,"used":1073741824},"power":{"average":33.5,"current":70.0},"busy_percent":42,
            "temps":{"edge":{"current":45.0,"crit":100.0},"junction":{"current":50.0},"mem":{"current":60.0}}}}""";
    private static final String NEW = """
            {"status":"ok","data":{"fan":{"speed_current":900,"speed_max":3000},"vram":{},"power":{"average":null,"current":70.5},
            "temps":{"junction":{"value":{"current":51.5},"primary":true},"mem":{"value":{"current":61.0}}}}}""";

    @TempDir
    private Path folder;

    /** Answers each line with a line, or not at all. */
    private static final class Daemon implements AutoCloseable {
        final LinkedBlockingQueue<String> asked = new LinkedBlockingQueue<>();
        final LinkedBlockingQueue<String> ended = new LinkedBlockingQueue<>();
        private final ServerSocketChannel listener;
        private final Function<String, Optional<String>> answers;
        private final Thread accepting;

        Daemon(Path socket, Function<String, Optional<String>> answers) throws IOException {
            this.answers = answers;
            listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listener.bind(UnixDomainSocketAddress.of(socket));
            accepting = Thread.ofVirtual().start(this::accept);
        }

        private void accept() {
            while (listener.isOpen()) {
                try (SocketChannel client = listener.accept()) {
                    serve(client);
                } catch (IOException over) {
                    // The next client is served; a closed listener ends the loop.
                } finally {
                    ended.add("end");
                }
            }
        }

        private void serve(SocketChannel client) throws IOException {
            var in = new BufferedReader(new InputStreamReader(Channels.newInputStream(client), StandardCharsets.UTF_8));
            OutputStream out = Channels.newOutputStream(client);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                asked.add(line);
                Optional<String> answer = answers.apply(line);
                if (answer.isPresent()) {
                    out.write((answer.get().replace("\n", "") + "\n").getBytes(StandardCharsets.UTF_8));
                }
            }
        }

        /** The client has let go of its socket. */
        void awaitEnd() throws InterruptedException {
            assertEquals("end", ended.poll(10, TimeUnit.SECONDS), "the socket was not closed within 10 s");
        }

        /** A listener that is closed while it waits may take one client more; when its thread has ended, there is none. */
        void stop() throws IOException, InterruptedException {
            listener.close();
            assertTrue(accepting.join(Duration.ofSeconds(10)), "a client is still there after 10 s");
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    private static Function<String, Optional<String>> machine(String list, String first, String second) {
        return line -> Optional.of(line.contains("list_devices") ? list : line.contains("73BF") ? first : second);
    }

    private Path socket() {
        return folder.resolve("lactd.sock");
    }

    private LactProbe probe() {
        return new LactProbe(List.of(folder.resolve("nobody.sock"), socket()), LONG);
    }

    @Test
    void devicesAreReadInBothShapesAndWhatIsAbsentIsZero() throws Exception {
        try (Daemon daemon = new Daemon(socket(), machine(TWO, OLD, NEW))) {
            List<GpuSample> samples = probe().read(NOW).orElseThrow();
            assertEquals(
                    List.of(
                            new GpuSample(
                                    NOW,
                                    0,
                                    "Radeon A",
                                    "1002:73BF-03",
                                    45,
                                    60,
                                    42,
                                    1024 / 16368.0 * 100,
                                    1024,
                                    16368,
                                    20,
                                    33.5),
                            new GpuSample(NOW, 1, "odd \"id\"", "odd \"id\"", 51.5, 61, 0, 0, 0, 0, 30, 70.5)),
                    samples);
            daemon.awaitEnd();
            assertEquals(
                    List.of(
                            "{\"command\":\"list_devices\"}",
                            "{\"command\":\"device_stats\",\"args\":{\"id\":\"1002:73BF-03\"}}",
                            "{\"command\":\"device_stats\",\"args\":{\"id\":\"odd \\\"id\\\"\"}}"),
                    List.copyOf(daemon.asked));
        }
    }

    @Test
    void anNvidiaCardsSensorsHaveNamesOfTheirOwn() throws Exception {
        String stats =
                "{\"status\":\"ok\",\"data\":{\"temps\":{\"GPU Hotspot\":{\"current\":70},\"GPU\":{\"current\":44.0},"
                        + "\"VRAM\":{\"current\":58.0}}}}";
        try (Daemon daemon = new Daemon(socket(), machine(TWO, stats, stats))) {
            GpuSample sample = probe().read(NOW).orElseThrow().getFirst();
            assertEquals(44, sample.temperature());
            assertEquals(58, sample.memoryTemperature());
            daemon.awaitEnd();
        }
    }

    @Test
    void theDaemonIsAskedBeforeTheToolsAndFromThenOnAlone() throws Exception {
        Tool tool = (command, atMost) -> {
            throw new AssertionError("nobody asks " + command);
        };
        try (Daemon daemon = new Daemon(socket(), machine(TWO, OLD, NEW))) {
            GpuProbe gpus = new GpuProbe(probe(), tool);
            assertEquals(2, gpus.read(NOW).size());
            daemon.awaitEnd();
            daemon.stop();
            assertEquals(List.of(), gpus.read(NOW), "a daemon that is gone has no samples, and no tool takes over");
        }
    }

    @Test
    void aDaemonWithoutDevicesLeavesItToTheTools() throws Exception {
        Tool nvidia = (command, atMost) -> Optional.of("0, NVIDIA A, GPU-1, 40, 50, 1024, 4096, 0, 70.5\n");
        try (Daemon daemon = new Daemon(socket(), machine("{\"status\":\"ok\",\"data\":[]}", OLD, NEW))) {
            assertEquals(
                    "NVIDIA A",
                    new GpuProbe(probe(), nvidia).read(NOW).getFirst().name());
            daemon.awaitEnd();
        }
    }

    @Test
    void aRefusalNoJsonOrAnEndlessAnswerIsNoAnswerAndTheSocketIsClosed() throws Exception {
        for (String answer : List.of(
                "{\"status\":\"error\",\"data\":\"no such device\"}",
                "{\"status\":\"ok\",\"data\":[",
                "[".repeat(5000),
                "x".repeat(LactConnection.MAX_ANSWER + 1))) {
            Path socket = folder.resolve("bad" + answer.length());
            try (Daemon daemon = new Daemon(socket, machine(TWO, OLD, answer))) {
                assertEquals(Optional.empty(), new LactProbe(List.of(socket), LONG).read(NOW));
                daemon.awaitEnd();
            }
        }
    }

    @Test
    void aSilentDaemonIsGivenUpAndTheSocketIsClosed() throws Exception {
        try (Daemon daemon = new Daemon(socket(), line -> Optional.empty())) {
            LactProbe probe = new LactProbe(List.of(socket()), Duration.ofMillis(50));
            assertEquals(Optional.empty(), probe.read(NOW));
            daemon.awaitEnd();
            assertTrue(daemon.asked.size() <= 1, "nothing is asked after the first");
        }
    }

    @Test
    void aSocketNobodyListensOnIsNoDaemon() throws Exception {
        new Daemon(socket(), line -> Optional.empty()).stop();
        assertEquals(Optional.empty(), probe().read(NOW));
    }
}
