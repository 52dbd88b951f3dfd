package dev.turntable.testkit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A client on a socket of its own that stays as long as the test wants: it speaks WebSocket, reads slowly or not at all, hangs up. */
public final class RawClient implements AutoCloseable {
    private final URI base;
    private final Socket socket = new Socket();
    private final InputStream in;

    private RawClient(URI base, int receiveBuffer) {
        this.base = base;
        try {
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.connect(new InetSocketAddress(base.getHost(), base.getPort()));
            socket.setSoTimeout((int) Wait.PATIENCE.toMillis());
            in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static RawClient to(TurntableProcess turntable) {
        return new RawClient(turntable.http().base(), 0);
    }

    /** One that holds up whoever writes to it as soon as it stops reading. */
    public static RawClient withSmallBuffer(TurntableProcess turntable) {
        return new RawClient(turntable.http().base(), 4096);
    }

    /**
     * Sends a request without a body.
     *
     * @param line method and target
     * @param headers whole lines
     */
    public RawClient ask(String line, String... headers) {
        var head = new StringBuilder(line + " HTTP/1.1\r\nHost: " + base.getAuthority() + "\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return send(head.append("\r\n").toString());
    }

    /** A chat with this model, in one write. */
    public RawClient chat(String model, String more) {
        String body = Http.chatBody(model, false, more);
        return send("POST /v1/chat/completions HTTP/1.1\r\nHost: " + base.getAuthority()
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
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            return this;
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
