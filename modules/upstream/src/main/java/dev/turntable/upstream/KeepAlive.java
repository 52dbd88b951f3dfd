package dev.turntable.upstream;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;

/**
 * TCP keep-alive of a connection to an upstream (llama-swap §2.6): how long it may be silent before the kernel asks whether the other end is
 * still there, and how long between one such probe and the next. How many go unanswered before the connection is lost stays the system's.
 */
final class KeepAlive {
    /** What 0 stands for (llama-swap §12). */
    static final Duration DEFAULT = Duration.ofSeconds(15);

    /** Linux refuses more. */
    static final int MAX_SECONDS = 32_767;

    private KeepAlive() {}

    /** {@code period} zero is {@link #DEFAULT}, less is off; a system that knows no periods probes at its own. */
    static void apply(SocketChannel channel, Duration period) throws IOException {
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, !period.isNegative());
        if (period.isNegative()) {
            return;
        }
        int seconds = (int) Math.min(MAX_SECONDS, (period.isZero() ? DEFAULT : period).toSeconds());
        if (channel.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
            channel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, seconds);
        }
        if (channel.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPINTERVAL)) {
            channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, seconds);
        }
    }
}
