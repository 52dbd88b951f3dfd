package dev.turntable.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Requests, answers and the ends of both, as a client sees them. */
class ConnectionTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Answers with what the request said. */
    private static void echo(Http2Stream stream) throws Exception {
        stream.head(200, List.of(new Field("x-path", stream.request().path())));
        stream.flush();
        byte[] some = stream.read();
        while (some.length > 0) {
            stream.data(some, 0, some.length, false);
            some = stream.read();
        }
        stream.end(List.of());
    }

    private static void ok(Http2Stream stream) throws Exception {
        stream.head(200, List.of());
        stream.data(bytes("ok"), 0, 2, true);
    }

    @Test
    void requests_are_answered_side_by_side() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        try (RawPeer peer = new RawPeer(stream -> {
            if (stream.request().path().equals("/1")) {
                second.await();
            }
            ok(stream);
            second.countDown();
        })) {
            peer.hello().request(1, "GET", true).request(3, "GET", true);
            assertEquals("200 ok", peer.answer(3));
            assertEquals("200 ok", peer.answer(1));
        }
    }

    @Test
    void our_settings_come_first_and_the_clients_are_acknowledged() throws Exception {
        try (RawPeer peer = new RawPeer(ConnectionTest::ok)) {
            peer.hello(Frames.SETTING_FRAME, 1 << 20, 0x99, 7);
            RawPeer.Frame settings = peer.next();
            assertTrue(settings.is(Frames.SETTINGS));
            assertEquals(250, Frames.int32(settings.payload(), 2));
            assertEquals(1 << 20, Frames.int32(settings.payload(), 8));
            assertEquals(Frames.ACK, peer.next(Frames.SETTINGS).flags());
            peer.send(Frames.PING, 0, 0, "0102030405060708");
            RawPeer.Frame pong = peer.next(Frames.PING);
            assertEquals(Frames.ACK, pong.flags());
            assertEquals("\1\2\3\4\5\6\7\10", pong.text());
        }
    }

    @Test
    void a_body_is_read_as_it_comes_and_its_padding_is_not() throws Exception {
        try (RawPeer peer = new RawPeer(ConnectionTest::echo)) {
            peer.hello().request(1, "POST", false);
            assertEquals("x-path=/1", peer.fields(1).getLast());
            peer.data(1, bytes("one"), false);
            assertEquals("one", peer.of(1).text());
            peer.send(Frames.DATA, Frames.PADDED, 1, "03 74776f 000000");
            assertEquals("two", peer.of(1).text());
            peer.headers(1, true, "x-trailer: ignored");
            assertTrue(peer.of(1).ends());
        }
    }

    @Test
    void interim_answers_trailers_and_large_heads_arrive() throws Exception {
        try (RawPeer peer = new RawPeer(stream -> {
            stream.head(103, List.of(new Field("link", "</a>")));
            stream.head(200, List.of(new Field("x-large", "v".repeat(40_000))));
            stream.data(bytes("body"), 0, 4, false);
            stream.end(List.of(new Field("x-sum", "4")));
        })) {
            peer.hello().request(1, "GET", true);
            assertEquals(List.of(":status=103", "link=</a>"), peer.fields(1));
            assertEquals(List.of(":status=200", "x-large=" + "v".repeat(40_000)), peer.fields(1));
            assertEquals("body", peer.of(1).text());
            assertEquals(List.of("x-sum=4"), peer.fields(1));
        }
    }

    @Test
    void an_answer_without_a_body_is_one_frame() throws Exception {
        try (RawPeer peer = new RawPeer(stream -> {
            stream.head(204, List.of());
            stream.end(List.of());
        })) {
            peer.hello().request(1, "GET", true);
            assertTrue(peer.of(1).ends());
        }
    }

    @Test
    void an_answer_that_breaks_off_is_no_end() throws Exception {
        try (RawPeer peer = new RawPeer(stream -> {
            stream.head(200, List.of());
            stream.data(bytes("half"), 0, 4, false);
        })) {
            peer.hello().request(1, "GET", true);
            peer.fields(1);
            assertEquals("half", peer.of(1).text());
            RawPeer.Frame reset = peer.of(1);
            assertTrue(reset.is(Frames.RST_STREAM));
            assertEquals(ErrorCode.INTERNAL_ERROR.ordinal(), reset.number());
        }
    }

    @Test
    void a_request_that_is_not_read_to_its_end_is_answered_and_then_not_wanted() throws Exception {
        try (RawPeer peer = new RawPeer(ConnectionTest::ok)) {
            peer.hello().request(1, "POST", false).data(1, bytes("some"), false);
            assertEquals("200 ok", peer.answer(1));
            RawPeer.Frame reset = peer.of(1);
            assertTrue(reset.is(Frames.RST_STREAM));
            assertEquals(ErrorCode.NO_ERROR.ordinal(), reset.number());
            peer.data(1, bytes("late"), false).data(1, bytes("later"), true);
            assertEquals("200 ok", peer.request(3, "GET", true).answer(3));
        }
    }

    @Test
    void a_client_that_takes_its_request_back_is_noticed_while_others_go_on() throws Exception {
        LinkedBlockingQueue<String> gone = new LinkedBlockingQueue<>();
        CountDownLatch go = new CountDownLatch(1);
        try (RawPeer peer = new RawPeer(stream -> {
            if (stream.request().path().equals("/1")) {
                stream.onGone(() -> gone.add("told"));
                stream.read();
            } else {
                go.await();
                ok(stream);
            }
        })) {
            peer.hello().request(1, "POST", false).request(3, "GET", true);
            peer.send(Frames.RST_STREAM, 0, 1, "00000008");
            assertEquals("told", gone.poll(10, TimeUnit.SECONDS));
            assertInstanceOf(EOFException.class, peer.failures.poll(10, TimeUnit.SECONDS));
            go.countDown();
            assertEquals("200 ok", peer.answer(3));
        }
    }

    @Test
    void a_client_that_closes_is_noticed_by_all_its_requests() throws Exception {
        LinkedBlockingQueue<String> gone = new LinkedBlockingQueue<>();
        CountDownLatch begun = new CountDownLatch(2);
        RawPeer peer = new RawPeer(stream -> {
            CountDownLatch left = new CountDownLatch(1);
            stream.onGone(() -> {
                gone.add(stream.request().path());
                left.countDown();
            });
            begun.countDown();
            left.await();
        });
        peer.hello().request(1, "POST", false).request(3, "GET", true);
        assertTrue(begun.await(10, TimeUnit.SECONDS));
        peer.close();
        List<String> both = new ArrayList<>(gone);
        both.sort(null);
        assertEquals(List.of("/1", "/3"), both);
    }

    @Test
    void a_client_that_left_before_somebody_asked_is_told_at_once() throws Exception {
        LinkedBlockingQueue<String> gone = new LinkedBlockingQueue<>();
        try (RawPeer peer = new RawPeer(stream -> {
            try {
                stream.read();
            } catch (EOFException left) {
                stream.onGone(() -> gone.add("told"));
            }
        })) {
            peer.hello().request(1, "POST", false).send(Frames.RST_STREAM, 0, 1, "00000008");
            assertEquals("told", gone.poll(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void more_requests_than_allowed_are_refused_and_may_come_again() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (RawPeer peer = new RawPeer(stream -> {
            go.await();
            ok(stream);
        })) {
            peer.hello();
            for (int i = 0; i < Streams.MAX; i++) {
                peer.request(2 * i + 1, "GET", true);
            }
            int one = 2 * Streams.MAX + 1;
            peer.request(one, "GET", true);
            RawPeer.Frame reset = peer.of(one);
            assertTrue(reset.is(Frames.RST_STREAM));
            assertEquals(ErrorCode.REFUSED_STREAM.ordinal(), reset.number());
            go.countDown();
            assertEquals("200 ok", peer.answer(1));
            assertEquals("200 ok", peer.request(one + 2, "GET", true).answer(one + 2));
        }
    }

    @Test
    void a_handler_without_room_refuses() throws Exception {
        try (RawPeer peer = new RawPeer(ConnectionTest::ok)) {
            peer.full = true;
            peer.hello().request(1, "GET", true);
            assertEquals(ErrorCode.REFUSED_STREAM.ordinal(), peer.of(1).number());
            peer.full = false;
            assertEquals("200 ok", peer.request(3, "GET", true).answer(3));
        }
    }

    @Test
    void requests_under_way_finish_in_a_connection_that_is_drained_and_no_new_one_begins() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (RawPeer peer = new RawPeer(stream -> {
            go.await();
            ok(stream);
        })) {
            peer.hello().request(1, "GET", true);
            peer.send(Frames.PING, 0, 0, "0000000000000000").next(Frames.PING);
            peer.connection.drain();
            RawPeer.Frame bye = peer.next(Frames.GOAWAY);
            assertEquals(1, Frames.int32(bye.payload(), 0));
            assertEquals(ErrorCode.NO_ERROR.ordinal(), bye.number());
            assertFalse(peer.connection.quiet());
            peer.request(3, "POST", false).data(3, bytes("late"), true);
            go.countDown();
            assertEquals("200 ok", peer.answer(1));
            assertTrue(peer.ended());
        }
    }

    @Test
    void a_connection_that_is_aborted_interrupts_those_who_serve() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        try (RawPeer peer = new RawPeer(stream -> {
            begun.countDown();
            stream.read();
        })) {
            peer.hello().request(1, "POST", false);
            assertTrue(begun.await(10, TimeUnit.SECONDS));
            peer.connection.abort();
            assertInstanceOf(InterruptedIOException.class, peer.failures.poll(10, TimeUnit.SECONDS));
            assertTrue(peer.isOver());
        }
    }
}
