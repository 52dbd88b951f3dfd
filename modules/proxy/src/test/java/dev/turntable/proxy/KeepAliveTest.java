package dev.turntable.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.testkit.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code timeouts.keepalive}, as the kernel tells it: the timer of the connection that rests after an answer. */
class KeepAliveTest {
    private static final String CONFIG = """
            models:
              plain: {cmd: x, proxy: "UP"}
              rare: {cmd: x, proxy: "UP", timeouts: {keepalive: 4000}}
              endless: {cmd: x, proxy: "UP", timeouts: {keepalive: 100000000}}
              zero: {cmd: x, proxy: "UP", timeouts: {keepalive: 0}}
              off: {cmd: x, proxy: "UP", timeouts: {keepalive: -1}}
            peers: {far: {proxy: "UP", models: [m], timeouts: {keepalive: 600}}}
            """;

    /** Columns of {@code /proc/net/tcp}. */
    private static final int REMOTE = 2;

    private static final int STATE = 3;
    private static final int TIMER = 5;

    private static final String ESTABLISHED = "01";
    private static final String KEEPALIVE = "02";
    private static final String NONE = "00";

    @TempDir
    Path folder;

    /** Kind of the timer, and hundredths of a second until it rings. */
    private record Timer(String kind, long hundredths) {}

    private Timer afterARequestFor(String model) throws Exception {
        try (House house = new House(folder, CONFIG);
                RawClient client = house.client()) {
            assertEquals(
                    200,
                    client.post("/v1/completions", "{\"model\":\"" + model + "\"}")
                            .status());
            List<Timer> timers = timersTowards(house.upstream.port());
            assertEquals(1, timers.size(), "one connection rests");
            return timers.getFirst();
        }
    }

    private static List<Timer> timersTowards(int port) throws IOException {
        String remote = String.format(Locale.ROOT, ":%04X", port);
        List<Timer> timers = new ArrayList<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            Path file = Path.of(table);
            for (String row : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
                String[] columns = row.strip().split("\\s+");
                if (columns[REMOTE].endsWith(remote) && columns[STATE].equals(ESTABLISHED)) {
                    String[] timer = columns[TIMER].split(":");
                    timers.add(new Timer(timer[0], Long.parseLong(timer[1], 16)));
                }
            }
        }
        return timers;
    }

    @ParameterizedTest
    @CsvSource({"plain, 30", "rare, 4000", "zero, 15", "endless, 32767", "far/m, 600"})
    void aSilentConnectionIsProbedAfterThePeriodOfItsModelOrPeer(String model, long seconds) throws Exception {
        Timer timer = afterARequestFor(model);
        assertEquals(KEEPALIVE, timer.kind());
        assertTrue(timer.hundredths() <= (seconds + 1) * 100, timer + " is later than " + seconds + " s");
        assertTrue(timer.hundredths() > seconds * 50, timer + " is far earlier than " + seconds + " s");
    }

    @Test
    void belowZeroNothingIsProbed() throws Exception {
        assertEquals(NONE, afterARequestFor("off").kind());
    }
}
