package dev.turntable.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Nobody is sent more than he wants, and nobody can send more than is wanted. */
class FlowControlTest {
    private static final int LARGE = 300_000;

    private static void large(Http2Stream stream) throws Exception {
        stream.head(200, List.of());
        stream.data(new byte[LARGE], 0, LARGE, true);
    }

    /** Reads data of a stream until as much has come. */
    private static int data(RawPeer peer, int stream, int wanted) throws Exception {
        int got = 0;
        while (got < wanted) {
            RawPeer.Frame frame = peer.of(stream);
            assertTrue(frame.is(Frames.DATA), frame.toString());
            got += frame.payload().length;
        }
        return got;
    }

    /** Waits for the echo of a ping: what was allowed before has been sent. */
    private static void nothingMore(RawPeer peer) throws Exception {
        RawPeer.Frame frame = peer.send(Frames.PING, 0, 0, "0000000000000000").next();
        assertTrue(frame.is(Frames.PING), frame.toString());
    }

    private static void widen(RawPeer peer, int stream, int by) throws Exception {
        peer.send(Frames.windowUpdate(stream, by));
    }

    @Test
    void an_answer_waits_for_the_window_of_its_stream_and_of_the_connection() throws Exception {
        try (RawPeer peer = new RawPeer(FlowControlTest::large)) {
            peer.hello(Frames.SETTING_WINDOW, 1000).request(1, "GET", true);
            peer.fields(1);
            assertEquals(1000, data(peer, 1, 1000));
            nothingMore(peer);
            widen(peer, 1, 5);
            assertEquals(5, data(peer, 1, 5));
            widen(peer, 1, LARGE);
            assertEquals(Frames.WINDOW - 1005, data(peer, 1, Frames.WINDOW - 1005));
            nothingMore(peer);
            widen(peer, 0, LARGE);
            data(peer, 1, LARGE - Frames.WINDOW);
        }
    }

    @Test
    void an_answer_that_nobody_reads_holds_up_no_other() throws Exception {
        try (RawPeer peer = new RawPeer(FlowControlTest::large)) {
            peer.hello(Frames.SETTING_WINDOW, 1000).request(1, "GET", true);
            peer.fields(1);
            data(peer, 1, 1000);
            peer.request(3, "GET", true);
            peer.fields(3);
            widen(peer, 0, LARGE);
            widen(peer, 3, LARGE);
            data(peer, 3, LARGE);
        }
    }

    @Test
    void room_on_the_connection_goes_round_among_those_who_wait_for_it() throws Exception {
        try (RawPeer peer = new RawPeer(FlowControlTest::large)) {
            peer.hello(Frames.SETTING_WINDOW, LARGE);
            for (int id = 1; id <= 9; id += 2) {
                peer.request(id, "GET", true);
            }
            int got = 0;
            while (got < Frames.WINDOW) {
                got += peer.next(Frames.DATA).payload().length;
            }
            Set<Integer> served = new HashSet<>();
            for (int i = 0; i < 20; i++) {
                widen(peer, 0, 100);
                served.add(peer.next(Frames.DATA).stream());
            }
            assertEquals(Set.of(1, 3, 5, 7, 9), served);
        }
    }

    @Test
    void a_window_that_shrinks_below_zero_is_waited_for() throws Exception {
        try (RawPeer peer = new RawPeer(FlowControlTest::large)) {
            peer.hello(Frames.SETTING_WINDOW, 2000).request(1, "GET", true);
            peer.fields(1);
            data(peer, 1, 2000);
            peer.send(Frames.settings(Frames.SETTING_WINDOW, 500));
            peer.next(Frames.SETTINGS);
            widen(peer, 1, 1500);
            nothingMore(peer);
            widen(peer, 1, 7);
            assertEquals(7, data(peer, 1, 7));
        }
    }

    @Test
    void who_waits_for_a_window_is_woken_when_the_client_leaves() throws Exception {
        try (RawPeer peer = new RawPeer(FlowControlTest::large)) {
            peer.hello(Frames.SETTING_WINDOW, 0).request(1, "GET", true);
            peer.send(Frames.RST_STREAM, 0, 1, "00000008");
            assertTrue(peer.failures.poll(10, TimeUnit.SECONDS) != null);
        }
    }

    @Test
    void an_upload_that_is_read_is_let_on_and_grows() throws Exception {
        AtomicLong read = new AtomicLong();
        try (RawPeer peer = new RawPeer(stream -> {
            byte[] some = stream.read();
            while (some.length > 0) {
                read.addAndGet(some.length);
                some = stream.read();
            }
            stream.head(200, List.of());
            stream.end(List.of());
        })) {
            peer.hello().request(1, "POST", false);
            long connection = 1 << 20;
            long window = Frames.WINDOW;
            long most = 0;
            long left = 8 << 20;
            while (left > 0) {
                int now = (int) Math.min(Math.min(left, Frames.MAX_PAYLOAD), Math.min(window, connection));
                if (now == 0) {
                    RawPeer.Frame update = peer.next(Frames.WINDOW_UPDATE);
                    window += update.stream() == 1 ? update.number() : 0;
                    connection += update.stream() == 0 ? update.number() : 0;
                    most = Math.max(most, window);
                    continue;
                }
                peer.data(1, new byte[now], now == left);
                left -= now;
                window -= now;
                connection -= now;
            }
            peer.fields(1);
            assertEquals(8 << 20, read.get());
            assertTrue(most > Frames.WINDOW && most <= 256 * 1024, "the window grew to " + most);
        }
    }

    @Test
    void an_upload_that_nobody_reads_is_not_let_on() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (RawPeer peer = new RawPeer(stream -> {
            go.await();
            stream.read();
        })) {
            peer.hello().request(1, "POST", false);
            peer.next(Frames.WINDOW_UPDATE);
            for (int left = Frames.WINDOW; left > 0; left -= Frames.MAX_PAYLOAD) {
                peer.data(1, new byte[Math.min(left, Frames.MAX_PAYLOAD)], false);
            }
            nothingMore(skipSettings(peer));
            go.countDown();
            assertEquals(1, peer.next(Frames.WINDOW_UPDATE).stream());
        }
    }

    private static RawPeer skipSettings(RawPeer peer) throws Exception {
        peer.next(Frames.SETTINGS);
        return peer;
    }

    @Test
    void more_than_a_stream_allows_ends_the_stream() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (RawPeer peer = new RawPeer(stream -> go.await())) {
            peer.hello().request(1, "POST", false);
            for (int i = 0; i < 5; i++) {
                peer.data(1, new byte[Frames.MAX_PAYLOAD], false);
            }
            RawPeer.Frame reset = peer.of(1);
            assertTrue(reset.is(Frames.RST_STREAM));
            assertEquals(ErrorCode.FLOW_CONTROL_ERROR.ordinal(), reset.number());
            go.countDown();
        }
    }

    @Test
    void more_than_the_connection_allows_ends_it() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (RawPeer peer = new RawPeer(stream -> go.await())) {
            peer.hello();
            for (int id = 1; id < 40; id += 2) {
                peer.request(id, "POST", false);
                for (int i = 0; i < 4; i++) {
                    peer.data(id, new byte[i < 3 ? Frames.MAX_PAYLOAD : 16_000], false);
                }
            }
            assertEquals(ErrorCode.FLOW_CONTROL_ERROR, peer.goAway());
            go.countDown();
        }
    }
}
