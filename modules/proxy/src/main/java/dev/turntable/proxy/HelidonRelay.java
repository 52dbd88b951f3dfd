package dev.turntable.proxy;

import dev.turntable.proxy.http1.MessageBody;
import dev.turntable.proxy.http1.RequestHead;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.FixedLimit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/**
 * Hands one request to Helidon's own HTTP/1.1 connection and routing: the head rewritten so that it can be read in one way only, the body
 * bounded, the answer watched for its status and size. Whatever comes after the request stays with us.
 */
final class HelidonRelay {
    private static final System.Logger LOG = System.getLogger(HelidonRelay.class.getName());

    private final Http1ConnectionSelector http1 = Http1ConnectionSelector.builder()
            .config(Http1Config.builder()
                    .maxPrologueLength(2 << 20)
                    .maxHeadersSize(2 << 20)
                    .validateRequestHeaders(false)
                    .validatePrologue(false)
                    .validatePath(false)
                    .build())
            .build();

    void serve(Exchange exchange) throws IOException {
        AnswerWriter writer = new AnswerWriter(exchange);
        DataReader reader = new DataReader(new OneRequest(exchange)::next);
        ServerConnection connection =
                http1.connection(new OneRequestContext(exchange.connection().context(), reader, writer));
        try {
            ScopedValue.where(ClientWatch.CURRENT, exchange.connection().watch())
                    .run(() -> {
                        try {
                            connection.handle(FixedLimit.create());
                        } catch (InterruptedException stopping) {
                            Thread.currentThread().interrupt();
                            exchange.close();
                        }
                    });
            // A normal return is Helidon's way to say that this connection is over.
            exchange.close();
        } catch (CloseConnectionException endOfOurOneRequest) {
            LOG.log(System.Logger.Level.TRACE, "served", endOfOurOneRequest);
        } finally {
            exchange.connection().watch().quiet();
            writer.finish();
        }
    }

    /** The bytes of one request, as Helidon should read them. */
    private static final class OneRequest {
        private final Exchange exchange;
        private MessageBody body;
        private boolean headGiven;
        private boolean ended;

        OneRequest(Exchange exchange) {
            this.exchange = exchange;
        }

        byte[] next() {
            if (!headGiven) {
                headGiven = true;
                return head();
            }
            try {
                return body();
            } catch (IOException lost) {
                throw new UncheckedIOException(lost);
            }
        }

        private byte[] head() {
            RequestHead head = exchange.head();
            StringBuilder text = new StringBuilder(512);
            // HEAD does the same work as GET (llama-swap §3.1); the body is dropped on the way out.
            text.append(head.method().equals("HEAD") ? "GET" : head.method());
            text.append(' ').append(head.target()).append(" HTTP/1.1\r\n");
            head.headers().forEach((name, value) -> {
                if (!dropped(name)) {
                    text.append(name).append(": ").append(value).append("\r\n");
                }
            });
            if (!head.headers().contains("Host")) {
                text.append("Host: localhost\r\n");
            }
            if (head.headers().contains("Transfer-Encoding")) {
                text.append("Transfer-Encoding: chunked\r\n");
            } else if (head.headers().contains("Content-Length")) {
                text.append("Content-Length: ")
                        .append(head.headers().first("Content-Length").orElse("0"))
                        .append("\r\n");
            }
            if (!head.keepAlive()) {
                text.append("Connection: close\r\n");
            }
            return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        }

        private static boolean dropped(String name) {
            return switch (name.toLowerCase(java.util.Locale.ROOT)) {
                case "connection", "upgrade", "expect", "transfer-encoding", "content-length", "te", "http2-settings" ->
                    true;
                default -> false;
            };
        }

        private byte[] body() throws IOException {
            if (body == null) {
                body = exchange.body();
            }
            boolean chunked = body.framing() == MessageBody.Framing.CHUNKED;
            int window = body.ready(true);
            if (window == 0) {
                if (!chunked || ended) {
                    return null;
                }
                ended = true;
                return "0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
            }
            byte[] head = chunked
                    ? (Integer.toHexString(window) + "\r\n").getBytes(StandardCharsets.ISO_8859_1)
                    : BufferData.EMPTY_BYTES;
            byte[] bytes = new byte[head.length + window + (chunked ? 2 : 0)];
            System.arraycopy(head, 0, bytes, 0, head.length);
            System.arraycopy(body.array(), body.offset(), bytes, head.length, window);
            if (chunked) {
                bytes[bytes.length - 2] = '\r';
                bytes[bytes.length - 1] = '\n';
            }
            body.consume(window);
            return bytes;
        }
    }

