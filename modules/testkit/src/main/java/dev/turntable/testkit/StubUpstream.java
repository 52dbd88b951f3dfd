package dev.turntable.testkit;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * An upstream whose every byte the test decides, in this JVM: for answers in step with the client, odd frames, WebSockets, bodies of
 * gigabytes. The model's process is a real child that does nothing ({@link #model}); where the demo upstream will do, take that.
 *
 * <pre>{@code
 * try (var stub = StubUpstream.answering((request, wire) -> wire.json(200, "{}"));
 *         var turntable = TurntableProcess.with(stub.model("fox")).start()) {
 * }</pre>
 */
public final class StubUpstream implements AutoCloseable {
    /** Of a longer body only the length is kept. */
    private static final int MAX_KEPT = 64 << 20;

    private final ServerSocket listener;
    private final List<Request> requests = new ArrayList<>();
    private final BlockingQueue<Request> arrived = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
    private volatile Answering answering;

    /**
     * A request as it came in.
     *
     * @param head request line and header lines, up to the empty line
     * @param length bytes of its whole body
     * @param bytes as much of the body as is kept
     */
    public record Request(String head, long length, byte[] bytes) {
        public String line() {
            return head.substring(0, head.indexOf("\r\n"));
        }

        public String method() {
            return line().split(" ")[0];
        }

        public String target() {
            return line().split(" ")[1];
        }

        /** Its headers; those that came more than once are joined by commas. */
        public Map<String, String> headers() {
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            head.lines().skip(1).filter(line -> !line.isEmpty()).forEach(line -> {
                int colon = line.indexOf(':');
                headers.merge(
                        line.substring(0, colon), line.substring(colon + 1).strip(), (a, b) -> a + ", " + b);
            });
            return headers;
        }

        /** Whether it has this header line, whatever the case. */
        public boolean has(String line) {
            return head.toLowerCase(Locale.ROOT).contains("\r\n" + line.toLowerCase(Locale.ROOT) + "\r\n");
        }

        public String body() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** Answers one request. An exception ends the connection. */
    @FunctionalInterface
    public interface Answering {
        void answer(Request request, Wire wire) throws Exception;
    }

    /** The connection the request came over. */
    public record Wire(InputStream in, OutputStream out, Socket socket) {
        public void json(int status, String body) throws IOException {
            answer(status, body, "Content-Type: application/json");
        }

        /** A whole answer; {@code headers} are lines. */
        public void answer(int status, String body, String... headers) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            head(status, headers);
            out.write(("Content-Length: " + bytes.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(bytes);
            out.flush();
        }

        /** Status line and header lines, without the empty line that ends them. */
        public void head(int status, String... headers) throws IOException {
            text("HTTP/1.1 " + status + " As Ordered\r\n");
            for (String header : headers) {
                text(header + "\r\n");
            }
        }

        /** The head of a chunked answer. */
        public void chunked(String... headers) throws IOException {
            head(200, headers);
            text("Transfer-Encoding: chunked\r\n\r\n");
        }

        public void chunk(String text) throws IOException {
            text(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
            out.flush();
        }

        public void text(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }

        /** The same, on its way at once. */
        public void send(String text) throws IOException {
            send(text.getBytes(StandardCharsets.UTF_8));
        }

        public void send(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        /** Ends the connection, whatever is missing. */
        public void cut() throws IOException {
            out.flush();
            socket.close();
        }
    }

    private StubUpstream(ServerSocket listener, Answering answering) {
        this.listener = listener;
        this.answering = answering;
        Thread.ofVirtual().start(this::accept);
    }

    public static StubUpstream answering(Answering answering) {
        return at(0, answering);
    }

    /** On this port; 0 is a free one. */
    public static StubUpstream at(int port, Answering answering) {
        try {
            return on(new ServerSocket(port, 100, InetAddress.getLoopbackAddress()), answering);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Behind a listener of the test's own, one with TLS for instance. */
    public static StubUpstream on(ServerSocket listener, Answering answering) {
        return new StubUpstream(listener, answering);
    }

    /** On this port, each of these answers in turn, the last one again and again; a connection is for one request. */
    public static StubUpstream inTurn(int port, String... answers) {
        var left = new ArrayDeque<>(List.of(answers));
        return at(port, (_, wire) -> {
            synchronized (left) {
                wire.text(left.size() > 1 ? left.removeFirst() : left.getFirst());
            }
            wire.cut();
        });
    }

    /** A whole answer with this body of JSON. */
    public static String ok(String json) {
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                + json.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + json;
    }

    /** Answers so from now on. */
    public void script(Answering next) {
        answering = next;
    }

    public int port() {
        return listener.getLocalPort();
    }

    public String address() {
        return "http://127.0.0.1:" + port();
    }

    /** A model that is served here and ready at once. */
    public String model(String name, String... keys) {
        var all = new ArrayList<>(List.of(keys));
        all.add("proxy: " + address());
        if (all.stream().noneMatch(key -> key.startsWith("checkEndpoint"))) {
            all.add("checkEndpoint: none");
        }
        return TurntableProcess.command(name, "sleep 3600", all.toArray(String[]::new));
    }

    /** What has come in so far, in order. */
    public List<Request> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    /** The oldest request that this has not returned yet, waited for. */
    public Request next() {
        return taken(arrived, "a request");
    }

    /** How the oldest connection ended that this has not told of yet: {@code end}, or what broke it; waited for. */
    public String awaitEnd() {
        return taken(ended, "the end of a connection");
    }

    private static <T> T taken(BlockingQueue<T> queue, String what) {
        try {
            T first = queue.poll(Wait.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (first == null) {
                throw new AssertionError("not within " + Wait.PATIENCE.toSeconds() + " s: " + what);
            }
            return first;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                // Platform threads: an answer of gigabytes is nothing to share a carrier with.
                Thread.ofPlatform().daemon().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var wire = new Wire(
                    new BufferedInputStream(socket.getInputStream(), 1 << 16),
                    new BufferedOutputStream(socket.getOutputStream(), 1 << 16),
                    socket);
            for (String head = head(wire.in()); !head.isEmpty() && !socket.isClosed(); head = head(wire.in())) {
                Request request = read(head, wire.in());
                synchronized (requests) {
                    requests.add(request);
                }
                arrived.add(request);
                answering.answer(request, wire);
            }
            ended.add("end");
        } catch (Exception broken) {
            ended.add(String.valueOf(broken.getMessage()));
        }
    }

    /** A head with its empty line; empty when the other side has hung up. */
    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            head.append(line).append("\r\n");
        }
        return head.isEmpty() ? "" : head.append("\r\n").toString();
    }

    private static Request read(String head, InputStream in) throws IOException {
        Map<String, String> headers = new Request(head, 0, new byte[0]).headers();
        var kept = new ByteArrayOutputStream();
        long length = 0;
        if (headers.getOrDefault("Transfer-Encoding", "").equalsIgnoreCase("chunked")) {
            for (int size = chunk(in); size > 0; size = chunk(in)) {
                length += body(in, size, kept);
                line(in);
            }
            line(in);
        } else {
            length = body(in, Long.parseLong(headers.getOrDefault("Content-Length", "0")), kept);
        }
        return new Request(head, length, kept.toByteArray());
    }

    private static int chunk(InputStream in) throws IOException {
        return Integer.parseInt(line(in).split(";")[0].strip(), 16);
    }

    private static long body(InputStream in, long length, ByteArrayOutputStream kept) throws IOException {
        byte[] buffer = new byte[1 << 16];
        for (long left = length; left > 0; ) {
            int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (n < 0) {
                throw new IOException("the body ended after " + (length - left) + " of " + length + " bytes");
            }
            kept.write(buffer, 0, Math.min(n, MAX_KEPT - kept.size()));
            left -= n;
        }
        return length;
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
