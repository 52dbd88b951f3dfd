package dev.turntable.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An upstream that stops anywhere, by closing or by a reset: no part of an answer ever passes for the whole. */
class CutAnswerTest {
    private static final String LENGTH = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nX-Trailer: 1\r\n\r\n";

    private final UpstreamPool pool = new UpstreamPool(System::nanoTime, new ProxyEnvironment(Map.of()));
    private final ServerSocket listener;

    CutAnswerTest() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        pool.close();
        listener.close();
    }

    /** What a client reads of so many bytes of an answer. */
    private String read(String answer, int count, boolean reset) throws Exception {
        Target target = Target.of(
                "x",
                URI.create("http://127.0.0.1:" + listener.getLocalPort()),
                Duration.ofSeconds(5),
                Duration.ZERO,
                Duration.ofSeconds(5),
                Duration.ZERO);
        try (UpstreamConnection connection = pool.connect(target)) {
            try (Socket socket = listener.accept()) {
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1), 0, count);
                socket.setSoLinger(reset, 0);
            }
            ResponseHead head = connection.readHead(Duration.ofSeconds(10));
            MessageBody body = MessageBody.ofResponse(connection.input(), head, "GET");
            return new String(body.beginning(1000), StandardCharsets.ISO_8859_1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {LENGTH, CHUNKED})
    void everyCutIsNoticed(String answer) throws Exception {
        for (int count = 0; count < answer.length(); count++) {
            int cut = count;
            assertThrows(IOException.class, () -> read(answer, cut, false), "closed after " + cut);
        }
        assertEquals("hello", read(answer, answer.length(), false));
    }

    @ParameterizedTest
    @ValueSource(strings = {LENGTH, CHUNKED})
    void aResetIsNoEndEither(String answer) {
        for (int count = 0; count < answer.length(); count++) {
            int cut = count;
            assertThrows(IOException.class, () -> read(answer, cut, true), "reset after " + cut);
        }
    }

    @Test
    void anAnswerWithoutALengthEndsWithItsConnectionButNotWithAReset() throws Exception {
        String open = "HTTP/1.0 200 OK\r\n\r\nhello";
        assertEquals("hello", read(open, open.length(), false));
    }

    @Test
    void anUpstreamThatSaysNothingIsGivenUpInTime() throws Exception {
        Target target = Target.of(
                "x",
                URI.create("http://127.0.0.1:" + listener.getLocalPort()),
                Duration.ofSeconds(5),
                Duration.ZERO,
                Duration.ofSeconds(5),
                Duration.ZERO);
        try (UpstreamConnection connection = pool.connect(target);
                Socket silent = listener.accept()) {
            silent.getOutputStream().write("HTTP/1.1 2".getBytes(StandardCharsets.ISO_8859_1));
            assertThrows(java.net.SocketTimeoutException.class, () -> connection.readHead(Duration.ofMillis(50)));
        }
    }
}
