package dev.turntable.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that break the rules or want to cost more than their share: one stream ends, or the connection, and nothing else. */
class HostileTest {
    private static void ok(Http2Stream stream) throws Exception {
        byte[] some = stream.read();
        while (some.length > 0) {
            some = stream.read();
        }
        stream.head(200, List.of());
        stream.end(List.of());
    }

    /** Serves until the client does not want it any more. */
    private static void untilGone(Http2Stream stream) throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        stream.onGone(left::countDown);
        left.await();
    }

    /** Sends until the other end does not want any more. */
    private interface Flood {
        void send(int nth) throws Exception;
    }

    private static void flood(Flood flood) throws Exception {
        try {
            for (int i = 0; i < 20_000; i++) {
                flood.send(i);
            }
        } catch (SocketException hungUp) {
            assertTrue(hungUp.getMessage() != null);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "DATA on stream 0, 0, 0, 0, 00, PROTOCOL_ERROR",
        "DATA on an idle stream, 0, 0, 1, 00, PROTOCOL_ERROR",
        "HEADERS on stream 0, 1, 5, 0, 82, PROTOCOL_ERROR",
        "HEADERS on an even stream, 1, 5, 2, 82, PROTOCOL_ERROR",
        "HEADERS with more padding than frame, 1, 13, 1, 05 82, PROTOCOL_ERROR",
        "HEADERS too short for a priority, 1, 37, 1, 00000000, PROTOCOL_ERROR",
        "a header block that is none, 1, 5, 1, ff, COMPRESSION_ERROR",
        "PRIORITY of no stream, 2, 0, 0, 0000000000, PROTOCOL_ERROR",
        "PRIORITY of a strange size, 2, 0, 1, 00000000, FRAME_SIZE_ERROR",
        "RST_STREAM of no stream, 3, 0, 0, 00000008, PROTOCOL_ERROR",
        "RST_STREAM of an idle stream, 3, 0, 1, 00000008, PROTOCOL_ERROR",
        "RST_STREAM of a strange size, 3, 0, 1, 000000, FRAME_SIZE_ERROR",
        "SETTINGS on a stream, 4, 0, 1, '', PROTOCOL_ERROR",
        "SETTINGS of a strange size, 4, 0, 0, 0001, FRAME_SIZE_ERROR",
        "SETTINGS acknowledged with content, 4, 1, 0, 000300000001, FRAME_SIZE_ERROR",
        "SETTINGS push of 2, 4, 0, 0, 000200000002, PROTOCOL_ERROR",
        "SETTINGS window too large, 4, 0, 0, 000480000000, FLOW_CONTROL_ERROR",
        "SETTINGS frame too small, 4, 0, 0, 000500003fff, PROTOCOL_ERROR",
        "SETTINGS frame too large, 4, 0, 0, 000501000000, PROTOCOL_ERROR",
        "PUSH_PROMISE, 5, 4, 1, 0000000282, PROTOCOL_ERROR",
        "PING on a stream, 6, 0, 1, 0000000000000000, PROTOCOL_ERROR",
        "PING of a strange size, 6, 0, 0, 00000000, FRAME_SIZE_ERROR",
        "GOAWAY on a stream, 7, 0, 1, 0000000000000000, PROTOCOL_ERROR",
        "WINDOW_UPDATE of nothing, 8, 0, 0, 00000000, PROTOCOL_ERROR",
        "WINDOW_UPDATE of an idle stream, 8, 0, 1, 00000001, PROTOCOL_ERROR",
        "WINDOW_UPDATE of a strange size, 8, 0, 0, 000001, FRAME_SIZE_ERROR",
        "WINDOW_UPDATE too large, 8, 0, 0, 7fffffff, FLOW_CONTROL_ERROR",
        "CONTINUATION of nothing, 9, 4, 1, 82, PROTOCOL_ERROR",
    })
    void frames_that_end_the_connection(String what, int type, int flags, int stream, String hex, ErrorCode code)
            throws Exception {
        try (RawPeer peer = new RawPeer(HostileTest::ok)) {
            peer.hello().send(type, flags, stream, hex);
            assertEquals(code, peer.goAway(), what);
        }
    }

    @Test
    void something_else_than_the_preface_ends_the_connection() throws Exception {
        try (RawPeer peer = new RawPeer(HostileTest::ok)) {
            peer.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            assertEquals(ErrorCode.PROTOCOL_ERROR, peer.goAway());
        }
    }

    @Test
    void a_client_that_was_told_good_bye_and_stays_is_hung_up_on() throws Exception {
        try (RawPeer peer = new RawPeer(HostileTest::ok)) {
            peer.hello().send(Frames.PING, 0, 1, "0000000000000000");
            assertEquals(ErrorCode.PROTOCOL_ERROR, peer.goAway());
            assertTrue(peer.ended());
        }
    }

    @Test
    void something_else_than_settings_first_ends_the_connection() throws Exception {
        try (RawPeer peer = new RawPeer(HostileTest::ok)) {
            peer.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            peer.send(Frames.PING, 0, 0, "0000000000000000");
            assertEquals(ErrorCode.PROTOCOL_ERROR, peer.goAway());
        }
    }

    @Test
    void a_frame_larger_than_allowed_ends_the_connection() throws Exception {
        try (RawPeer peer = new RawPeer(HostileTest::ok)) {
            peer.hello().request(1, "POST", false).data(1, new byte[Frames.MAX_PAYLOAD + 1], true);
            assertEquals(ErrorCode.FRAME_SIZE_ERROR, peer.goAway());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "another type, 6, 0, 0, 0000000000000000",
        "another stream, 9, 4, 3, 82",
        "another request, 1, 5, 3, 82",
    })
    void a_header_block_is_not_interrupted_by(String what, int type, int flags, int stream, String hex)
            throws Exception {
        try (RawPeer peer = new RawPeer(HostileTest::ok)) {
            peer.hello().send(Frames.HEADERS, 0, 1, "82").send(type, flags, stream, hex);
            assertEquals(ErrorCode.PROTOCOL_ERROR, peer.goAway(), what);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "x: aCRLFb, false",
        "transfer-encoding: chunked, false",
        "connection: close, false",
        "X-Upper: 1, false",
        ":path: /again, false",
        "content-length: 5, true",
    })
    void a_malformed_request_ends_its_stream_and_no_other(String line, boolean whole) throws Exception {
        try (RawPeer peer = new RawPeer(HostileTest::ok)) {
            peer.hello().request(1, "POST", whole, line.replace("CRLF", "\r\n"));
            RawPeer.Frame reset = peer.of(1);
            assertTrue(reset.is(Frames.RST_STREAM));
            assertEquals(ErrorCode.PROTOCOL_ERROR.ordinal(), reset.number());
            assertEquals(List.of(":status=200"), peer.request(3, "GET", true).fields(3));
        }
    }

    @ParameterizedTest
    @CsvSource({"4, 5, true", "4, 3, true", "4, 5, false"})
    void a_body_of_another_length_than_announced_ends_its_stream(int said, int sent, boolean end) throws Exception {
        try (RawPeer peer = new RawPeer(HostileTest::ok)) {
            peer.hello().request(1, "POST", false, "content-length: " + said).data(1, new byte[sent], end);
            assertEquals(ErrorCode.PROTOCOL_ERROR.ordinal(), peer.of(1).number());
            assertTrue(peer.failures.poll(10, TimeUnit.SECONDS) != null);
        }
    }

    @Test
    void trailers_with_a_pseudo_field_or_without_an_end_end_their_stream() throws Exception {
        try (RawPeer peer = new RawPeer(HostileTest::ok)) {
            peer.hello().request(1, "POST", false).headers(1, true, ":path: /");
            assertEquals(ErrorCode.PROTOCOL_ERROR.ordinal(), peer.of(1).number());
            peer.request(3, "POST", false).headers(3, false, "x: y");
            assertEquals(ErrorCode.PROTOCOL_ERROR.ordinal(), peer.of(3).number());
        }
    }

    @Test
    void more_behind_the_end_of_a_request_ends_its_stream() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (RawPeer peer = new RawPeer(stream -> go.await())) {
            peer.hello().request(1, "POST", true).data(1, new byte[1], true);
            assertEquals(ErrorCode.STREAM_CLOSED.ordinal(), peer.of(1).number());
            go.countDown();
        }
    }

    @Test
    void a_stream_window_that_is_nothing_or_too_large_ends_the_stream() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (RawPeer peer = new RawPeer(stream -> go.await())) {
            peer.hello().request(1, "GET", true).send(Frames.windowUpdate(1, 0));
            assertEquals(ErrorCode.PROTOCOL_ERROR.ordinal(), peer.of(1).number());
            peer.request(3, "GET", true).send(Frames.windowUpdate(3, Integer.MAX_VALUE));
            assertEquals(ErrorCode.FLOW_CONTROL_ERROR.ordinal(), peer.of(3).number());
            go.countDown();
        }
    }

    @Test
    void a_header_larger_than_the_limit_is_431_and_the_connection_goes_on() throws Exception {
        try (RawPeer peer = new RawPeer(HostileTest::ok, 8192)) {
            peer.hello().request(1, "GET", true, "x-large: " + "v".repeat(12_200));
            assertEquals(List.of(":status=431"), peer.fields(1));
            // One entry of the table, said often: small on the wire, large when it is read.
            byte[] bomb = new byte[10_000];
            byte[] begin = RawPeer.block(":method: GET", ":scheme: https", ":authority: a", ":path: /");
            System.arraycopy(begin, 0, bomb, 0, begin.length);
            byte[] entry = {0x40, 1, 'x', 100};
            System.arraycopy(entry, 0, bomb, begin.length, 4);
            java.util.Arrays.fill(bomb, begin.length + 4, begin.length + 104, (byte) 'v');
            java.util.Arrays.fill(bomb, begin.length + 104, bomb.length, (byte) 0xbe);
            peer.send(Frames.HEADERS, Frames.END_HEADERS | Frames.END_STREAM, 3, bomb);
            assertEquals(List.of(":status=431"), peer.fields(3));
            assertEquals(List.of(":status=200"), peer.request(5, "GET", true).fields(5));
        }
    }

    @Test
    void a_header_block_without_end_ends_the_connection() throws Exception {
        try (RawPeer peer = new RawPeer(HostileTest::ok, 100_000)) {
            peer.hello().send(Frames.HEADERS, 0, 1, "82");
            flood(nth -> peer.send(Frames.CONTINUATION, 0, 1, new byte[1000]));
            assertTrue(peer.isOver());
        }
    }

    @Test
    void empty_continuations_without_end_end_the_connection() throws Exception {
        try (RawPeer peer = new RawPeer(HostileTest::ok)) {
            peer.hello().send(Frames.HEADERS, 0, 1, "82");
            flood(nth -> peer.send(Frames.CONTINUATION, 0, 1, new byte[0]));
            assertTrue(peer.isOver());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "pings, 6, 0, 0000000000000000",
        "settings, 4, 0, 000400001000",
        "priorities, 2, 1, 0000000000",
        "empty data, 0, 1, ''",
        "unknown frames, 99, 1, ''",
    })
    void a_flood_ends_the_connection_of(String what, int type, int stream, String hex) throws Exception {
        try (RawPeer peer = new RawPeer(HostileTest::untilGone)) {
            peer.hello().request(1, "POST", false);
            flood(nth -> peer.send(type, 0, stream, hex));
            assertTrue(peer.isOver(), what);
        }
    }

    @Test
    void requests_taken_back_at_once_without_end_end_the_connection() throws Exception {
        try (RawPeer peer = new RawPeer(HostileTest::untilGone)) {
            peer.hello();
            flood(nth -> peer.request(2 * nth + 1, "GET", true).send(Frames.RST_STREAM, 0, 2 * nth + 1, "00000008"));
            assertTrue(peer.isOver());
            assertEquals(0, peer.serving.get());
        }
    }

    @Test
    void work_for_requests_taken_back_is_bounded_while_it_lasts() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (RawPeer peer = new RawPeer(stream -> go.await())) {
            peer.hello();
            for (int i = 0; i < 700; i++) {
                peer.request(2 * i + 1, "GET", true).send(Frames.RST_STREAM, 0, 2 * i + 1, "00000008");
            }
            peer.send(Frames.PING, 0, 0, "0000000000000000").next(Frames.PING);
            assertEquals(2 * Streams.MAX, peer.serving.get());
            go.countDown();
        }
    }
}
