package dev.turntable.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Map;

/**
 * An upstream that costs as little as Java can: one thread, one selector, answers made once. A request is answered with as
 * many bytes as it asks for, or with a stream whose events carry our clock; of a long body only the beginning is kept. Owns its process.
 */
final class FastUpstream {
    /** Holds the head of a request and the beginning of its body, where what is asked for stands. */
    private static final int BEGINNING = 1 << 16;

    private final Map<Integer, byte[]> answers = new HashMap<>();

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

    /** As an OpenAI-shaped server would answer, with its token counts, filled up to this size. */
    private static byte[] answer(int size) {
        String start = """
                {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"bench","choices":[{"index":0,"finish_reason":"stop",\
                "message":{"role":"assistant","content":\"""".strip();
        String end = "\"}}],\"usage\":{\"prompt_tokens\":17,\"completion_tokens\":200,\"total_tokens\":217}}";
        String body = start + "x".repeat(size - start.length() - end.length()) + end;
        return Wire.bytes("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body);
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
            new Connection(channel);
        }
    }

    private void serve(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        try {
            if (key.isWritable()) {
                connection.write();
            } else if (!connection.read()) {
                connection.channel.close();
            }
        } catch (IOException gone) {
            try {
                connection.channel.close();
            } catch (IOException alreadyGone) {
                // There is nothing left to release.
            }
        }
    }

    /** One client, whose requests come one after the other: the beginning of one, how much is to come, what is left of the answer. */
    private final class Connection {
        private final SocketChannel channel;
        private final SelectionKey key;
        private final ByteBuffer in = ByteBuffer.allocate(BEGINNING);
        private long missing = -1;
        private ByteBuffer answer = ByteBuffer.allocate(0);

        Connection(SocketChannel channel) throws IOException {
            this.channel = channel;
            this.key = channel.register(selector, SelectionKey.OP_READ, this);
        }

        /** False at the end of the connection. */
        boolean read() throws IOException {
            int n = channel.read(in);
            if (n < 0) {
                return false;
            }
            if (missing < 0) {
                int length = Wire.messageLength(in.array(), in.position());
                if (length == 0) {
                    return true;
                }
                missing = length - in.position();
            } else {
                missing -= n;
            }
            // What comes behind the first half of the buffer is read into the second, again and again.
            in.position(Math.min(in.position(), BEGINNING / 2));
            if (missing == 0) {
                respond(in.position());
                in.clear();
                missing = -1;
            }
            return true;
        }

        private void respond(int beginning) throws IOException {
            byte[] request = in.array();
            if (Wire.indexOf(request, 0, beginning, Wire.STREAM) >= 0) {
                long events = Wire.number(request, beginning, Wire.EVENTS);
                long gap = Wire.number(request, beginning, Wire.GAP_MICROS);
                channel.write(ByteBuffer.wrap(Wire.STREAM_HEAD));
                emitter.add(channel, events, gap * 1000);
                return;
            }
            boolean asks = Wire.indexOf(request, 0, beginning, Wire.ANSWER_BYTES) >= 0;
            int size = asks ? (int) Wire.number(request, beginning, Wire.ANSWER_BYTES) : 1024;
            answer = ByteBuffer.wrap(answers.computeIfAbsent(size, FastUpstream::answer));
            write();
        }

        void write() throws IOException {
            channel.write(answer);
            key.interestOps(answer.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }
    }
}
