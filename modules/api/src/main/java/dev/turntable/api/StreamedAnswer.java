package dev.turntable.api;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * An answer that is sent piece by piece, each at once, for as long as the client stays. Written on the handler's own thread; a client that
 * does not read holds up only its own stream.
 */
final class StreamedAnswer implements AutoCloseable {
    private static final byte[] EMPTY_COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    private final Call call;
    private OutputStream out;

    /** Nothing is sent before the first piece. */
    StreamedAnswer(Call call, String contentType) {
        this.call = call;
        call.response().status(Status.OK_200);
        call.response().header(HeaderNames.CONTENT_TYPE, contentType);
        call.response().header("X-Content-Type-Options", "nosniff");
        call.response().header("X-Accel-Buffering", "no");
    }

    StreamedAnswer header(String name, String value) {
        call.response().header(name, value);
        return this;
    }

    /** Sends the headers at once, for a stream whose client waits for them before there is anything to say. */
    void begin() {
        send(EMPTY_COMMENT);
    }

    /** Sends a piece. Throws when the client has left. */
    void send(byte[] piece) {
        try {
            if (out == null) {
                call.response().header(HeaderNames.TRANSFER_ENCODING, "chunked");
                out = call.response().outputStream();
            }
            out.write(piece);
            out.flush();
        } catch (IOException | UncheckedIOException left) {
            throw new CloseConnectionException("client left", left);
        }
    }

    /** Ends the answer properly, so that the client knows that it has all. */
    @Override
    public void close() {
        try {
            if (out == null) {
                call.response().send();
            } else {
                out.close();
            }
        } catch (IOException | UncheckedIOException left) {
            throw new CloseConnectionException("client left", left);
        }
    }
}
