package dev.turntable.proxy.door;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/**
 * Gives every connection of the listener to Helidon's HTTP/1.1, through a reader and a writer of ours (docs/decisions/0060). What Helidon
 * would check in a request is checked by the reader, more strictly in some things and, where the reference lets pass, less.
 */
public final class DoorSelector implements ServerConnectionSelector {
    /** More than our reader lets through. */
    private static final int UNLIMITED = 64 << 20;

    private final IntSupplier headLimit;
    private final Set<ClientConnection> open = ConcurrentHashMap.newKeySet();
    private final Http1ConnectionSelector http1 = Http1ConnectionSelector.builder()
            .config(Http1Config.builder()
                    .maxPrologueLength(UNLIMITED)
                    .maxHeadersSize(UNLIMITED)
                    .validatePrologue(false)
                    .validatePath(false)
                    .validateRequestHeaders(false)
                    .validateResponseHeaders(false)
                    .sendKeepAliveHeader(false)
                    .build())
            .build();

    /** {@code headLimit} is asked for every request: most bytes of its head. */
    public DoorSelector(IntSupplier headLimit) {
        this.headLimit = headLimit;
    }

    @Override
    public int bytesToIdentifyConnection() {
        return 0;
    }

    @Override
    public Support supports(BufferData data) {
        return Support.SUPPORTED;
    }

    /** What TLS agrees on. */
    @Override
    public Set<String> supportedApplicationProtocols() {
        return http1.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        return new ClientConnection(context, http1, headLimit, open);
    }

    /** Ends the connections of clients that have not taken for so long what is written to them. */
    public void hangUp(Duration stalled) {
        open.stream()
                .filter(c -> c.stalledFor().compareTo(stalled) >= 0)
                .forEach(c -> Thread.ofVirtual().name("hang-up").start(c::shut)); // TLS may want to say goodbye first
    }
}
