package dev.turntable.http2;

/** Numbers of the wire: types of frames, their flags, their sizes (RFC 9113 §4, §6). */
final class Frames {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 0x1;
    static final int ACK = 0x1;
    static final int END_HEADERS = 0x4;
    static final int PADDED = 0x8;
    static final int WITH_PRIORITY = 0x20;

    static final int SETTING_PUSH = 2;
    static final int SETTING_STREAMS = 3;
    static final int SETTING_WINDOW = 4;
    static final int SETTING_FRAME = 5;
    static final int SETTING_HEADERS = 6;

    /** A frame's own head. */
    static final int HEAD = 9;

    /** What every end must be able to read, and all that we read and send. */
    static final int MAX_PAYLOAD = 16_384;

    /** What every window is until somebody says otherwise. */
    static final int WINDOW = 65_535;

    static final int MAX_WINDOW = Integer.MAX_VALUE;

    private Frames() {}

    static int int32(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | bytes[at + 3] & 0xff;
    }

    static void putInt32(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >>> 24);
        bytes[at + 1] = (byte) (value >>> 16);
        bytes[at + 2] = (byte) (value >>> 8);
        bytes[at + 3] = (byte) value;
    }

    /** Writes the head of a frame. */
    static void putHead(byte[] bytes, int at, int length, int type, int flags, int stream) {
        bytes[at] = (byte) (length >>> 16);
        bytes[at + 1] = (byte) (length >>> 8);
        bytes[at + 2] = (byte) length;
        bytes[at + 3] = (byte) type;
        bytes[at + 4] = (byte) flags;
        putInt32(bytes, at + 5, stream);
    }

    private static byte[] frame(int type, int flags, int stream, int... words) {
        byte[] frame = new byte[HEAD + 4 * words.length];
        putHead(frame, 0, 4 * words.length, type, flags, stream);
        for (int i = 0; i < words.length; i++) {
            putInt32(frame, HEAD + 4 * i, words[i]);
        }
        return frame;
    }

    static byte[] reset(int stream, ErrorCode code) {
        return frame(RST_STREAM, 0, stream, code.ordinal());
    }

    static byte[] goAway(int lastStream, ErrorCode code) {
        return frame(GOAWAY, 0, 0, lastStream, code.ordinal());
    }

    static byte[] windowUpdate(int stream, int increment) {
        return frame(WINDOW_UPDATE, 0, stream, increment);
    }

    static byte[] settingsAck() {
        return frame(SETTINGS, ACK, 0);
    }

    static byte[] pingAck(byte[] payload) {
        return frame(PING, ACK, 0, int32(payload, 0), int32(payload, 4));
    }

    /** Pairs of a setting and its value. */
    static byte[] settings(int... pairs) {
        byte[] frame = new byte[HEAD + 3 * pairs.length];
        putHead(frame, 0, 3 * pairs.length, SETTINGS, 0, 0);
        for (int i = 0; i < pairs.length; i += 2) {
            int at = HEAD + 3 * i;
            frame[at] = (byte) (pairs[i] >>> 8);
            frame[at + 1] = (byte) pairs[i];
            putInt32(frame, at + 2, pairs[i + 1]);
        }
        return frame;
    }
}
