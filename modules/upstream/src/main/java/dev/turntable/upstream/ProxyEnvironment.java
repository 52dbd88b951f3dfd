package dev.turntable.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The usual environment variables that name an HTTP proxy; never used for loopback addresses (llama-swap §6.2). */
public final class ProxyEnvironment {
    /**
     * Where to connect for a target.
     *
     * @param absolute true when the request line must carry the whole address
     * @param credentials value for {@code Proxy-Authorization}
     */
    public record Hop(String host, int port, boolean tunnel, boolean absolute, Optional<String> credentials) {}

    private final Map<String, String> environment;

    public ProxyEnvironment(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** The first hop towards a target: itself, or a proxy. */
    public Hop hop(Target target) {
        Optional<URI> proxy = variable(target.tls() ? "https_proxy" : "http_proxy")
                .filter(text -> !bypassed(target.host()))
                .flatMap(ProxyEnvironment::parse);
        if (proxy.isEmpty() || loopback(target.host())) {
            return new Hop(target.host(), target.port(), false, false, Optional.empty());
        }
        URI uri = proxy.get();
        Optional<String> credentials = Optional.ofNullable(uri.getUserInfo())
                .map(u -> "Basic " + Base64.getEncoder().encodeToString(u.getBytes(StandardCharsets.UTF_8)));
        return new Hop(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort(), target.tls(), !target.tls(), credentials);
    }

    private Optional<String> variable(String name) {
        String value = environment.getOrDefault(name, environment.get(name.toUpperCase(Locale.ROOT)));
        return Optional.ofNullable(value).filter(v -> !v.isBlank());
    }

    private static Optional<URI> parse(String text) {
        try {
            URI uri = URI.create(text.contains("://") ? text : "http://" + text);
            return Optional.of(uri).filter(u -> u.getHost() != null);
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }

    private boolean bypassed(String host) {
        for (String entry : variable("no_proxy").orElse("").split(",")) {
            String pattern = entry.strip().toLowerCase(Locale.ROOT);
            String name = host.toLowerCase(Locale.ROOT);
            if (pattern.equals("*")
                    || !pattern.isEmpty()
                            && (name.equals(pattern)
                                    || name.endsWith(pattern.startsWith(".") ? pattern : "." + pattern))) {
                return true;
            }
        }
        return false;
    }

    private static boolean loopback(String host) {
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        // Only literal addresses: a name is not looked up just to decide this.
        if (host.indexOf(':') < 0 && !host.matches("[0-9.]+")) {
            return false;
        }
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException notAnAddress) {
            return false;
        }
    }

    /** Asks the proxy for a byte tunnel to the target. */
    static void tunnel(Socket socket, Target target, Hop hop) throws IOException {
        String address = target.host() + ":" + target.port();
        String request = "CONNECT " + address + " HTTP/1.1\r\nHost: " + address + "\r\n"
                + hop.credentials()
                        .map(c -> "Proxy-Authorization: " + c + "\r\n")
                        .orElse("") + "\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        // Byte by byte: what follows the head belongs to the tunnel.
        while (!head.toString().endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0 || head.length() > 8192) {
                throw new IOException("proxyconnect tcp: the proxy closed the connection");
            }
            head.append((char) b);
        }
        if (!head.toString().matches("(?s)HTTP/1\\.[01] 200.*")) {
            throw new IOException("proxyconnect tcp: " + head.substring(0, head.indexOf("\r\n")));
        }
    }
}
