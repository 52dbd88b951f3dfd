package dev.turntable.proxy;

import dev.turntable.http2.Field;
import dev.turntable.http2.Http2Stream;
import dev.turntable.http2.Request;
import dev.turntable.upstream.Headers;
import dev.turntable.upstream.Input;
import dev.turntable.upstream.MessageBody;
import dev.turntable.upstream.Output;
import dev.turntable.upstream.RequestHead;
import dev.turntable.upstream.Version;
import dev.turntable.upstream.WireException;
import io.helidon.webserver.ConnectionContext;
import java.io.IOException;
import java.io.UncheckedIOException;

/** One request of HTTP/2 as the front door wants to see it: like a connection that carries this request and no other. */
final class ClientStream implements ClientSide {
    private static final System.Logger LOG = System.getLogger(ClientStream.class.getName());

    private final MultiplexedConnection connection;
    private final Http2Stream stream;
    private final StreamWatch watch;
    private final Input input = new Body();

    ClientStream(MultiplexedConnection connection, Http2Stream stream) {
        this.connection = connection;
        this.stream = stream;
        this.watch = new StreamWatch(stream);
    }

    /** Serves the request. What is not answered to its end is broken off by the connection. */
    void serve(FrontDoor door) {
        Request request = stream.request();
        if (request.path().isEmpty()) {
            // CONNECT: there is no path, and nothing to connect to.
            refuse(door, 400);
            return;
        }
        RequestHead head = new RequestHead(request.method(), request.path(), Version.HTTP_2, headers(request));
        MessageBody body = stream.complete() ? MessageBody.none(input) : MessageBody.ofStream(input, request.length());
        AnswerFrames answer = new AnswerFrames(stream, request.method());
        Exchange exchange = new Exchange(this, head, body, new Output(answer::write));
        try {
            door.answer(exchange);
            if (!exchange.isCut()) {
                answer.end();
            }
        } catch (IOException | UncheckedIOException gone) {
            LOG.log(System.Logger.Level.TRACE, "client gone", gone);
        }
    }

    /** Answers what is not even a request. */
    void refuse(FrontDoor door, int status) {
        RequestHead none = new RequestHead("GET", "/", Version.HTTP_2, new Headers());
        Output output = new Output(new AnswerFrames(stream, "GET")::write);
        try {
            door.refuse(new Exchange(this, none, MessageBody.none(input), output), new WireException(status, ""));
        } catch (IOException | UncheckedIOException gone) {
            LOG.log(System.Logger.Level.TRACE, "client gone", gone);
        }
    }

    private static Headers headers(Request request) {
        Headers headers = new Headers();
        headers.add("Host", request.authority());
        for (Field field : request.fields()) {
            headers.add(field.name(), field.value());
        }
        if (request.length() >= 0) {
            headers.add("Content-Length", Long.toString(request.length()));
        }
        return headers;
    }

    @Override
    public ConnectionContext context() {
        return connection.context();
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
        return connection.peer();
    }

    @Override
    public String date() {
        return connection.dates().now();
    }

    /** Not needed: an answer is not lost to what still comes for its stream. */
    @Override
    public void linger() {}

    /** Not needed: a stream is over when its request has been served. */
    @Override
    public void shut() {}

    private final class Body extends Input {
        @Override
        public boolean fill() throws IOException {
            byte[] more = stream.read();
            if (more.length == 0) {
                return false;
            }
            append(more);
            return true;
        }
    }
}
