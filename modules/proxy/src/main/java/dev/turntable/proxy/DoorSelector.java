package dev.turntable.proxy;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/** Takes every connection of Helidon's listener, before a byte of it was read. */
record DoorSelector(FrontDoor door, Optional<SSLContext> tls) implements ServerConnectionSelector {
    @Override
    public int bytesToIdentifyConnection() {
        return 0;
    }

    @Override
    public Support supports(BufferData data) {
        return Support.SUPPORTED;
    }

    /** Asked by Helidon's own TLS, which stays off. */
    @Override
    public Set<String> supportedApplicationProtocols() {
        return Set.of();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        return tls.isPresent() ? new TlsConnection(context, tls.get(), door) : new ClientConnection(context, door);
    }
}
