package dev.turntable.api.machine;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * One connection to the LACT daemon: a command is a line of JSON and so is its answer. Owns the socket and a selector, which is how a Unix
 * socket is read within a limit; the limit is of the whole connection, so that a daemon that drips cannot hold the sampling up.
 */
final class LactConnection implements AutoCloseable {
    /** An answer of a machine full of devices is far smaller. */
    static final int MAX_ANSWER = 1 << 20;

    private static final JsonFactory JSON = new JsonFactory();

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final long deadline;
    private final ByteBuffer received = ByteBuffer.allocate(8 * 1024).limit(0);

    private LactConnection(SocketChannel channel, Selector selector, long deadline) throws IOException {
        this.channel = channel;
        this.selector = selector;
        this.deadline = deadline;
        this.key = channel.register(selector, 0);
    }

    /** Connects; a Unix socket does so at once or not at all. */
    static LactConnection open(Path socket, Duration atMost) throws IOException {
        long deadline = System.nanoTime() + atMost.toNanos();
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.configureBlocking(false);
            if (!channel.connect(UnixDomainSocketAddress.of(socket))) {
                throw new IOException("the daemon is busy with others");
            }
            Selector selector = Selector.open();
            try {
                return new LactConnection(channel, selector, deadline);
            } catch (IOException | RuntimeException e) {
                selector.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    static String command(String name, String id) {
        return "{\"command\":\"" + name + "\",\"args\":{\"id\":\""
                + new String(JsonStringEncoder.getInstance().quoteAsString(id)) + "\"}}";
    }

    /** Every scalar of the answer by its JSON pointer; an answer that is not {@code ok} is an error. */
    Map<String, String> ask(String command) throws IOException {
        ByteBuffer line = ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8));
        while (line.hasRemaining()) {
            if (channel.write(line) == 0) {
                await(SelectionKey.OP_WRITE);
            }
        }
        Map<String, String> answer = scalars(line());
        if (!"ok".equals(answer.get("/status"))) {
            throw new IOException("the daemon refuses " + command);
        }
        return answer;
    }

    /** The next line; what comes behind it waits for the next call. */
    private byte[] line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            while (received.hasRemaining()) {
                byte next = received.get();
                if (next == '\n') {
                    return line.toByteArray();
                }
                if (line.size() == MAX_ANSWER) {
                    throw new IOException("the answer is longer than " + MAX_ANSWER + " bytes");
                }
                line.write(next);
            }
            fill();
        }
    }

    private void fill() throws IOException {
        received.clear();
        int count = channel.read(received);
        received.flip();
        if (count < 0) {
            throw new IOException("the daemon hung up");
        }
        if (count == 0) {
            await(SelectionKey.OP_READ);
        }
    }

    private void await(int operation) throws IOException {
        long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
        if (left <= 0) {
            throw new IOException("the daemon takes too long");
        }
        key.interestOps(operation);
        selector.select(left);
        selector.selectedKeys().clear();
    }

    private static Map<String, String> scalars(byte[] line) throws IOException {
        Map<String, String> scalars = new HashMap<>();
        try (JsonParser parser = JSON.createParser(line)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
                    scalars.put(parser.getParsingContext().pathAsPointer().toString(), parser.getText());
                }
            }
        }
        return scalars;
    }

    @Override
    public void close() {
        try (channel;
                selector) {
            // Both are released, the selector first.
        } catch (IOException alreadyGone) {
            // There is nothing left to release.
        }
    }
}
