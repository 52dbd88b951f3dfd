package dev.turntable.blackbox;

import static dev.turntable.testkit.TurntableProcess.model;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turntable.testkit.Groups;
import dev.turntable.testkit.RawClient;
import dev.turntable.testkit.StubUpstream;
import dev.turntable.testkit.TurntableProcess;
import java.io.IOException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** WebSockets, which count like requests, and those that {@code compat.ignoreWebsockets} lets pass without counting. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebSocketTest {
    private static final String IGNORED = "compat: {ignoreWebsockets: true}";

    @AutoClose
    private final StubUpstream stub = StubUpstream.answering(WebSocketTest::echo);

    @AutoClose
    private final TurntableProcess turntable = TurntableProcess.configured(new Groups()
                    .together(stub.model("ignoring", IGNORED), stub.model("counting"))
                    .swapping(stub.model("open", IGNORED), model("next"))
                    .yaml())
            .start();

    /** Says what comes over a WebSocket back; answers everything else. */
    static void echo(StubUpstream.Request request, StubUpstream.Wire wire) throws IOException {
        if (!request.headers().containsKey("Upgrade")) {
            wire.json(200, "{}");
            return;
        }
        wire.head(101, "Connection: Upgrade", "Upgrade: websocket");
        wire.text("\r\n");
        wire.out().flush();
        for (int b = wire.in().read(); b >= 0; b = wire.in().read()) {
            wire.out().write(b);
            wire.out().flush();
        }
    }

    @Test
    @SpecCase("192")
    void anIgnoredWebSocketDoesNotStartItsModel() {
        try (var socket = RawClient.to(turntable).webSocket("/upstream/ignoring/ws")) {
            assertEquals(409, socket.status());
        }
        assertEquals(0, turntable.story("ignoring").count("start.ordered"));
    }

    @Test
    @SpecCase("192")
    void anyOtherWebSocketStartsItsModel() {
        try (var socket = RawClient.to(turntable).webSocket("/upstream/counting/ws")) {
            assertEquals(101, socket.status());
            socket.send("ping");
            assertEquals("ping", socket.readUntil("ping"));
            assertEquals("ready", turntable.story("counting").state());
        }
    }

    @Test
    @SpecCase("193")
    void anIgnoredWebSocketDoesNotHoldUpASwap() {
        turntable.http().chat("open").expect(200);
        try (var socket = RawClient.to(turntable).webSocket("/upstream/open/ws")) {
            assertEquals(101, socket.status());
            turntable.http().chat("next").expect(200);
            assertEquals("stopped", turntable.story("open").state());
            assertEquals(0, turntable.story("next").count("request.queued"));
        }
    }
}
