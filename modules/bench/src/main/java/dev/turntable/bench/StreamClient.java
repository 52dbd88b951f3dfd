package dev.turntable.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/**
 * How long streamed events are on their way: the upstream writes its clock into each, and on one machine all processes read the same
 * monotonic clock. One thread reads all streams.
 *
 * <p>Arguments: port, streams, events a stream, microseconds between two events of a stream. Prints one line: p50 and p99 in microseconds,
 * events, and the time from sending a request to its first event, p50 of 100 requests one after the other. The first fifth of each stream
 * warms up and is not counted.
 */
final class StreamClient {
    private static final byte[] LAST_CHUNK = Wire.bytes("\r\n0\r\n\r\n");

    private final Quantiles times = new Quantiles();
    private int open;

    private StreamClient() {}

    public static void main(String[] args) throws IOException {
        new StreamClient()
                .run(
                        Integer.parseInt(args[0]),
                        Integer.parseInt(args[1]),
                        Integer.parseInt(args[2]),
                        Long.parseLong(args[3]));
    }

    private void run(int port, int streams, int events, long gapMicros) throws IOException {
        ByteBuffer request = ByteBuffer.wrap(Wire.streamedChat("bench", events, gapMicros));
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < streams; i++) {
                SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.write(request.clear());
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ, new Stream(channel, events / 5));
                open++;
                // Evenly spread, as users are; a burst would measure the queue of this thread.
                LockSupport.parkNanos(gapMicros * 1000 / streams);
            }
            while (open > 0) {
                if (selector.select(20_000) == 0) {
                    throw new IOException(open + " streams are stuck");
                }
                var keys = selector.selectedKeys().iterator();
                while (keys.hasNext()) {
                    ((Stream) keys.next().attachment()).read();
                    keys.remove();
                }
            }
        }
        IO.println("%.1f %.1f %d %.1f"
                .formatted(
                        times.at(0.5) / 1e3,
                        times.at(0.99) / 1e3,
                        times.size(),
                        firstEvents(port).at(0.5) / 1e3));
    }

    private static Quantiles firstEvents(int port) throws IOException {
        var firsts = new Quantiles();
        byte[] request = Wire.streamedChat("bench", 1, 0);
        byte[] bytes = new byte[1 << 16];
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(20_000);
            for (int i = 0; i < 100; i++) {
                long began = System.nanoTime();
                socket.getOutputStream().write(request);
                boolean seen = false;
                for (int size = 0; Wire.indexOf(bytes, 0, size, LAST_CHUNK) < 0; ) {
                    int n = socket.getInputStream().read(bytes, size, bytes.length - size);
                    if (n < 0) {
                        throw new IOException("a stream was cut off");
                    }
                    size += n;
                    if (!seen && Wire.indexOf(bytes, 0, size, Wire.CLOCK) >= 0) {
                        seen = true;
                        firsts.add(System.nanoTime() - began);
                    }
                }
            }
        }
        return firsts;
    }

    /** One stream: what has been read and does not make a whole event yet. */
    private final class Stream {
        private final SocketChannel channel;
        private final ByteBuffer in = ByteBuffer.allocate(1 << 16);
        private int warming;
        private boolean fresh = true;

        Stream(SocketChannel channel, int warming) {
            this.channel = channel;
            this.warming = warming;
        }

        void read() throws IOException {
            int n = channel.read(in);
            long now = System.nanoTime();
            if (n < 0) {
                throw new IOException("a stream was cut off");
            }
            byte[] bytes = in.array();
            if (fresh && in.position() > 9 && bytes[9] != '2') {
                throw new IOException("answered " + new String(bytes, 0, in.position(), StandardCharsets.ISO_8859_1));
            }
            fresh = false;
            int used = 0;
            int at = Wire.indexOf(bytes, 0, in.position(), Wire.CLOCK);
            while (at >= 0 && at + Wire.CLOCK.length + Wire.CLOCK_DIGITS <= in.position()) {
                used = at + Wire.CLOCK.length + Wire.CLOCK_DIGITS;
                if (warming-- <= 0) {
                    times.add(now - Wire.number(bytes, used, at, Wire.CLOCK));
                }
                at = Wire.indexOf(bytes, used, in.position(), Wire.CLOCK);
            }
            if (Wire.indexOf(bytes, used, in.position(), Wire.DONE) >= 0) {
                channel.close();
                open--;
                return;
            }
            in.flip().position(used);
            in.compact();
        }
    }
}
