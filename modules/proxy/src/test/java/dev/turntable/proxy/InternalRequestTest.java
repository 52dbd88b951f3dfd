package dev.turntable.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turntable.event.ModelId;
import dev.turntable.event.RunId;
import dev.turntable.proxy.admission.Admission;
import dev.turntable.proxy.forward.Forwarder;
import dev.turntable.proxy.forward.InternalRequest;
import dev.turntable.testkit.StubUpstream;
import dev.turntable.upstream.ProxyEnvironment;
import dev.turntable.upstream.UpstreamPool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The request that a preload sends for nobody. */
class VisitTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private House house;
    private final Forwarder forwarder =
            new Forwarder(new UpstreamPool(System::nanoTime, new ProxyEnvironment(Map.of())));

    @BeforeEach
    void open() throws Exception {
        house = new House(
                folder,
                "models: {a: {cmd: x, proxy: \"UP/base?k=v\"}, dead: {cmd: x, proxy: \"http://127.0.0.1:1\"}}\n");
    }

    @AfterEach
    void close() throws Exception {
        forwarder.close();
        house.close();
    }

    private OptionalInt visit(String model, Duration atMost) throws InterruptedException {
        return new InternalRequest(forwarder, new Forwarder.Retry(() -> true, Duration.ZERO, error -> {}))
                .pay(
                        new Admission.Upstream(
                                new RunId(new ModelId(model), 1),
                                house.config.models().get(model)),
                        atMost);
    }

    @Test
    void itAsksForTheRootAndReadsTheAnswerToItsEnd() throws Exception {
        house.upstream.script((request, wire) ->
                wire.send("HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"));
        assertEquals(OptionalInt.of(404), visit("a", LONG));
        StubUpstream.Request request = house.upstream.next();
        assertEquals("GET /base/?k=v HTTP/1.1", request.line());
        assertTrue(request.has("Connection: close"), request.head());
        assertEquals("end", house.upstream.awaitEnd());
    }

    @Test
    void anAnswerThatDoesNotComeIsGivenUp() throws Exception {
        house.upstream.script((request, wire) -> wire.in().read());
        assertEquals(OptionalInt.empty(), visit("a", Duration.ofMillis(50)));
        assertEquals(OptionalInt.empty(), visit("dead", LONG));
    }

    @Test
    void itEndsWithItsThread() throws Exception {
        house.upstream.script((request, wire) -> wire.in().read());
        Thread visitor =
                Thread.ofVirtual().start(() -> assertThrows(InterruptedException.class, () -> visit("a", LONG)));
        house.upstream.next();
        visitor.interrupt();
        assertTrue(visitor.join(LONG));
    }
}
