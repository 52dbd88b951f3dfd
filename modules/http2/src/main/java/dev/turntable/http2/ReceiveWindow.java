package dev.turntable.http2;

/**
 * What a client may still send, on a stream or on the whole connection (RFC 9113 §5.2). Grows while what comes is read, so that an upload
 * nobody reads yet holds little memory and one that is read is not held up by the way there and back.
 */
final class ReceiveWindow {
    private final int most;
    private int size;
    private int left;
    private int owed;

    ReceiveWindow(int size, int most) {
        this.size = size;
        this.left = size;
        this.most = most;
    }

    /** Counts what came. False when it was more than allowed. */
    synchronized boolean received(int bytes) {
        left -= bytes;
        return left >= 0;
    }

    /** Counts what nobody holds any more. Answers what the client must be told it may send in addition; 0 for nothing yet. */
    synchronized int consumed(int bytes) {
        owed += bytes;
        if (owed < size / 2) {
            return 0;
        }
        int more = Math.min(most, size * 2) - size;
        size += more;
        int grant = owed + more;
        left += grant;
        owed = 0;
        return grant;
    }
}
