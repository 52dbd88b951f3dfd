package dev.turntable.sim.upstream;

import dev.turntable.sim.upstream.Request.Header;
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
        var head = new Request(words[0], words[1], words[2], headers, new byte[0]);
        if (head.header("Expect").filter("100-continue"::equalsIgnoreCase).isPresent()) {
            out.interim(100);
        }
        return Optional.of(new Request(words[0], words[1], words[2], headers, body(head)));
    }

    private byte[] body(Request head) throws IOException {
        if (head.header("Transfer-Encoding").filter("chunked"::equalsIgnoreCase).isPresent()) {
            return chunks();
        }
        int length = Integer.parseInt(head.header("Content-Length").orElse("0"));
        return whole(length);
    }

    private byte[] whole(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("the body ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private byte[] chunks() throws IOException {
        var body = new ByteArrayOutputStream();
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            body.write(whole(size));
            line();
        }
        while (!line().isEmpty()) {
            // trailers: read past them
        }
        return body.toByteArray();
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
