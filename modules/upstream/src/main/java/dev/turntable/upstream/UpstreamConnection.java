package dev.turntable.upstream;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One HTTP/1.1 connection to an upstream, over a blocking socket. It owns the socket; {@link #close} may be called from any thread and wakes
 * whoever reads or writes.
 */
public final class UpstreamConnection implements AutoCloseable {
    /** Most answers and all events are small; a body that fills what it is given gets more, up to the larger of the two. */
    private static final int FIRST_BUFFER = 4 * 1024;

    private static final int MAX_BUFFER = 64 * 1024;

    private final Target target;
    private final SocketChannel channel;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final Input input = new StreamInput();
    private final Output output = new Output(this::write);
    private volatile boolean closed;
    private boolean used;
    private boolean heard;
    private long idleSince;

    private UpstreamConnection(Target target, SocketChannel channel, Socket socket) throws IOException {
        this.target = target;
        this.channel = channel;
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /** Connects. Throws {@link IOException} with a reason that can be shown. */
    static UpstreamConnection open(Target target, ProxyEnvironment environment) throws IOException {
        ProxyEnvironment.Hop hop = environment.hop(target);
        SocketChannel channel = connect(hop.host(), hop.port(), target);
        try {
            Socket plain = channel.socket();
            if (hop.tunnel()) {
                ProxyEnvironment.tunnel(plain, target, hop);
            }
            return new UpstreamConnection(target, channel, target.tls() ? secure(plain, target) : plain);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static SocketChannel connect(String host, int port, Target target) throws IOException {
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(host);
        } catch (UnknownHostException unknown) {
            throw new IOException("dial tcp: lookup " + host + ": no such host", unknown);
        }
        // The loopback names of a machine often have both families; most upstreams listen on the older one only.
        Arrays.sort(addresses, Comparator.comparing(a -> a instanceof Inet6Address));
        IOException last = null;
        for (InetAddress address : addresses) {
            SocketChannel channel = SocketChannel.open();
            try {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                KeepAlive.apply(channel, target.keepalive());
                channel.socket().connect(new InetSocketAddress(address, port), millis(target.connect()));
                return channel;
            } catch (IOException e) {
                channel.close();
                String why = e instanceof SocketTimeoutException
                        ? "i/o timeout"
                        : "connect: " + String.valueOf(e.getMessage()).toLowerCase(java.util.Locale.ROOT);
                last = new IOException("dial tcp " + address.getHostAddress() + ":" + port + ": " + why, e);
            }
        }
        throw last;
    }

    private static Socket secure(Socket plain, Target target) throws IOException {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        SSLSocket socket = (SSLSocket) factory.createSocket(plain, target.host(), target.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        socket.setSSLParameters(parameters);
        plain.setSoTimeout(millis(target.tlsHandshake()));
        socket.startHandshake();
        plain.setSoTimeout(0);
        return socket;
    }

    /** A limit as socket options want it: 0 is none. */
    static int millis(Duration limit) {
        return (int) Math.min(Integer.MAX_VALUE, limit.toMillis());
    }

    public Target target() {
        return target;
    }

    /** True when it carried a request before and no byte came since: then a failure may only mean that it went stale in between. */
    public boolean stale() {
        return used && !heard;
    }

    public Input input() {
        return input;
    }

    /** What leaves together; flush it. */
    public Output output() {
        return output;
    }

    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
    }

    /** Reads the next head; {@code limit} zero is no limit. Throws {@link SocketTimeoutException} when it passes. */
    public ResponseHead readHead(Duration limit) throws IOException {
        // Under load a quick answer is there by the time the others had their turn, and is read without a poll.
        Thread.yield();
        if (limit.isZero()) {
            return HeadReader.response(input);
        }
        socket.setSoTimeout(Math.max(1, millis(limit)));
        try {
            return HeadReader.response(input);
        } finally {
            if (!closed) {
                socket.setSoTimeout(0);
            }
        }
    }

    public boolean closed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        try {
            channel.close();
        } catch (IOException alreadyGone) {
            // There is nothing left to release.
        }
    }

    /** Ends our direction only; the other end may still speak. */
    public void shutdownOutput() {
        try {
            if (target.tls()) {
                close();
            } else {
                channel.shutdownOutput();
            }
        } catch (IOException alreadyGone) {
            close();
        }
    }

    void park(long nowNanos) {
        used = true;
        heard = false;
        idleSince = nowNanos;
        input.shrink(FIRST_BUFFER);
        output.shrink(FIRST_BUFFER);
    }

    /**
     * True when it did not rest too long, and the upstream has neither closed nor spoken out of turn meanwhile. A TLS stream cannot be looked
     * at without reading: that its upstream closed it shows when it is used, and then it is {@link #stale}.
     */
    boolean fresh(long nowNanos) {
        Duration limit = target.idle();
        if (closed || input.buffered() > 0 || !limit.isZero() && nowNanos - idleSince >= limit.toNanos()) {
            return false;
        }
        if (target.tls()) {
            return true;
        }
        try {
            channel.configureBlocking(false);
            try {
                return channel.read(ByteBuffer.allocate(1)) == 0;
            } finally {
                channel.configureBlocking(true);
            }
        } catch (IOException gone) {
            return false;
        }
    }

    private final class StreamInput extends Input {
        private int wanted = FIRST_BUFFER;

        @Override
        public boolean fill() throws IOException {
            if (closed) {
                throw new EOFException("the connection was closed");
            }
            int free = room(wanted);
            int read = in.read(buffer(), limit(), free);
            if (read < 0) {
                return false;
            }
            if (read == free && wanted < MAX_BUFFER) {
                wanted *= 2;
            }
            heard = true;
            grown(read);
            return true;
        }
    }
}
