package dev.turntable.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which connections rest, how long, and for whom, on real sockets with a clock of the test. */
class UpstreamPoolTest {
    private final AtomicLong now = new AtomicLong();
    private final UpstreamPool pool = new UpstreamPool(now::get, new ProxyEnvironment(Map.of()));
    private final ServerSocket listener;
    private final List<Socket> accepted = new ArrayList<>();

    UpstreamPoolTest() throws IOException {
        listener = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        pool.close();
        listener.close();
        for (Socket socket : accepted) {
            socket.close();
        }
    }

    private Target target(Object key, Duration idle) {
        return Target.of(
                key,
                URI.create("http://127.0.0.1:" + listener.getLocalPort()),
                Duration.ofSeconds(5),
                Duration.ZERO,
                Duration.ofSeconds(5),
                idle);
    }

    private List<UpstreamConnection> open(Object key, int howMany) throws IOException {
        List<UpstreamConnection> all = new ArrayList<>();
        for (int i = 0; i < howMany; i++) {
            all.add(pool.acquire(target(key, Duration.ofSeconds(90))));
            accepted.add(listener.accept());
        }
        return all;
    }

    @Test
    void theRoomRunsAsAModule() {
        assertTrue(getClass().getModule().isNamed());
    }

    @Test
    void theNewestOfATargetIsUsedAgainAndNobodyElses() throws IOException {
        List<UpstreamConnection> two = open("a", 2);
        two.forEach(pool::release);
        UpstreamConnection again = pool.acquire(target("a", Duration.ofSeconds(90)));
        assertSame(two.getLast(), again);
        assertTrue(again.stale(), "it was used before, and has heard nothing since");
        assertNotSame(two.getFirst(), open("b", 1).getFirst());
    }

    @Test
    void whatRestedTooLongIsClosedWhoeverItBelongsToAndWhoeverComes() throws IOException {
        open("a", 3).forEach(pool::release);
        now.addAndGet(Duration.ofSeconds(60).toNanos());
        open("b", 1).forEach(pool::release);
        now.addAndGet(Duration.ofSeconds(31).toNanos());
        pool.sweep();
        assertEquals(1, pool.resting(), "those of a rested 91 s, that of b 31 s");
        now.addAndGet(Duration.ofSeconds(60).toNanos());
        UpstreamConnection old = open("b", 1).getFirst();
        assertFalse(old.stale(), "91 s are too long even before anybody swept");
    }

    @Test
    void whatTheUpstreamClosedIsSweptAndNeverUsed() throws Exception {
        UpstreamConnection one = open("a", 1).getFirst();
        pool.release(one);
        accepted.getFirst().close();
        while (pool.resting() > 0) {
            Thread.onSpinWait(); // until the kernel has told
            pool.sweep();
        }
        assertTrue(one.closed());
    }

    @Test
    void noTargetHoldsMoreThanItsShare() throws IOException {
        List<UpstreamConnection> many = open("a", UpstreamPool.PER_TARGET + 1);
        many.forEach(pool::release);
        assertEquals(UpstreamPool.PER_TARGET, pool.resting());
        assertTrue(many.getFirst().closed(), "the oldest goes");
        assertFalse(many.getLast().closed());
    }

    @Test
    void whenAllPlacesAreTakenTheOneWhoHoldsMostGivesOneUp() throws IOException {
        for (String key : List.of("a", "b", "c", "d")) {
            open(key, UpstreamPool.IN_ALL / 4).forEach(pool::release);
        }
        UpstreamConnection fifth = open("e", 1).getFirst();
        pool.release(fifth);
        assertFalse(fifth.closed(), "a newcomer is kept");
        assertEquals(UpstreamPool.IN_ALL, pool.resting());
        assertSame(fifth, pool.acquire(target("e", Duration.ofSeconds(90))));
    }

    @Test
    void aRetiredTargetHoldsNothing() throws IOException {
        List<UpstreamConnection> gone = open("gone", 2);
        gone.forEach(pool::release);
        open("stays", 1).forEach(pool::release);
        pool.retire("gone"::equals);
        assertEquals(1, pool.resting());
        assertTrue(gone.stream().allMatch(UpstreamConnection::closed));
    }
}
