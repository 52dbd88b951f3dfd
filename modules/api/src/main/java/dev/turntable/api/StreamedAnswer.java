package dev.turntable.api;

import dev.turntable.proxy.exchange.Exchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * An answer that is sent piece by piece, each at once, for as long as the client stays. Written on the handler's own thread; a client that
 * does not read holds up only its own stream.
 */
final class StreamedAnswer implements AutoCloseable {
    private static final byte[] EMPTY_COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    private final Exchange exchange;
    private boolean begun;

    /** Nothing is sent before the first piece. */
    StreamedAnswer(Call call, String contentType) {
        this.exchange = call.exchange()
                .header("Content-Type", contentType)
                .header("X-Content-Type-Options", "nosniff")
                .header("X-Accel-Buffering", "no");
    }

    StreamedAnswer header(String name, String value) {
        exchange.header(name, value);
        return this;
    }

    /** Sends the headers at once, for a stream whose client waits for them before there is anything to say. */
    void begin() {
        send(EMPTY_COMMENT);
    }

    /** Sends a piece. Throws when the client has left. */
    void send(byte[] piece) {
        try {
            head();
            exchange.write(piece, 0, piece.length);
            exchange.flush();
        } catch (IOException left) {
            throw new UncheckedIOException(left);
        }
    }

    private void head() throws IOException {
        if (!begun) {
            begun = true;
            exchange.begin(200);
        }
    }

    /** Ends the answer properly, so that the client knows that it has all. */
    @Override
    public void close() {
        try {
            head();
            exchange.end();
        } catch (IOException left) {
            throw new UncheckedIOException(left);
        }
    }
}
