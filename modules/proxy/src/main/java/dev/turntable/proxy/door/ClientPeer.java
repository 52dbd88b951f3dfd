package dev.turntable.proxy.door;

import io.helidon.common.socket.PeerInfo;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.Principal;
import java.security.cert.Certificate;
import java.util.Optional;

/**
 * The other end of a connection, as Helidon shows it to a handler; the way from a request to its connection. Looked up once: Helidon asks
 * the system anew each time.
 */
record ClientPeer(SocketAddress address, String host, int port, ClientConnection connection) implements PeerInfo {
    static ClientPeer of(PeerInfo peer, ClientConnection connection) {
        return new ClientPeer(peer.address(), host(peer), peer.port(), connection);
    }

    private static String host(PeerInfo peer) {
        return peer.address() instanceof InetSocketAddress inet && inet.getAddress() != null
                ? text(inet.getAddress())
                : peer.host();
    }

    /** An address as people write it: of version 6 with its longest row of zeros left out (RFC 5952), without the interface's name. */
    static String text(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address.getHostAddress();
        }
        byte[] bytes = address.getAddress();
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
        }
        int gap = -1;
        int gapLength = 1; // a single zero is written
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > gapLength) {
                gap = i;
                gapLength = end - i;
            }
        }
        StringBuilder out = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == gap) {
                out.append("::");
                i += gapLength - 1;
            } else {
                if (!out.isEmpty() && out.charAt(out.length() - 1) != ':') {
                    out.append(':');
                }
                out.append(Integer.toHexString(groups[i]));
            }
        }
        return out.toString();
    }

    @Override
    public Optional<Principal> tlsPrincipal() {
        return Optional.empty();
    }

    /** Nobody is asked for a certificate. */
    @Override
    public Optional<Certificate[]> tlsCertificates() {
        return Optional.empty();
    }
}
