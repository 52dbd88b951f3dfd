package dev.turntable.proxy.forward;

import dev.turntable.proxy.exchange.Exchange;
import dev.turntable.proxy.metering.Meter;
import dev.turntable.upstream.Headers;
import dev.turntable.upstream.MessageBody;
import dev.turntable.upstream.ResponseHead;
import dev.turntable.upstream.WireException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Passes one answer from the upstream to the client: what arrived is sent before more is waited for. */
final class Relay {
    private final Call call;
    private final Exchange exchange;
    private final MessageBody body;
    private final Meter meter;
    private boolean eager;
    private boolean unpack;

    Relay(Call call, MessageBody body, Meter meter) {
        this.call = call;
        this.exchange = call.exchange();
        this.body = body;
        this.meter = meter;
    }

    /** Writes the head, unless a stream of ours has begun already. */
    void begin(ResponseHead head, boolean unpackIt, boolean begun) throws IOException {
        unpack = unpackIt;
        boolean chunked = body.framing() == MessageBody.Framing.CHUNKED || body.framing() == MessageBody.Framing.CLOSE;
        Headers headers = HeaderRules.toClient(head, unpack, chunked);
        eager = chunked || unpack || head.headers().eventStream();
        meter.head(head.status(), headers);
        if (begun) {
            return;
        }
        // Without a body, whatever the head says of a length stays as it is.
        long length = unpack || body.framing() != MessageBody.Framing.LENGTH ? -1 : body.length();
        toClient(() -> exchange.begin(head.status(), head.reason(), headers, length));
    }

    /** True when pieces must not wait for each other. */
    boolean eager() {
        return eager && body.framing() != MessageBody.Framing.NONE;
    }

    /** Passes the body on. False when the upstream failed before its end. */
    boolean run() throws IOException {
        if (eager()) {
            call.watch();
        }
        return unpack ? unpacked() : raw();
    }

    private boolean raw() throws IOException {
        int window = fromUpstream(false);
        if (window == 0 && eager()) {
            toClient(exchange::flush);
        }
        if (window == 0) {
            window = fromUpstream(true);
        }
        while (window > 0) {
            int count = window;
            meter.bytes(body.array(), body.offset(), count);
            toClient(() -> exchange.write(body.array(), body.offset(), count));
            body.consume(count);
            window = fromUpstream(false);
            if (window == 0 && !body.done()) {
                if (eager()) {
                    toClient(exchange::flush);
                    meter.progress();
                }
                window = fromUpstream(true);
            }
        }
        if (window < 0) {
            toClient(exchange::flush);
            return false;
        }
        toClient(() -> exchange.end(body.trailers()));
        return true;
    }

    /** Bytes ready; -1 when the upstream failed. */
    private int fromUpstream(boolean block) {
        try {
            return body.ready(block);
        } catch (IOException | WireException lost) {
            return -1;
        }
    }

    private boolean unpacked() throws IOException {
        byte[] buffer = new byte[16 * 1024];
        try (InputStream in = new GZIPInputStream(new BodyStream(body), 8192)) {
            int read = in.read(buffer);
            while (read >= 0) {
                int count = read;
                meter.bytes(buffer, 0, count);
                toClient(() -> {
                    exchange.write(buffer, 0, count);
                    exchange.flush();
                });
                meter.progress();
                read = in.read(buffer);
            }
            while (body.ready(true) > 0) {
                body.consume(body.ready(true));
            }
        } catch (Forwarder.ClientLost lost) {
            throw lost;
        } catch (IOException | WireException bad) {
            toClient(exchange::flush);
            return false;
        }
        toClient(() -> exchange.end(body.trailers()));
        return true;
    }

    /** Something that writes to the client. */
    @FunctionalInterface
    private interface Write {
        void run() throws IOException;
    }

    private static void toClient(Write write) throws Forwarder.ClientLost {
        try {
            write.run();
        } catch (IOException lost) {
            throw new Forwarder.ClientLost(lost);
        }
    }

    /** A body as a stream, for the unpacker. */
    private static final class BodyStream extends InputStream {
        private final MessageBody body;

        BodyStream(MessageBody body) {
            this.body = body;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            return body.read(into, offset, length);
        }
    }
}
