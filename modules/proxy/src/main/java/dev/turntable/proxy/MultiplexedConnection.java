package dev.turntable.proxy;

import dev.turntable.http2.Handler;
import dev.turntable.http2.Http2Connection;
import dev.turntable.http2.Http2Stream;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;

/** A client's connection of HTTP/2: each of its requests goes through the front door like one that came alone. */
final class MultiplexedConnection implements ServerConnection, InterruptableTask<Void>, Handler {
    private final ConnectionContext context;
    private final FrontDoor door;
    private final Http2Connection connection;
    private final HttpDate dates = new HttpDate();
    private final String peer;

    /** {@code close} ends the connection below {@code socket}, without a word that could have to wait. */
    MultiplexedConnection(ConnectionContext context, Socket socket, Runnable close, FrontDoor door) throws IOException {
        this.context = context;
        this.door = door;
        this.peer = RemoteAddress.withoutZone(context.remotePeer().host());
        this.connection =
                new Http2Connection(socket.getInputStream(), socket.getOutputStream(), close, this, door.headLimit());
    }

    ConnectionContext context() {
        return context;
    }

    HttpDate dates() {
        return dates;
    }

    String peer() {
        return peer;
    }

    @Override
    public boolean admit() {
        return door.streams().tryAcquire();
    }

    @Override
    public void serve(Http2Stream stream) {
        try {
            new ClientStream(this, stream).serve(door);
        } finally {
            door.streams().release();
        }
    }

    @Override
    public void tooLarge(Http2Stream stream) {
        try {
            new ClientStream(this, stream).refuse(door, 431);
        } finally {
            door.streams().release();
        }
    }

    @Override
    public void handle(Limit limit) {
        connection.run();
    }

    @Override
    public Duration idleTime() {
        return Duration.ofNanos(connection.idleNanos());
    }

    @Override
    public void close(boolean interrupt) {
        if (interrupt) {
            connection.abort();
        } else {
            connection.drain();
        }
    }

    @Override
    public boolean canInterrupt() {
        return connection.quiet();
    }
}
