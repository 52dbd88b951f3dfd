package dev.turntable.proxy;

import dev.turntable.upstream.HeadReader;
import dev.turntable.upstream.Headers;
import dev.turntable.upstream.Input;
import dev.turntable.upstream.MessageBody;
import dev.turntable.upstream.Output;
import dev.turntable.upstream.RequestHead;
import dev.turntable.upstream.Version;
import dev.turntable.upstream.WireException;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * A client's connection: reads one request after the other and hands each to the front door. Runs on the virtual thread that Helidon gave
 * it; {@link #close} comes from Helidon's threads.
 */
final class ClientConnection implements ServerConnection, InterruptableTask<Void>, ClientSide {
    private static final System.Logger LOG = System.getLogger(ClientConnection.class.getName());

    private final ConnectionContext context;
    private final FrontDoor door;
    private final HelidonSocket socket;
    private final ReadAhead watch;
    private final HttpDate dates = new HttpDate();
    private final Input input = new ClientInput();
    private final Output output;
    private final String peer;
    private volatile Thread thread;
    private volatile boolean idle = true;
    private volatile boolean running = true;
    private volatile long idleSince = System.nanoTime();

    ClientConnection(ConnectionContext context, FrontDoor door) {
        this.context = context;
        this.door = door;
        this.socket = context.serverSocket();
        this.watch = new ReadAhead(socket);
        this.output = new Output(this::send);
        this.peer = RemoteAddress.withoutZone(context.remotePeer().host());
    }

    @Override
    public ConnectionContext context() {
        return context;
    }

    @Override
    public ClientWatch watch() {
        return watch;
    }

    @Override
    public Input input() {
        return input;
    }

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public String date() {
        return dates.now();
    }

    @Override
    public void handle(Limit limit) {
        thread = Thread.currentThread();
        try {
            if (context.dataReader().available() > 0) {
                // What Helidon read to find out who speaks belongs to us.
                watch.give(context.dataReader().readBytes(context.dataReader().available()));
            }
            boolean more = true;
            while (running && more) {
                more = one();
            }
        } catch (EOFException | UncheckedIOException gone) {
            LOG.log(System.Logger.Level.TRACE, "client gone", gone);
        } catch (IOException gone) {
            LOG.log(System.Logger.Level.TRACE, "connection lost", gone);
        } finally {
            watch.quiet();
        }
    }

    private boolean one() throws IOException {
        idleSince = System.nanoTime();
        idle = true;
        input.release();
        // Under load the next request is there by the time the others had their turn, and is read without a poll.
        Thread.yield();
        Optional<RequestHead> head;
        MessageBody body;
        try {
            head = HeadReader.request(input, door.headLimit());
            if (head.isEmpty()) {
                return false;
            }
            idle = false;
            body = MessageBody.ofRequest(input, head.get());
        } catch (WireException violation) {
            idle = false;
            RequestHead none = new RequestHead("GET", "/", Version.HTTP_1_1, new Headers());
            door.refuse(new Exchange(this, none, MessageBody.none(input), output), violation);
            return false;
        }
        return door.answer(new Exchange(this, head.get(), body, output));
    }

    /** Bounded by bytes and by a piece that is small. */
    @Override
    public void linger() {
        try {
            long limit = 2L << 20;
            while (limit > 0) {
                byte[] more = socket.get();
                if (more == null) {
                    return;
                }
                limit -= more.length;
                if (more.length < 1024) {
                    return;
                }
            }
        } catch (RuntimeException gone) {
            LOG.log(System.Logger.Level.TRACE, "client gone", gone);
        }
    }

    private void send(byte[] bytes, int offset, int length) throws IOException {
        try {
            // FixedBufferData of 4.3.0 mixes up offset and length when it writes, so the range begins at 0.
            byte[] range = offset == 0 ? bytes : Arrays.copyOfRange(bytes, offset, offset + length);
            socket.write(BufferData.create(range, 0, length));
        } catch (UncheckedIOException lost) {
            throw lost.getCause();
        }
    }

    @Override
    public Duration idleTime() {
        return idle ? Duration.ofNanos(System.nanoTime() - idleSince) : Duration.ZERO;
    }

    @Override
    public void close(boolean interrupt) {
        running = false;
        Thread handler = thread;
        if (handler != null && interrupt) {
            handler.interrupt();
        }
        if (idle || interrupt) {
            watch.closing(); // or a request that we end would be on record as one whose client left
            shut();
        }
    }

    @Override
    public void shut() {
        try {
            socket.close();
        } catch (RuntimeException alreadyGone) {
            LOG.log(System.Logger.Level.TRACE, "already closed", alreadyGone);
        }
    }

    @Override
    public boolean canInterrupt() {
        return idle;
    }

    private final class ClientInput extends Input {
        @Override
        public boolean fill() throws IOException {
            byte[] more = watch.next();
            if (more == null) {
                return false;
            }
            append(more);
            return true;
        }
    }
}
