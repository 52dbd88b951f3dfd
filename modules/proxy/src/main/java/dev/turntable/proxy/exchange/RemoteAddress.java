package dev.turntable.proxy.exchange;

import java.util.Optional;

/** The client's address as logs and lists show it (llama-swap §3.1). */
public final class RemoteAddress {
    private RemoteAddress() {}

    /** An address of version 6 without the name of the interface it came in by. */
    static String withoutZone(String address) {
        int zone = address.indexOf('%');
        return zone < 0 ? address : address.substring(0, zone);
    }

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
