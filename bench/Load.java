import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A closed loop of clients on one thread: each connection sends the same request again as soon as it has the whole answer.
 *
 * <p>It parses as little as it can (status and {@code Content-Length} or the end of a chunked body), so that it takes little of the
 * machine it shares with what it measures.
 */
final class Load {

    /** What a run of the loop came to. */
    record Result(double requestsPerSecond, double p50Millis, double p99Millis, long failures) {}

    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final byte[] request;
    private final List<Long> latencies = new ArrayList<>();
    private long failures;

    private Load(byte[] request) {
        this.request = request;
    }

    static Result run(InetSocketAddress target, byte[] request, int connections, Duration time) throws IOException {
        return new Load(request).run(target, connections, time);
    }

    /** A POST of a JSON body. */
    static byte[] post(String path, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head = "POST %s HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n";
        byte[] start = head.formatted(path, bytes.length).getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(start, start.length + bytes.length);
        System.arraycopy(bytes, 0, all, start.length, bytes.length);
        return all;
    }

    private Result run(InetSocketAddress target, int connections, Duration time) throws IOException {
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < connections; i++) {
                SocketChannel channel = SocketChannel.open(target);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ, new Client());
                send(channel, client(channel.keyFor(selector)));
            }
            long began = System.nanoTime();
            long end = began + time.toNanos();
            while (System.nanoTime() < end) {
                selector.select(10);
                var keys = selector.selectedKeys().iterator();
                while (keys.hasNext()) {
                    SelectionKey key = keys.next();
                    keys.remove();
                    read(key);
                }
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            long[] sorted = latencies.stream().mapToLong(Long::longValue).sorted().toArray();
            return new Result(sorted.length / seconds, millis(sorted, 0.5), millis(sorted, 0.99), failures);
        }
    }

    private static double millis(long[] sorted, double quantile) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.min(sorted.length - 1, sorted.length * quantile)] / 1e6;
    }

    private static Client client(SelectionKey key) {
        return (Client) key.attachment();
    }

    private void send(SocketChannel channel, Client client) throws IOException {
        client.begin();
        ByteBuffer out = ByteBuffer.wrap(request);
        while (out.hasRemaining()) {
            channel.write(out); // a kilobyte or two: the kernel takes it at once
        }
    }

    private void read(SelectionKey key) throws IOException {
        var channel = (SocketChannel) key.channel();
        Client client = client(key);
        int n = channel.read(client.in);
        if (n < 0) {
            throw new IOException("the connection was closed after " + latencies.size() + " answers");
        }
        if (client.isWhole()) {
            latencies.add(System.nanoTime() - client.sent);
            if (!client.isOk()) {
                failures++;
            }
            send(channel, client);
        }
    }

    /** One connection: the answer that is coming in. */
    private static final class Client {
        private final ByteBuffer in = ByteBuffer.allocate(1 << 16);
        private long sent;
        private int headEnd;
        private int length;

        void begin() {
            in.clear();
            headEnd = -1;
            length = -1;
            sent = System.nanoTime();
        }

        boolean isOk() {
            return in.get(9) == '2';
        }

        boolean isWhole() {
            if (headEnd < 0 && !parseHead()) {
                return false;
            }
            if (length >= 0) {
                return in.position() >= headEnd + length;
            }
            int from = in.position() - LAST_CHUNK.length;
            return from >= headEnd && Arrays.equals(in.array(), from, in.position(), LAST_CHUNK, 0, LAST_CHUNK.length);
        }

        private boolean parseHead() {
            byte[] bytes = in.array();
            for (int i = 3; i < in.position(); i++) {
                if (bytes[i] == '\n' && bytes[i - 2] == '\n') {
                    headEnd = i + 1;
                    String head = new String(bytes, 0, headEnd, StandardCharsets.ISO_8859_1).toLowerCase();
                    int at = head.indexOf("\r\ncontent-length:");
                    if (at >= 0) {
                        int start = at + "\r\ncontent-length:".length();
                        length = Integer.parseInt(head.substring(start, head.indexOf('\r', start)).strip());
                    }
                    return true;
                }
            }
            return false;
        }
    }
}
