package dev.turntable.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.Outcome;
import dev.turntable.event.ProcessState;
import dev.turntable.testkit.RawAnswer;
import dev.turntable.testkit.RawClient;
import dev.turntable.testkit.StubUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections that an upstream closed while nobody looked, and upstreams that listen a little late. */
class ReconnectTest {
    @TempDir
    Path folder;

    private House house;
    private int latePort;

    @BeforeEach
    void open() throws Exception {
        try (ServerSocket reserved = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            latePort = reserved.getLocalPort();
        }
        house = new House(
                folder,
                "models:\n  a: {cmd: x, proxy: \"UP\"}\n  late: {cmd: x, checkEndpoint: none, proxy: \"http://127.0.0.1:"
                        + latePort + "\"}\n  deaf: {cmd: x, proxy: \"http://127.0.0.1:" + latePort
                        + "\"}\npeers: {far: {proxy: \"UP\", models: [m]}}\n");
        house.admission.states.put("a", ProcessState.READY);
    }

    @AfterEach
    void close() throws Exception {
        house.close();
    }

    /** Answers the first request of each connection, and closes it when a second one has come, without a byte. */
    private void onceAConnection() {
        Map<Socket, Boolean> answered = new ConcurrentHashMap<>();
        house.upstream.script((request, wire) -> {
            if (answered.put(wire.socket(), true) == null) {
                wire.send(StubUpstream.ok("{}"));
            } else {
                wire.cut();
            }
        });
    }

    private RawAnswer post(String target, String json, String... headers) throws IOException {
        try (RawClient client = house.client()) {
            return client.post(target, json, headers);
        }
    }

    @Test
    void aUsedConnectionThatEndsBeforeAByteIsTriedAgainWithTheBodyAndOnRecord() throws Exception {
        onceAConnection();
        for (String model : new String[] {"a", "far/m"}) {
            String body = "{\"model\":\"" + model + "\",\"x\":\"" + "y".repeat(50_000) + "\"}";
            assertEquals(200, post("/v1/chat/completions", body).status());
            assertEquals(Outcome.OK, house.admission.nextFinished().outcome());
            house.upstream.next();
            assertEquals(200, post("/v1/chat/completions", body).status(), model);
            StubUpstream.Request lost = house.upstream.next();
            assertEquals(lost.body(), house.upstream.next().body(), "the same body");
            var end = house.admission.nextFinished();
            assertEquals(Outcome.OK, end.outcome());
            assertEquals(end.request(), house.admission.retried.take().request());
        }
    }

    @Test
    void aBodyThatIsOnlyPassedOnNeverReliesOnAUsedConnection() throws Exception {
        onceAConnection();
        for (int i = 0; i < 3; i++) {
            assertEquals(200, post("/upstream/a/any/path", "{\"n\":" + i + "}").status());
            assertEquals("{\"n\":" + i + "}", house.upstream.next().body());
        }
        assertTrue(house.admission.retried.isEmpty());
    }

    @Test
    void aFreshConnectionThatEndsSoStaysAnError() throws Exception {
        house.upstream.script((request, wire) -> wire.cut());
        assertEquals(502, post("/v1/chat/completions", "{\"model\":\"a\"}").status());
        assertEquals(1, house.upstream.requests().size());
        assertTrue(house.admission.retried.isEmpty());
    }

    @Test
    void anAnswerThatHasBegunIsNotAskedForAgain() throws Exception {
        Map<Socket, Boolean> answered = new ConcurrentHashMap<>();
        house.upstream.script((request, wire) -> {
            if (answered.put(wire.socket(), true) == null) {
                wire.send(StubUpstream.ok("{}"));
            } else {
                wire.send("HTTP");
                wire.cut();
            }
        });
        post("/v1/chat/completions", "{\"model\":\"a\"}");
        assertEquals(502, post("/v1/chat/completions", "{\"model\":\"a\"}").status());
        assertEquals(2, house.upstream.requests().size());
    }

    @Test
    void aProcessThatIsNoLongerReadyIsNotAskedAgain() throws Exception {
        onceAConnection();
        post("/v1/chat/completions", "{\"model\":\"a\"}");
        house.admission.states.put("a", ProcessState.STOPPED);
        assertEquals(502, post("/v1/chat/completions", "{\"model\":\"a\"}").status());
    }

    @Test
    void theFirstConnectionToAModelWithoutACheckWaitsForItsListener() throws Exception {
        house.admission.states.put("late", ProcessState.READY);
        CountDownLatch asked = new CountDownLatch(1);
        Thread listens = Thread.ofVirtual().start(() -> {
            try {
                asked.await();
                try (ServerSocket listener = new ServerSocket(latePort, 5, InetAddress.getLoopbackAddress());
                        Socket socket = listener.accept()) {
                    socket.getInputStream().read(new byte[4096]);
                    socket.getOutputStream()
                            .write(StubUpstream.ok("{\"late\":1}").getBytes(StandardCharsets.UTF_8));
                    socket.getInputStream().read();
                }
            } catch (IOException | InterruptedException ended) {
                throw new IllegalStateException(ended);
            }
        });
        house.admission.onAsk = asked::countDown;
        RawAnswer answer = post("/v1/chat/completions", "{\"model\":\"late\"}");
        assertEquals("{\"late\":1}", answer.text());
        house.pool.retire(key -> true);
        listens.join();
    }

    @Test
    void aModelThatWasCheckedIsNotWaitedFor() throws Exception {
        house.admission.states.put("deaf", ProcessState.READY);
        assertEquals(502, post("/v1/chat/completions", "{\"model\":\"deaf\"}").status());
    }

    @Test
    void nobodyWaitsForTheListenerOfAProcessThatHasEnded() throws Exception {
        assertEquals(502, post("/v1/chat/completions", "{\"model\":\"late\"}").status());
    }
}
