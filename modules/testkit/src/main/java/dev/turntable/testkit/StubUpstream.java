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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

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
    private static final int MAX_KEPT = 1 << 20;

    private final ServerSocket listener;
    private final Answering answering;
    private final List<Request> requests = new ArrayList<>();

    /** A request as it came in; {@code length} counts all of its body, which is kept as text when it is not too long. */
    public record Request(String method, String target, Map<String, String> headers, long length, String body) {}

    /** Answers one request. An {@link IOException} ends the connection. */
    @FunctionalInterface
    public interface Answering {
        void answer(Request request, Wire wire) throws IOException, InterruptedException;
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

        /** Ends the connection, whatever is missing. */
        public void cut() throws IOException {
            out.flush();
            socket.close();
        }
    }

    private StubUpstream(Answering answering) {
        this.answering = answering;
        try {
            listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public static StubUpstream answering(Answering answering) {
        return new StubUpstream(answering);
    }

    public String address() {
        return "http://127.0.0.1:" + listener.getLocalPort();
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
            for (String line = line(wire.in()); !line.isEmpty() && !socket.isClosed(); line = line(wire.in())) {
                Request request = read(line, wire.in());
                synchronized (requests) {
                    requests.add(request);
                }
                answering.answer(request, wire);
            }
        } catch (IOException gone) {
            // the other side left, or the test cut the connection
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Request read(String first, InputStream in) throws IOException {
        String[] words = first.split(" ");
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.merge(line.substring(0, colon), line.substring(colon + 1).strip(), (a, b) -> a + ", " + b);
        }
        var kept = new ByteArrayOutputStream();
        long length = 0;
        if (headers.getOrDefault("Transfer-Encoding", "")
                .toLowerCase(Locale.ROOT)
                .equals("chunked")) {
            for (int size = chunk(in); size > 0; size = chunk(in)) {
                length += body(in, size, kept);
                line(in);
            }
            line(in);
        } else {
            length = body(in, Long.parseLong(headers.getOrDefault("Content-Length", "0")), kept);
        }
        return new Request(words[0], words[1], headers, length, kept.toString(StandardCharsets.UTF_8));
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
