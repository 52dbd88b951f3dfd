package dev.turntable.demo;

import dev.turntable.demo.Request.Header;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One client's connection: reads requests off the wire one by one and hands each to the {@link Answers}. */
final class Connection {
    /** A request head longer than this is an attack or an error. */
    private static final int MAX_LINE = 1 << 16;

    /** Of a longer body only the beginning is kept: this program is to stay small. */
    private static final int MAX_KEPT = 1 << 20;

    private final Socket socket;
    private final InputStream in;
    private final Response out;

    private Connection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), 1 << 14);
        this.out = new Response(new BufferedOutputStream(socket.getOutputStream(), 1 << 14), socket);
    }

    static void serve(Socket socket, Answers answers) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var connection = new Connection(socket);
            Optional<Request> request = connection.read();
            while (request.isPresent()) {
                boolean more = answers.answer(request.get(), connection.out);
                request = more && request.get().keepsAlive() ? connection.read() : Optional.empty();
            }
        } catch (IOException e) {
            answers.say("connection lost: " + e.getMessage());
        }
    }

    /** The next request; empty at the end of the connection. */
    private Optional<Request> read() throws IOException {
        String first = line();
        if (first.isEmpty()) {
            return Optional.empty();
        }
        String[] words = first.split(" ", 3);
        if (words.length < 3) {
            throw new IOException("not a request line: " + first);
        }
        var headers = new ArrayList<Header>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.add(new Header(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        var head = new Request(words[0], words[1], words[2], headers, new byte[0], 0);
        if (head.header("Expect").filter("100-continue"::equalsIgnoreCase).isPresent()) {
            out.interim(100);
        }
        var body = new ByteArrayOutputStream();
        long length = head.header("Transfer-Encoding")
                        .filter("chunked"::equalsIgnoreCase)
                        .isPresent()
                ? chunks(body)
                : whole(Long.parseLong(head.header("Content-Length").orElse("0")), body);
        return Optional.of(new Request(words[0], words[1], words[2], headers, body.toByteArray(), length));
    }

    /** Reads {@code length} bytes and keeps them as long as there is room. */
    private long whole(long length, ByteArrayOutputStream kept) throws IOException {
        byte[] buffer = new byte[(int) Math.min(length, 1 << 14)];
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

    private long chunks(ByteArrayOutputStream kept) throws IOException {
        long length = 0;
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            length += whole(size, kept);
            line();
        }
        while (!line().isEmpty()) {
            // trailers: read past them
        }
        return length;
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line().split(";")[0].strip(), 16);
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream(80);
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (line.size() == MAX_LINE) {
                throw new IOException("a header line is longer than " + MAX_LINE + " bytes");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    /** The headers as text pairs, for an echo. */
    static List<List<String>> pairs(List<Header> headers) {
        return headers.stream().map(h -> List.of(h.name(), h.value())).toList();
    }

    Socket socket() {
        return socket;
    }
}
