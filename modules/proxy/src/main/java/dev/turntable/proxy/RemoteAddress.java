package dev.turntable.proxy;

import java.util.Optional;

/** The client's address as logs and lists show it (llama-swap §3.1). */
public final class RemoteAddress {
    private RemoteAddress() {}

    /** First entry of {@code X-Forwarded-For}, else {@code X-Real-IP}, else the peer's address without port. */
    public static String of(Optional<String> forwardedFor, Optional<String> realIp, String peer) {
        if (forwardedFor.isPresent()) {
            String first = forwardedFor.get().split(",", 2)[0].strip();
            if (!first.isEmpty()) {
                return first;
            }
        }
        return realIp.map(String::strip).filter(ip -> !ip.isEmpty()).orElse(peer);
    }
}
