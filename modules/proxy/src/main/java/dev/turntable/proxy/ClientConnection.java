package dev.turntable.proxy;

import dev.turntable.proxy.http1.HeadReader;
import dev.turntable.proxy.http1.Headers;
import dev.turntable.proxy.http1.Input;
import dev.turntable.proxy.http1.MessageBody;
import dev.turntable.proxy.http1.Output;
import dev.turntable.proxy.http1.RequestHead;
import dev.turntable.proxy.http1.WireException;
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
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Optional;

/**
 * A client's connection: reads one request after the other and hands each to the front door. Runs on the virtual thread that Helidon gave
 * it; {@link #close} comes from Helidon's threads.
 */
final class ClientConnection implements ServerConnection, InterruptableTask<Void> {
    private static final System.Logger LOG = System.getLogger(ClientConnection.class.getName());

    private final ConnectionContext context;
    private final FrontDoor door;
    private final HelidonSocket socket;
    private final ClientWatch watch;
    private final Input input = new ClientInput();
    private final Output output;
    private final String peer;
    private volatile Thread thread;
    private volatile boolean idle = true;
    private volatile boolean running = true;
    private volatile long idleSince = System.nanoTime();
    private long dateSecond;
    private String date = "";

    ClientConnection(ConnectionContext context, FrontDoor door) {
        this.context = context;
        this.door = door;
        this.socket = context.serverSocket();
        this.watch = new ClientWatch(socket);
        this.output = new Output(this::send);
        this.peer = host(context.remotePeer().host());
    }

    private static String host(String text) {
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }

    ConnectionContext context() {
        return context;
    }

    ClientWatch watch() {
        return watch;
    }

    Input input() {
        return input;
    }

    /** The peer's address without port. */
    String peer() {
        return peer;
    }

    /** The time as a {@code Date} header shows it; formatted once a second. */
    String date() {
        long second = System.currentTimeMillis() / 1000;
        if (second != dateSecond) {
            dateSecond = second;
            date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                    ZonedDateTime.ofInstant(java.time.Instant.ofEpochSecond(second), ZoneOffset.UTC));
            if (date.charAt(6) == ' ') {
                date = date.substring(0, 5) + "0" + date.substring(5);
            }
        }
        return date;
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
            RequestHead none = new RequestHead("GET", "/", 1, new Headers());
            door.refuse(new Exchange(this, none, MessageBody.none(input), output), violation);
            linger();
            return false;
        }
        Exchange exchange = new Exchange(this, head.get(), body, output);
        try {
            door.serve(exchange);
            return exchange.finish();
        } catch (WireException violation) {
            if (exchange.status() == 0) {
                exchange.refuse(violation.status());
                linger();
            }
            return false;
        } catch (RuntimeException bug) {
            if (!(bug instanceof UncheckedIOException)) {
                LOG.log(System.Logger.Level.ERROR, "request failed: " + exchange.path(), bug);
            }
            if (exchange.status() == 0) {
                exchange.close();
                exchange.error(500, "unspecific error: internal error");
                exchange.flush();
            }
            return false;
        }
    }

    /** Reads away what the client is still sending, so that our answer is not lost to a reset; bounded by bytes and by a second of silence. */
    private void linger() {
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
            shut();
        }
    }

    /** Closes the socket, which wakes whoever reads from it. */
    void shut() {
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
