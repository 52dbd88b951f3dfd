package dev.turntable.proxy;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An upstream on a real socket whose every byte the test decides. */
final class ScriptedUpstream implements AutoCloseable {
    /** What came in: the head as text, the body as bytes. */
    record Request(String head, byte[] body) {
        String line() {
            return head.substring(0, head.indexOf("\r\n"));
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        boolean has(String headerLine) {
            return head.toLowerCase(java.util.Locale.ROOT)
                    .contains("\r\n" + headerLine.toLowerCase(java.util.Locale.ROOT) + "\r\n");
        }
    }

    /** Answers one request; may write as it likes. */
    @FunctionalInterface
    interface Script {
        void answer(Request request, Socket socket, OutputStream out) throws Exception;
    }

    private final ServerSocket listener;
    final LinkedBlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<String> closed = new LinkedBlockingQueue<>();
    volatile Script script = (request, socket, out) -> send(out, ok("{}"));

    ScriptedUpstream() throws IOException {
        listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    Request next() throws InterruptedException {
        Request one = requests.poll(10, TimeUnit.SECONDS);
        if (one == null) {
            throw new AssertionError("nothing reached the upstream within 10 s");
        }
        return one;
    }

    static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException ended) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (!socket.isClosed()) {
                Request request = read(in);
                if (request == null) {
                    return;
                }
                requests.add(request);
                script.answer(request, socket, socket.getOutputStream());
            }
        } catch (Exception broken) {
            closed.add(String.valueOf(broken.getMessage()));
        } finally {
            closed.add("end");
        }
    }

    private static Request read(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                return null;
            }
            head.write(b);
        }
        String text = head.toString(StandardCharsets.ISO_8859_1);
        String lower = text.toLowerCase(java.util.Locale.ROOT);
        if (lower.contains("\r\ntransfer-encoding: chunked")) {
            return new Request(text, chunks(in));
        }
        int at = lower.indexOf("\r\ncontent-length: ");
        if (at < 0) {
            return new Request(text, new byte[0]);
        }
        String length = lower.substring(at + 18, lower.indexOf("\r\n", at + 2));
        return new Request(text, in.readNBytes(Integer.parseInt(length)));
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            StringBuilder line = new StringBuilder();
            while (!line.toString().endsWith("\r\n")) {
                line.append((char) in.read());
            }
            int size = Integer.parseInt(line.toString().strip().split(";")[0], 16);
            body.write(in.readNBytes(size));
            in.readNBytes(2);
            if (size == 0) {
                return body.toByteArray();
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
