package dev.turntable.process;

import dev.turntable.config.ModelConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * The question whether an upstream is ready: {@code GET <proxy><checkEndpoint>}, answered with exactly 200 (llama-swap §4.4).
 *
 * <p>It is asked over a connection of its own, which ends with the answer: an upstream that is still starting may break any connection
 * it has accepted, and none of those may end up in a pool. Redirects are not followed.
 *
 * @param text address as people read it, {@code <proxy><checkEndpoint>}
 * @param target path and query as they are sent
 */
record Probe(String text, boolean tls, Address address, String authority, Optional<String> user, String target) {
    /** The probe of a model whose {@code proxy} is present and whose {@code checkEndpoint} is not {@code none}. */
    static Probe of(ModelConfig model, URI proxy) {
        String authority = Optional.ofNullable(proxy.getRawAuthority()).orElse("");
        int at = authority.lastIndexOf('@');
        return new Probe(
                model.proxy().text() + model.checkEndpoint(),
                "https".equalsIgnoreCase(proxy.getScheme()),
                Address.of(proxy),
                authority.substring(at + 1),
                at < 0 ? Optional.empty() : Optional.of(authority.substring(0, at)),
                ProbeTarget.join(proxy, model.checkEndpoint()));
    }

    /** What the upstream said, or did not say. */
    enum Result {
        READY,
        NOT_YET,
        TIMED_OUT
    }

    /**
     * Asks once, for at most {@code limit} from the first connection attempt to the status. Interrupting the thread ends it at once.
     *
     * @param whenReady called as soon as the status is known to be 200, before the rest of the answer is read
     */
    Result ask(Duration limit, Runnable whenReady) {
        ProbeAnswer.Deadline deadline = new ProbeAnswer.Deadline(System.nanoTime() + limit.toNanos());
        try (Socket socket = connect(deadline)) {
            socket.getOutputStream().write(request());
            ProbeAnswer answer = new ProbeAnswer(socket, deadline);
            if (answer.status() != 200) {
                return Result.NOT_YET;
            }
            whenReady.run();
            answer.rest();
            return Result.READY;
        } catch (SocketTimeoutException e) {
            return Result.TIMED_OUT;
        } catch (IOException e) {
            return Result.NOT_YET;
        }
    }

    private Socket connect(ProbeAnswer.Deadline deadline) throws IOException {
        IOException last = new IOException("no address");
        for (InetAddress to : InetAddress.getAllByName(address.host())) {
            Socket socket = new Socket();
            try {
                socket.setTcpNoDelay(true);
                connect(socket, new InetSocketAddress(to, address.port()), deadline.millis());
                return tls ? secured(socket, deadline) : socket;
            } catch (IOException e) {
                socket.close();
                last = e;
            }
        }
        throw last;
    }

    private static void connect(Socket socket, InetSocketAddress to, int millis) throws IOException {
        socket.connect(to, millis);
        if (Address.isItself(socket)) {
            socket.close();
            throw new IOException("connected to itself");
        }
    }

    private Socket secured(Socket socket, ProbeAnswer.Deadline deadline) throws IOException {
        SSLSocket secured =
                (SSLSocket) trust().getSocketFactory().createSocket(socket, address.host(), address.port(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.setSoTimeout(deadline.millis());
        secured.startHandshake();
        return secured;
    }

    private static SSLContext trust() throws IOException {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }

    private byte[] request() {
        StringBuilder head = new StringBuilder("GET ").append(target).append(" HTTP/1.1\r\n");
        head.append("Host: ").append(authority).append("\r\n");
        head.append("User-Agent: turntable\r\nAccept: */*\r\nConnection: close\r\n");
        user.ifPresent(u -> head.append("Authorization: Basic ")
                .append(Base64.getEncoder().encodeToString(ProbeTarget.decoded(u)))
                .append("\r\n"));
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
