package dev.turntable.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * An upstream that costs as little as Java can: one thread, one selector, answers made beforehand. Everything is answered with the same
 * kilobyte, or with a stream whose events carry our clock. Owns its process.
 */
final class FastUpstream {
    private static final int MAX_REQUEST = 1 << 20;

    private static final byte[] ANSWER = answer();

    private final Selector selector;
    private final ServerSocketChannel server;
    private final Emitter emitter = new Emitter();

    private FastUpstream(int port) throws IOException {
        selector = Selector.open();
        server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress("127.0.0.1", port), 1024);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
    }

    /** Listens on the port given, or a free one, and says which. */
    public static void main(String[] args) throws IOException {
        FastUpstream upstream = new FastUpstream(args.length == 0 ? 0 : Integer.parseInt(args[0]));
        IO.println("listening on " + ((InetSocketAddress) upstream.server.getLocalAddress()).getPort());
        upstream.emitter.start();
        upstream.run();
    }

    /** As an OpenAI-shaped server would answer, with its token counts, filled up to a kilobyte. */
    private static byte[] answer() {
        String start = """
                {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"bench","choices":[{"index":0,"finish_reason":"stop",\
                "message":{"role":"assistant","content":\"""".strip();
        String end = "\"}}],\"usage\":{\"prompt_tokens\":17,\"completion_tokens\":200,\"total_tokens\":217}}";
        String body = start + "x".repeat(1024 - start.length() - end.length()) + end;
        return ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                        + body)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private void run() throws IOException {
        while (true) {
            selector.select();
            var keys = selector.selectedKeys().iterator();
            while (keys.hasNext()) {
                SelectionKey key = keys.next();
                keys.remove();
                if (key.isAcceptable()) {
                    accept();
                } else {
                    serve(key);
                }
            }
        }
    }

    private void accept() throws IOException {
        SocketChannel channel = server.accept();
        if (channel != null) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.register(selector, SelectionKey.OP_READ, new Connection(channel));
        }
    }

    private void serve(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        try {
            if (connection.channel.read(connection.in) < 0) {
                connection.channel.close();
                return;
            }
            connection.answerAll();
        } catch (IOException gone) {
            try {
                connection.channel.close();
            } catch (IOException alreadyGone) {
                // There is nothing left to release.
            }
        }
    }

    /** One client: the request that is coming in. */
    private final class Connection {
        private final SocketChannel channel;
        private final ByteBuffer in = ByteBuffer.allocate(MAX_REQUEST >> 4);
        private final ByteBuffer answer = ByteBuffer.wrap(ANSWER);

        Connection(SocketChannel channel) {
            this.channel = channel;
        }

        void answerAll() throws IOException {
            int length = Wire.requestLength(in.array(), in.position());
            while (length > 0 && length <= in.position()) {
                answer(length);
                in.flip().position(length);
                in.compact();
                length = Wire.requestLength(in.array(), in.position());
            }
        }

        private void answer(int length) throws IOException {
            int stream = Wire.indexOf(in.array(), 0, length, Wire.STREAM);
            if (stream < 0) {
                answer.clear();
                while (answer.hasRemaining()) {
                    channel.write(answer);
                }
                return;
            }
            long events = Wire.number(in.array(), length, Wire.EVENTS);
            long gap = Wire.number(in.array(), length, Wire.GAP_MICROS);
            channel.write(ByteBuffer.wrap(Wire.STREAM_HEAD));
            emitter.add(channel, events, gap * 1000);
        }
    }
}
