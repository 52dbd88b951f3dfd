package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turntable.testkit.TurntableProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients that connect and then say nothing, or stop in the middle of what they say. */
class IdleConnectionsTest {
    private static final int MANY = 10_000;
    private static final String HALF = "GET /health HTTP/1.1\r\n";
    private static final String REST = "Host: a\r\n\r\n";

    @Test
    void tenThousandOfThemDisturbNobodyAndAreServedWhenTheySpeak() throws IOException {
        assumeTrue(filesAllowed() > MANY + 1_000, "this machine does not let a process have so many connections");
        List<SocketChannel> idle = new ArrayList<>();
        try (var turntable = TurntableProcess.with(model("fox")).start()) {
            for (int i = 0; i < MANY; i++) {
                idle.add(connect(turntable.http().base()));
                if (i % 2 == 0) {
                    say(idle.getLast(), HALF);
                }
            }
            turntable.http().chat("fox").expect(200);
            for (int i : List.of(0, MANY / 2, MANY - 2)) {
                say(idle.get(i), REST);
                say(idle.get(i + 1), HALF + REST);
                assertEquals("HTTP/1.1 200", status(idle.get(i)));
                assertEquals("HTTP/1.1 200", status(idle.get(i + 1)));
            }
        } finally {
            for (SocketChannel channel : idle) {
                channel.close();
            }
        }
    }

    private static SocketChannel connect(URI server) throws IOException {
        return SocketChannel.open(new InetSocketAddress(server.getHost(), server.getPort()));
    }

    private static void say(SocketChannel to, String text) throws IOException {
        to.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String status(SocketChannel from) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate("HTTP/1.1 200".length());
        while (bytes.hasRemaining()) {
            if (from.read(bytes) < 0) {
                throw new IOException("closed after " + bytes.position() + " bytes");
            }
        }
        return new String(bytes.array(), StandardCharsets.US_ASCII);
    }

    /** What the JVM can raise its limit to; it does so by itself. */
    private static long filesAllowed() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.split(" +")[4])
                .mapToLong(hard -> hard.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(hard))
                .findFirst()
                .orElse(0);
    }
}