    /** Passes Helidon's answer on and learns its status and the bytes of its body. */
    private static final class AnswerWriter implements DataWriter {
        private final Exchange exchange;
        private final boolean headOnly;
        private final StringBuilder head = new StringBuilder();
        private boolean headDone;
        private boolean chunked;
        private int status;
        private long length = -1;
        private long bytes;

        AnswerWriter(Exchange exchange) {
            this.exchange = exchange;
            this.headOnly = exchange.head().method().equals("HEAD");
        }

        @Override
        public void write(BufferData... buffers) {
            writeNow(buffers);
        }

        @Override
        public void write(BufferData buffer) {
            writeNow(buffer);
        }

        @Override
        public void writeNow(BufferData... buffers) {
            for (BufferData buffer : buffers) {
                writeNow(buffer);
            }
        }

        @Override
        public void writeNow(BufferData buffer) {
            byte[] all = buffer.readBytes();
            try {
                int body = 0;
                if (!headDone) {
                    body = learn(all);
                    exchange.raw().write(all, 0, body);
                }
                int count = all.length - body;
                if (headDone && count > 0 && !headOnly) {
                    bytes += chunked ? payload(all, body) : count;
                    exchange.raw().write(all, body, count);
                }
                // The last bytes of a whole answer leave with Exchange.finish, after it is on the record: a client that
                // has
                // its answer must find its line in the log.
                if (!headDone || chunked || length < 0 || bytes < length && !headOnly) {
                    exchange.raw().flush();
                }
            } catch (IOException lost) {
                throw new UncheckedIOException(lost);
            }
        }

        /** Helidon writes its head in one piece; answers where the body begins in it. */
        private int learn(byte[] all) {
            int from = head.length();
            head.append(new String(all, StandardCharsets.ISO_8859_1));
            int end = head.indexOf("\r\n\r\n");
            if (end < 0) {
                return all.length;
            }
            headDone = true;
            String text = head.substring(0, end);
            status = Integer.parseInt(text, 9, 12, 10);
            String lower = text.toLowerCase(java.util.Locale.ROOT);
            chunked = lower.contains("\r\ntransfer-encoding: chunked");
            length = contentLength(lower);
            if (lower.contains("\r\nconnection: close")) {
                exchange.close();
            }
            head.setLength(0);
            if (status == 100) {
                headDone = false;
                return all.length;
            }
            return end + 4 - from;
        }

        /** -1 when the head does not say. */
        private static long contentLength(String head) {
            int at = head.indexOf("\r\ncontent-length:");
            if (at < 0) {
                return -1;
            }
            int from = at + "\r\ncontent-length:".length();
            int end = head.indexOf('\r', from);
            return Long.parseLong((end < 0 ? head.substring(from) : head.substring(from, end)).strip());
        }

        /** A chunk as Helidon writes it: size line, data, line break; several may follow the head in one piece. */
        private static long payload(byte[] all, int from) {
            long total = 0;
            int at = from;
            while (at < all.length) {
                int lineEnd = at;
                while (lineEnd < all.length && all[lineEnd] != '\r') {
                    lineEnd++;
                }
                try {
                    int size = Integer.parseInt(new String(all, at, lineEnd - at, StandardCharsets.ISO_8859_1), 16);
                    total += size;
                    at = lineEnd + 2 + size + 2;
                } catch (NumberFormatException trailer) {
                    return total;
                }
            }
            return total;
        }

        void finish() {
            if (status != 0) {
                exchange.sent(status, bytes);
            }
        }

        @Override
        public void close() {
            // The connection stays ours.
        }
    }

    /** A connection as Helidon sees it for the length of one request. */
    private record OneRequestContext(ConnectionContext whole, DataReader dataReader, DataWriter dataWriter)
            implements ConnectionContext {
        @Override
        public ListenerContext listenerContext() {
            return whole.listenerContext();
        }

        @Override
        public ExecutorService executor() {
            return whole.executor();
        }

        @Override
        public Router router() {
            return whole.router();
        }

        @Override
        public Optional<ProxyProtocolData> proxyProtocolData() {
            return whole.proxyProtocolData();
        }

        @Override
        public HelidonSocket serverSocket() {
            return whole.serverSocket();
        }

        @Override
        public PeerInfo remotePeer() {
            return whole.remotePeer();
        }

        @Override
        public PeerInfo localPeer() {
            return whole.localPeer();
        }

        @Override
        public boolean isSecure() {
            return whole.isSecure();
        }

        @Override
        public String socketId() {
            return whole.socketId();
        }

        @Override
        public String childSocketId() {
            return whole.childSocketId();
        }
    }
}
