package dev.turntable.http2;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * What a client sends, frame by frame, and the rules for it (RFC 9113 §5, §6). Used by the connection's own thread, which never waits for
 * anybody but the client.
 */
final class Incoming {
    /** What a header may take in addition to its limit, as with HTTP/1.1. */
    private static final int SLACK = 4096;

    private final FrameReader frame;
    private final Streams streams;
    private final int headerLimit;
    private final HeaderBlock block;
    private final Patience patience = new Patience();

    /** {@code headerLimit}: most bytes of a request's header. */
    Incoming(InputStream in, Streams streams, int headerLimit) {
        this.frame = new FrameReader(in);
        this.streams = streams;
        this.headerLimit = headerLimit + SLACK;
        this.block = new HeaderBlock(headerLimit + SLACK);
    }

    /** Reads until the client closes. Throws {@link Http2Exception} for what ends the connection. */
    void run() throws IOException {
        frame.preface();
        if (!frame.next()) {
            return;
        }
        require(frame.type() == Frames.SETTINGS && !frame.has(Frames.ACK), "the first frame is not settings");
        settings();
        while (frame.next()) {
            try {
                take();
            } catch (Http2Exception violation) {
                if (violation.stream() == 0) {
                    throw violation;
                }
                streams.cutOff(violation.stream(), violation.code());
                streams.find(violation.stream()).ifPresent(Http2Stream::leave);
                patience.spend();
            }
        }
    }

    /** Reads what still comes and throws it away. */
    void away(int bytes) throws IOException {
        frame.away(bytes);
    }

    private void take() {
        if (block.stream() != 0) {
            boolean goesOn = frame.type() == Frames.CONTINUATION && frame.stream() == block.stream();
            require(goesOn, "another frame inside of a header block");
            continuation();
            return;
        }
        switch (frame.type()) {
            case Frames.DATA -> data();
            case Frames.HEADERS -> headers();
            case Frames.PRIORITY -> priority();
            case Frames.RST_STREAM -> reset();
            case Frames.SETTINGS -> settings();
            case Frames.PING -> ping();
            case Frames.GOAWAY -> goAway();
            case Frames.WINDOW_UPDATE -> windowUpdate();
            case Frames.PUSH_PROMISE -> require(false, "a push by a client");
            case Frames.CONTINUATION -> require(false, "a continuation of nothing");
            // Frames to come are to be ignored (RFC 9113 §5.5).
            default -> patience.spend();
        }
    }

    // Requests

    private void headers() {
        int id = frame.stream();
        require(id % 2 == 1, "headers on a stream that no client opens");
        int from = 0;
        int to = frame.length();
        if (frame.has(Frames.PADDED)) {
            require(to > 0 && (frame.payload()[0] & 0xff) < to, "more padding than frame");
            to -= frame.payload()[0] & 0xff;
            from = 1;
        }
        if (frame.has(Frames.WITH_PRIORITY)) {
            from += 5;
        }
        require(from <= to, "a frame too short");
        block.begin(id, frame.has(Frames.END_STREAM));
        collect(from, to);
    }

    private void continuation() {
        if (frame.length() == 0) {
            patience.spend();
        }
        collect(0, frame.length());
    }

    private void collect(int from, int to) {
        block.add(frame.payload(), from, to);
        if (frame.has(Frames.END_HEADERS)) {
            int id = block.stream();
            Optional<Http2Stream> known = streams.find(id);
            if (known.isEmpty() && streams.isIdle(id)) {
                request(id);
            } else {
                trailers(id, known);
            }
        }
    }

    private void request(int id) {
        RequestFields fields = new RequestFields(headerLimit);
        block.read(fields);
        if (!streams.open(id)) {
            return;
        }
        if (fields.tooLarge()) {
            streams.serve(id, Optional.empty(), block.ends());
            return;
        }
        fields.violation(block.ends()).ifPresent(what -> {
            throw Http2Exception.stream(id, ErrorCode.PROTOCOL_ERROR, what);
        });
        streams.serve(id, Optional.of(fields.request()), block.ends());
    }

    private void trailers(int id, Optional<Http2Stream> stream) {
        RequestFields.Trailers trailers = new RequestFields.Trailers();
        block.read(trailers);
        if (stream.isPresent()) {
            stream.get().end(block.ends() && trailers.sound());
            return;
        }
        if (!streams.isCut(id)) {
            throw Http2Exception.connection(ErrorCode.STREAM_CLOSED, "headers on a closed stream");
        }
        patience.spend();
    }

