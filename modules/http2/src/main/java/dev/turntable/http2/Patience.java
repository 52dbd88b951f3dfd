package dev.turntable.http2;

/**
 * How many frames that only cost a client may send: pings, settings, resets, empty ones. Some belong to HTTP/2; a flood of them is an attack
 * (rapid reset, CVE-2023-44487, and its relatives), and its connection ends. Used by one thread.
 */
final class Patience {
    /** So many at once. */
    static final int MOST = 1000;

    /** So many more each second; Go's client sends two for each request it cancels. */
    static final int PER_SECOND = 500;

    private long since = System.nanoTime();
    private double left = MOST;

    /** Takes one. Throws when there is none. */
    void spend() {
        long now = System.nanoTime();
        left = Math.min(MOST, left + (now - since) * (PER_SECOND / 1e9)) - 1;
        since = now;
        if (left < 0) {
            throw Http2Exception.connection(ErrorCode.ENHANCE_YOUR_CALM, "too many frames that only cost");
        }
    }
}
