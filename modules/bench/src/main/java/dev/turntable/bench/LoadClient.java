package dev.turntable.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * A closed loop of clients on one thread: each connection sends the same request again as soon as it has the whole answer. A process of
 * its own, so that its collector and compiler are not those of what it measures.
 *
 * <p>Arguments: port, connections, requests at most (0 for no limit), milliseconds at most. Prints one line: requests a second, p50 and
 * p99 in microseconds, requests, failures.
 */
final class LoadClient {
    private final byte[] request = Wire.chat("bench", "");
    private final Quantiles latencies = new Quantiles();
    private long failures;

    private LoadClient() {}

    public static void main(String[] args) throws IOException {
        new LoadClient()
                .run(
                        Integer.parseInt(args[0]),
                        Integer.parseInt(args[1]),
                        Long.parseLong(args[2]),
                        Long.parseLong(args[3]) * 1_000_000);
    }

    private void run(int port, int connections, long requests, long nanos) throws IOException {
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < connections; i++) {
                SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.configureBlocking(false);
                Client client = new Client(channel);
                channel.register(selector, SelectionKey.OP_READ, client);
                client.send();
            }
            long began = System.nanoTime();
            while (System.nanoTime() - began < nanos && (requests == 0 || latencies.size() < requests)) {
                selector.select(10);
                var keys = selector.selectedKeys().iterator();
                while (keys.hasNext()) {
                    ((Client) keys.next().attachment()).read();
                    keys.remove();
                }
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            IO.println("%.1f %.1f %.1f %d %d"
                    .formatted(
                            latencies.size() / seconds,
                            latencies.at(0.5) / 1e3,
                            latencies.at(0.99) / 1e3,
                            latencies.size(),
                            failures));
        }
    }

    /** One connection: the answer that is coming in. */
    private final class Client {
        private final SocketChannel channel;
        private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 16);
        private final ByteBuffer out = ByteBuffer.allocateDirect(request.length).put(request);
        private final byte[] bytes = new byte[1 << 16];
        private long sent;

        Client(SocketChannel channel) {
            this.channel = channel;
        }

        void send() throws IOException {
            in.clear();
            out.flip();
            sent = System.nanoTime();
            while (out.hasRemaining()) {
                channel.write(out); // a kilobyte or two: the kernel takes it at once
            }
        }

        void read() throws IOException {
            if (channel.read(in) < 0) {
                throw new IOException("the connection was closed after " + latencies.size() + " answers");
            }
            int size = in.position();
            in.get(0, bytes, 0, size);
            int length = Wire.requestLength(bytes, size);
            if (length > 0 && length <= size) {
                latencies.add(System.nanoTime() - sent);
                if (bytes[9] != '2') {
                    failures++;
                }
                send();
            }
        }
    }
}