    private void data() {
        int id = frame.stream();
        int length = frame.length();
        require(id != 0 && !streams.isIdle(id), "data on a stream that is not open");
        streams.received(length);
        int padding = 0;
        if (frame.has(Frames.PADDED)) {
            require(length > 0 && (frame.payload()[0] & 0xff) < length, "more padding than frame");
            padding = 1 + (frame.payload()[0] & 0xff);
        }
        boolean ends = frame.has(Frames.END_STREAM);
        if (length == padding && !ends) {
            patience.spend();
        }
        Optional<Http2Stream> stream = streams.find(id);
        if (stream.isEmpty()) {
            streams.consumed(length);
            if (!streams.isCut(id)) {
                throw Http2Exception.stream(id, ErrorCode.STREAM_CLOSED, "data on a closed stream");
            }
            patience.spend();
            return;
        }
        stream.get().received(frame.payload(), padding == 0 ? 0 : 1, length - padding, padding);
        if (ends) {
            stream.get().end(true);
        }
    }

    private void reset() {
        requireLength(4);
        require(frame.stream() != 0 && !streams.isIdle(frame.stream()), "a reset of no stream");
        patience.spend();
        streams.find(frame.stream()).ifPresent(Http2Stream::takeBack);
    }

    private void priority() {
        require(frame.stream() != 0, "a priority of no stream");
        requireLength(5);
        patience.spend();
    }

    // The connection

    private void settings() {
        require(frame.stream() == 0, "settings on a stream");
        if (frame.has(Frames.ACK)) {
            requireLength(0);
            return;
        }
        if (frame.length() % 6 != 0) {
            throw Http2Exception.connection(ErrorCode.FRAME_SIZE_ERROR, "settings of a strange size");
        }
        patience.spend();
        byte[] payload = frame.payload();
        for (int at = 0; at < frame.length(); at += 6) {
            setting((payload[at] & 0xff) << 8 | payload[at + 1] & 0xff, Frames.int32(payload, at + 2));
        }
        streams.writer().control(Frames.settingsAck());
    }

    /** Of what a client can set only the window matters to us: we send small frames, use no table and push nothing. */
    private void setting(int name, int value) {
        switch (name) {
            case Frames.SETTING_PUSH -> require(value == 0 || value == 1, "a setting that is neither on nor off");
            case Frames.SETTING_FRAME ->
                require(value >= Frames.MAX_PAYLOAD && value < 1 << 24, "a strange frame size");
            case Frames.SETTING_WINDOW -> {
                if (value < 0 || !streams.sendWindows().initial(value)) {
                    throw Http2Exception.connection(ErrorCode.FLOW_CONTROL_ERROR, "a window too large");
                }
            }
            default -> {}
        }
    }

    private void ping() {
        require(frame.stream() == 0, "a ping on a stream");
        requireLength(8);
        if (!frame.has(Frames.ACK)) {
            patience.spend();
            streams.writer().control(Frames.pingAck(frame.payload()));
        }
    }

    /** The client opens no more streams; those there are go on, so there is nothing to be done. */
    private void goAway() {
        require(frame.stream() == 0, "goaway on a stream");
        patience.spend();
    }

    private void windowUpdate() {
        requireLength(4);
        int id = frame.stream();
        int increment = Frames.int32(frame.payload(), 0) & 0x7fffffff;
        if (id == 0) {
            require(increment > 0, "a window update of nothing");
            if (!streams.sendWindows().add(increment)) {
                throw Http2Exception.connection(ErrorCode.FLOW_CONTROL_ERROR, "a window too large");
            }
            return;
        }
        require(!streams.isIdle(id), "a window of a stream that is not open");
        if (increment == 0) {
            throw Http2Exception.stream(id, ErrorCode.PROTOCOL_ERROR, "a window update of nothing");
        }
        streams.find(id).ifPresent(stream -> stream.widen(increment));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw Http2Exception.connection(ErrorCode.PROTOCOL_ERROR, otherwise);
        }
    }

    private void requireLength(int length) {
        if (frame.length() != length) {
            throw Http2Exception.connection(ErrorCode.FRAME_SIZE_ERROR, "a frame of a strange size");
        }
    }
}
