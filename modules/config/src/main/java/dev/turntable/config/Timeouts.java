package dev.turntable.config;

import java.time.Duration;

/**
 * Limits of a connection to an upstream or peer; {@link Duration#ZERO} is no limit (for {@code keepalive}: the default period,
 * and {@link #NO_KEEPALIVE} is none).
 */
public record Timeouts(
        Duration connect,
        Duration keepalive,
        Duration responseHeader,
        Duration tlsHandshake,
        Duration expectContinue,
        Duration idleConn) {
    /** A {@code keepalive} below 0: an idle connection is never probed. */
    public static final Duration NO_KEEPALIVE = Duration.ofSeconds(-1);

    /** What a model has that says nothing (llama-swap §2.6). */
    public static final Timeouts MODEL_DEFAULTS = seconds(30, 30, 0, 10, 1, 90);

    /** What a peer has that says nothing (llama-swap §2.12). */
    public static final Timeouts PEER_DEFAULTS = seconds(30, 30, 60, 10, 1, 90);

    private static Timeouts seconds(long connect, long keepalive, long header, long tls, long expect, long idle) {
        return new Timeouts(
                Duration.ofSeconds(connect),
                Duration.ofSeconds(keepalive),
                Duration.ofSeconds(header),
                Duration.ofSeconds(tls),
                Duration.ofSeconds(expect),
                Duration.ofSeconds(idle));
    }
}
