package dev.turntable.proxy.door;

import dev.turntable.upstream.Input;
import dev.turntable.upstream.Output;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * A client's connection: Helidon's HTTP/1.1 between a reader and a writer of ours, on the virtual thread that Helidon gave it. {@link
 * #close} comes from Helidon's threads.
 */
public final class ClientConnection implements ServerConnection, InterruptableTask<Void> {
    private static final System.Logger LOG = System.getLogger(ClientConnection.class.getName());

    /** A client that is still sending when its connection ends gets this long to read its answer first. */
    private static final Duration LINGER = Duration.ofMillis(300);

    private final HelidonSocket socket;
    private final ClientWatch watch;
    private final WireReader reader;
    private final Output output = new Output(this::send);
    private final WireWriter writer = new WireWriter(output);
    private final ClientPeer peer;
    private final ServerConnection http1;
    private final Set<ClientConnection> open;
    private volatile long writingSince;
    private Object attachment;

    ClientConnection(
            ConnectionContext context,
            ServerConnectionSelector selector,
            IntSupplier headLimit,
            Set<ClientConnection> open) {
        this.open = open;
        this.socket = context.serverSocket();
        this.watch = new ClientWatch(socket);
        this.reader = new WireReader(watch::next, headLimit);
        this.peer = ClientPeer.of(context.remotePeer(), this);
        this.http1 = selector.connection(new WireContext(context, peer, DataReader.create(reader), writer));
    }

    /** The connection a request came by. */
    public static ClientConnection of(ServerRequest request) {
        return ((ClientPeer) request.remotePeer()).connection();
    }

    /** Keeps something for the request that is served now. */
    public void attach(Object forThisRequest) {
        attachment = forThisRequest;
    }

    public Object attachment() {
        return attachment;
    }

    /** Notices that the client left. */
    public ClientWatch watch() {
        return watch;
    }

    /** The first line of the request that is served now. */
    public RequestLine line() {
        return reader.line();
    }

    /** True when the client has sent all of the request and it was read. */
    public boolean bodyRead() {
        return reader.atHead();
    }

    /** The client's address without port. */
    public String peer() {
        return peer.host();
    }

    /** The way out: what is written here and what Helidon writes leave in one order. */
    public Output output() {
        return output;
    }

    /** Lets Helidon write an answer that goes nowhere. */
    public void muted(Runnable says) {
        writer.muted(says);
    }

    /** What the client sends from here on, whatever protocol it is. */
    public Input input() {
        return new Input() {
            @Override
            public boolean fill() {
                byte[] more = reader.raw();
                if (more != null) {
                    append(more);
                }
                return more != null;
            }
        };
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
        open.add(this);
        try {
            http1.handle(limit);
        } finally {
            open.remove(this);
            watch.quiet();
            try {
                output.flush();
                if (reader.unread()) {
                    watch.drain(LINGER);
                }
            } catch (IOException gone) {
                LOG.log(System.Logger.Level.TRACE, "client gone", gone);
            }
        }
    }

    /** How long a write has waited for the client to read; zero when none does. */
    Duration stalledFor() {
        long since = writingSince;
        return since == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    private void send(byte[] bytes, int offset, int length) throws IOException {
        writingSince = System.nanoTime() | 1;
        try {
            // A buffer that does not begin at 0 is written wrongly when it is longer than the socket's own.
            byte[] range = offset == 0 ? bytes : Arrays.copyOfRange(bytes, offset, offset + length);
            socket.write(BufferData.create(range, 0, length));
        } catch (UncheckedIOException lost) {
            throw lost.getCause();
        } finally {
            writingSince = 0;
        }
    }

    @Override
    public Duration idleTime() {
        return reader.idle() ? Duration.ofNanos(System.nanoTime() - reader.idleSince()) : Duration.ZERO;
    }

    @Override
    public void close(boolean interrupt) {
        boolean end = reader.idle() || interrupt;
        if (end) {
            watch.closing(); // or a request that we end would be on record as one whose client left
        }
        http1.close(interrupt);
        if (end) {
            shut();
        }
    }

    /** Ends it at once, which wakes whoever reads from it. */
    public void shut() {
        try {
            socket.close();
        } catch (RuntimeException alreadyGone) {
            LOG.log(System.Logger.Level.TRACE, "already closed", alreadyGone);
        }
    }

    @Override
    public boolean canInterrupt() {
        return reader.idle();
    }
}
