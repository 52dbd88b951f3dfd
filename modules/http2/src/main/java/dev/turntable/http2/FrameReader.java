package dev.turntable.http2;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads one frame after the other; shows the newest. */
final class FrameReader {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private static final int SMALL = 4096;

    private final InputStream in;
    private final byte[] head = new byte[Frames.HEAD];
    private byte[] payload = new byte[512];
    private int length;

    FrameReader(InputStream in) {
        this.in = in;
    }

    /** What every client says first (RFC 9113 §3.4). */
    void preface() throws IOException {
        byte[] said = in.readNBytes(PREFACE.length);
        if (!Arrays.equals(said, PREFACE)) {
            if (said.length < PREFACE.length) {
                throw new EOFException("no preface");
            }
            throw Http2Exception.connection(ErrorCode.PROTOCOL_ERROR, "not the preface of HTTP/2");
        }
    }

    /** Reads the next frame whole. False when the client closed between two frames. */
    boolean next() throws IOException {
        int read = in.readNBytes(head, 0, head.length);
        if (read < head.length) {
            if (read == 0) {
                return false;
            }
            throw new EOFException("cut off in the head of a frame");
        }
        length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff;
        if (length > Frames.MAX_PAYLOAD) {
            throw Http2Exception.connection(ErrorCode.FRAME_SIZE_ERROR, "frame too large");
        }
        if (payload.length < length) {
            payload = new byte[length <= SMALL ? SMALL : Frames.MAX_PAYLOAD];
        } else if (payload.length > SMALL && length <= SMALL) {
            // The upload is over, for now: a connection on which nothing happens should cost little.
            payload = new byte[SMALL];
        }
        if (in.readNBytes(payload, 0, length) < length) {
            throw new EOFException("cut off in a frame");
        }
        return true;
    }

    int type() {
        return head[3] & 0xff;
    }

    boolean has(int flag) {
        return (head[4] & flag) != 0;
    }

    int stream() {
        return Frames.int32(head, 5) & 0x7fffffff;
    }

    int length() {
        return length;
    }

    /** The payload from index 0; good until the next frame is read. */
    byte[] payload() {
        return payload;
    }

    /** Throws away what the client still sends, up to so many bytes. */
    void away(int bytes) throws IOException {
        int left = bytes;
        int read = in.read(payload, 0, payload.length);
        while (read >= 0 && left > 0) {
            left -= read;
            read = in.read(payload, 0, payload.length);
        }
    }
}
