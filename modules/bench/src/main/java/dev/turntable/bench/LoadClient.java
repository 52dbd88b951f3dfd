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
 * <p>Arguments: port, connections, requests at most (0 for no limit), milliseconds at most, bytes of a request's body and of the answer's
 * that is asked for. Prints one line: requests a second, p50 and p99 in microseconds, requests, failures.
 */
final class LoadClient {
    private final ByteBuffer request;
    private final Quantiles latencies = new Quantiles();
    private long failures;

    private LoadClient(int requestBytes, int answerBytes) {
        byte[] all = Wire.chat("bench", "\"answer_bytes\":" + answerBytes + ",", requestBytes);
        request = ByteBuffer.allocateDirect(all.length).put(all).flip();
    }

    public static void main(String[] args) throws IOException {
        new LoadClient(Integer.parseInt(args[4]), Integer.parseInt(args[5]))
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
                Client client = new Client(channel, selector);
                client.begin();
            }
            long began = System.nanoTime();
            while (System.nanoTime() - began < nanos && (requests == 0 || latencies.size() < requests)) {
                selector.select(10);
                var keys = selector.selectedKeys().iterator();
                while (keys.hasNext()) {
                    ((Client) keys.next().attachment()).go();
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

    /** One connection: what is left of the request on its way out, and how much of the answer has come in. */
    private final class Client {
        private final SocketChannel channel;
        private final SelectionKey key;
        private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 16);
        private final byte[] bytes = new byte[1 << 16];
        private final ByteBuffer out = request.duplicate();
        private long sent;
        private long missing;

        Client(SocketChannel channel, Selector selector) throws IOException {
            this.channel = channel;
            this.key = channel.register(selector, SelectionKey.OP_READ, this);
        }

        void begin() throws IOException {
            in.clear();
            out.rewind();
            missing = -1;
            sent = System.nanoTime();
            write();
        }

        private void write() throws IOException {
            channel.write(out);
            key.interestOps(out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }

        void go() throws IOException {
            if (key.isWritable() && out.hasRemaining()) {
                write();
            }
            if (key.isReadable()) {
                read();
            }
        }

        private void read() throws IOException {
            int n = channel.read(in);
            if (n < 0) {
                throw new IOException("the connection was closed after " + latencies.size() + " answers");
            }
            if (missing < 0) {
                int size = in.position();
                in.get(0, bytes, 0, size);
                int length = Wire.messageLength(bytes, size);
                if (length == 0) {
                    return;
                }
                if (bytes[9] != '2') {
                    failures++;
                }
                missing = length - size;
            } else {
                missing -= n;
            }
            in.clear();
            if (missing == 0) {
                latencies.add(System.nanoTime() - sent);
                begin();
            }
        }
    }
}
