package dev.turntable.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A client on a socket of its own: it sends exactly the bytes it is told, shows exactly what comes back, and stays as long as the test
 * wants. It speaks WebSocket, reads slowly or not at all, hangs up.
 */
public final class RawClient implements AutoCloseable {
    private final String authority;
    private final Socket socket;
    private final InputStream in;

    private RawClient(String authority, Socket socket) {
        this.authority = authority;
        this.socket = socket;
        try {
            socket.setSoTimeout((int) Wait.PATIENCE.toMillis());
            in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RawClient connect(URI base, int receiveBuffer) {
        try {
            var socket = new Socket();
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.connect(new InetSocketAddress(base.getHost(), base.getPort()));
            return new RawClient(base.getAuthority(), socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of a server on this machine. */
    public static RawClient to(int port) {
        return to(URI.create("http://127.0.0.1:" + port));
    }

    public static RawClient to(URI base) {
        return connect(base, 0);
    }

    /** Over a connection that is there already, one with TLS for instance. */
    public static RawClient over(Socket socket) {
        return new RawClient("localhost", socket);
    }

    public static RawClient to(TurntableProcess turntable) {
        return to(turntable.http().base());
    }

    /** One that holds up whoever writes to it as soon as it stops reading. */
    public static RawClient withSmallBuffer(TurntableProcess turntable) {
        return connect(turntable.http().base(), 4096);
    }

    /**
     * Sends a request without a body.
     *
     * @param line method and target
     * @param headers whole lines
     */
    public RawClient ask(String line, String... headers) {
        var head = new StringBuilder(line + " HTTP/1.1\r\nHost: " + authority + "\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return send(head.append("\r\n").toString());
    }

    /** A chat with this model, in one write. */
    public RawClient chat(String model, String more) {
        String body = Http.chatBody(model, false, more);
        return send("POST /v1/chat/completions HTTP/1.1\r\nHost: " + authority
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    /** The request that opens a WebSocket. */
    public RawClient webSocket(String path) {
        return ask(
                "GET " + path,
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
    }

    public RawClient send(String text) {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    public RawClient send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a request; one with a body says how long that is. */
    public RawClient request(String method, String target, String body, String... headers) {
        var lines = new ArrayList<>(List.of(headers));
        if (!body.isEmpty()) {
            lines.add("Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length);
        }
        return ask(method + " " + target, lines.toArray(String[]::new)).send(body);
    }

    public RawAnswer get(String target, String... headers) {
        return request("GET", target, "", headers).answer("GET");
    }

    public RawAnswer post(String target, String json, String... headers) {
        var lines = new ArrayList<>(List.of(headers));
        lines.add("Content-Type: application/json");
        return request("POST", target, json, lines.toArray(String[]::new)).answer("POST");
    }

    /** The next answer, an interim one too. */
    public RawAnswer answer() {
        return answer("GET");
    }

    /** The next answer to a request of this method: that to HEAD has no body. */
    public RawAnswer answer(String method) {
        String first = line();
        if (first.isEmpty()) {
            throw new AssertionError("the connection ended without an answer");
        }
        int status = Integer.parseInt(first.split(" ")[1]);
        var none = new RawAnswer(status, lines(), new byte[0], List.of(), true);
        if (status < 200 || status == 204 || status == 304 || method.equals("HEAD")) {
            return none;
        }
        if (none.header("Transfer-Encoding").equalsIgnoreCase("chunked")) {
            return chunked(status, none.head());
        }
        String length = none.header("Content-Length");
        try {
            byte[] body = length.isEmpty() ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length));
            boolean complete = length.isEmpty() || body.length == Integer.parseInt(length);
            return new RawAnswer(status, none.head(), body, List.of(), complete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RawAnswer chunked(int status, List<String> head) {
        var body = new ByteArrayOutputStream();
        for (Optional<byte[]> chunk = nextChunk(); chunk.isPresent(); chunk = nextChunk()) {
            if (chunk.get().length == 0) {
                return new RawAnswer(status, head, body.toByteArray(), lines(), true);
            }
            body.writeBytes(chunk.get());
        }
        return new RawAnswer(status, head, body.toByteArray(), List.of(), false);
    }

    /** The next chunk of a body; an empty one is the last. */
    public byte[] chunk() {
        return nextChunk().orElseThrow(() -> new AssertionError("the connection ended before its last chunk"));
    }

    /** None means that the connection ended. */
    private Optional<byte[]> nextChunk() {
        String size = line();
        if (size.isEmpty()) {
            return Optional.empty();
        }
        try {
            byte[] chunk = in.readNBytes(Integer.parseInt(size, 16));
            if (chunk.length < Integer.parseInt(size, 16)) {
                return Optional.empty();
            }
            if (chunk.length > 0) {
                line();
            }
            return Optional.of(chunk);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lines up to an empty one. */
    private List<String> lines() {
        var lines = new ArrayList<String>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            lines.add(line);
        }
        return lines;
    }

    /** The next line, a character a byte; empty at the end of the connection. */
    public String line() {
        var line = new StringBuilder();
        try {
            for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
                line.append((char) b);
            }
            return line.toString().stripTrailing();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the next byte or the end: whether it is the end. */
    public boolean ended() {
        try {
            return in.read() < 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The head of an answer, up to the empty line. */
    public String head() {
        return readUntil("\r\n\r\n");
    }

    public int status() {
        return Integer.parseInt(head().split(" ")[1]);
    }

    /** What comes, up to and including this text of ASCII characters; a character is a byte. */
    public String readUntil(String end) {
        var read = new StringBuilder();
        try {
            while (read.length() < end.length()
                    || !read.substring(read.length() - end.length()).equals(end)) {
                int b = in.read();
                if (b < 0) {
                    throw new AssertionError("the connection ended before '" + end.strip() + "': " + read);
                }
                read.append((char) b);
            }
            return read.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The bytes as they come over the wire. */
    public InputStream in() {
        return in;
    }

    /** The bytes of a chunked body, as they come; its head must have been read. */
    public InputStream chunkedBody() {
        return new InputStream() {
            private int left;
            private boolean begun;

            @Override
            public int read() throws IOException {
                if (left == 0) {
                    if (begun) {
                        readUntil("\r\n");
                    }
                    begun = true;
                    left = Integer.parseInt(readUntil("\r\n").strip(), 16);
                }
                return left-- == 0 ? -1 : in.read();
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                if (length == 0) {
                    return 0;
                }
                int first = read();
                if (first < 0) {
                    return -1;
                }
                into[offset] = (byte) first;
                int more = in.read(into, offset + 1, Math.min(left, length - 1));
                left -= Math.max(more, 0);
                return 1 + Math.max(more, 0);
            }
        };
    }

    /** Everything up to the end of the connection. */
    public String rest() {
        try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Hangs up. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
