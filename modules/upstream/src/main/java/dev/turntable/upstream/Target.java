package dev.turntable.upstream;

import java.net.URI;
import java.time.Duration;

/**
 * Where to connect and how long to be patient.
 *
 * @param key names the pool: connections of one key never serve another
 * @param authority host and port as a {@code Host} header shows them
 * @param keepalive silence after which the other end is probed, and time between probes; zero is the default, less is never
 */
public record Target(
        Object key,
        String host,
        int port,
        boolean tls,
        String authority,
        Duration connect,
        Duration keepalive,
        Duration tlsHandshake,
        Duration idle) {

    /** Reads host, port and scheme of a base address; the port defaults by scheme. */
    public static Target of(
            Object key, URI uri, Duration connect, Duration keepalive, Duration tlsHandshake, Duration idle) {
        boolean tls = "https".equalsIgnoreCase(uri.getScheme());
        String host = uri.getHost() == null ? "" : uri.getHost();
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
        String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        return new Target(
                key,
                host,
                port,
                tls,
                authority.substring(authority.lastIndexOf('@') + 1),
                connect,
                keepalive,
                tlsHandshake,
                idle);
    }
}
