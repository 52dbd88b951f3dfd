package dev.turntable.proxy;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.SocketWriter;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A connection to a port where TLS is spoken: shakes hands, then is what was agreed on. Helidon's own TLS leaves a client that speaks plain
 * HTTP without an answer, and never gives the place of a failed handshake back (docs/decisions/0052).
 */
final class TlsConnection implements ServerConnection, InterruptableTask<Void> {
    private static final System.Logger LOG = System.getLogger(TlsConnection.class.getName());

    /** Our protocols, best first. */
    private static final List<String> PROTOCOLS = List.of("h2", "http/1.1");

    /** How plain HTTP begins; as much as the head of a record of TLS takes. */
    private static final Set<String> PLAIN = Set.of("GET /", "HEAD ", "POST ", "PUT /", "OPTIO");

    private static final int RECORD_HEAD = 5;

    private static final byte[] REFUSAL =
            "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"
                    .getBytes(StandardCharsets.ISO_8859_1);

    private final ConnectionContext context;
    private final SSLContext tls;
    private final FrontDoor door;
    private final HelidonSocket plain;
    private final long since = System.nanoTime();
    private Optional<ServerConnection> agreed = Optional.empty();
    private boolean closed;

    TlsConnection(ConnectionContext context, SSLContext tls, FrontDoor door) {
        this.context = context;
        this.tls = tls;
        this.door = door;
        this.plain = context.serverSocket();
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
        try {
            byte[] begin = begin();
            if (begin.length < RECORD_HEAD) {
                return;
            }
            if (PLAIN.contains(new String(begin, 0, RECORD_HEAD, StandardCharsets.ISO_8859_1))) {
                plain.write(BufferData.create(REFUSAL));
                return;
            }
            try (SSLSocket socket = handshake(begin)) {
                ServerConnection connection = connection(socket);
                if (agree(connection)) {
                    connection.handle(limit);
                }
            }
        } catch (IOException | UncheckedIOException failed) {
            LOG.log(System.Logger.Level.TRACE, "TLS failed", failed);
        }
    }

    /** What the client sends first, as much as it takes to know what it is. */
    private byte[] begin() {
        ByteArrayOutputStream begin = new ByteArrayOutputStream();
        byte[] more = plain.get();
        while (more != null) {
            begin.writeBytes(more);
            more = begin.size() < RECORD_HEAD ? plain.get() : null;
        }
        return begin.toByteArray();
    }

    private SSLSocket handshake(byte[] begin) throws IOException {
        SSLSocket socket = (SSLSocket)
                tls.getSocketFactory().createSocket(new LayeredSocket(plain), new ByteArrayInputStream(begin), true);
        socket.setHandshakeApplicationProtocolSelector((_, offered) ->
                PROTOCOLS.stream().filter(offered::contains).findFirst().orElse(null));
        try {
            socket.startHandshake();
            return socket;
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    private ServerConnection connection(SSLSocket socket) throws IOException {
        HelidonSocket secure = new SecureSocket(plain, socket);
        ConnectionContext inside = new ContextView(
                context, secure, new DataReader(secure), SocketWriter.create(context.executor(), secure, 0, false));
        return "h2".equals(socket.getApplicationProtocol())
                ? new MultiplexedConnection(inside, socket, plain::close, door)
                : new ClientConnection(inside, door);
    }

    /** False when somebody closed us during the handshake. */
    private synchronized boolean agree(ServerConnection connection) {
        agreed = Optional.of(connection);
        return !closed;
    }

    private synchronized Optional<ServerConnection> agreed() {
        return agreed;
    }

    @Override
    public Duration idleTime() {
        return agreed().map(ServerConnection::idleTime).orElseGet(() -> Duration.ofNanos(System.nanoTime() - since));
    }

    @Override
    public void close(boolean interrupt) {
        Optional<ServerConnection> connection;
        synchronized (this) {
            closed = true;
            connection = agreed;
        }
        if (connection.isPresent()) {
            connection.get().close(interrupt);
        } else {
            plain.close();
        }
    }

    @Override
    public boolean canInterrupt() {
        return agreed().map(c -> !(c instanceof InterruptableTask<?> task) || task.canInterrupt())
                .orElse(true);
    }
}
