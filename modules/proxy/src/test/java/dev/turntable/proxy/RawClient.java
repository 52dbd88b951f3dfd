package dev.turntable.proxy;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client that sends exactly the bytes it is told and shows exactly what came back. */
final class RawClient implements AutoCloseable {
    /** An answer; {@code complete} is false when the connection ended before its end. */
    record Answer(int status, List<String> head, byte[] body, List<String> trailers, boolean complete) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** The first value of a header, or an empty text. */
        String header(String name) {
            for (String line : head) {
                if (line.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
                    return line.substring(name.length() + 1).strip();
                }
            }
            return "";
        }
    }

    private final Socket socket;
    private final InputStream in;

    RawClient(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(20_000);
        in = new BufferedInputStream(socket.getInputStream());
    }

    RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    Answer get(String target, String... headers) throws IOException {
        return request("GET", target, "", headers).answer("GET");
    }

    Answer post(String target, String json, String... headers) throws IOException {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("Content-Type: application/json");
        return request("POST", target, json, all.toArray(String[]::new)).answer("POST");
    }

    RawClient request(String method, String target, String body, String... headers) throws IOException {
        StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: test\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        if (!body.isEmpty()) {
            text.append("Content-Length: ")
                    .append(body.getBytes(StandardCharsets.UTF_8).length)
                    .append("\r\n");
        }
        return send(text + "\r\n" + body);
    }

    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b = in.read();
        while (b >= 0 && b != '\n') {
            line.write(b);
            b = in.read();
        }
        if (b < 0 && line.size() == 0) {
            return "";
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    Answer answer() throws IOException {
        return answer("GET");
    }

    Answer answer(String method) throws IOException {
        List<String> head = new ArrayList<>();
        String line = line();
        if (line.isEmpty()) {
            throw new IOException("the connection ended without an answer");
        }
        int status = Integer.parseInt(line.substring(9, 12));
        boolean chunked = false;
        long length = -1;
        for (String header = line(); !header.isEmpty(); header = line()) {
            head.add(header);
            String lower = header.toLowerCase(java.util.Locale.ROOT);
            chunked |= lower.equals("transfer-encoding: chunked");
            if (lower.startsWith("content-length: ")) {
                length = Long.parseLong(lower.substring(16));
            }
        }
        List<String> trailers = new ArrayList<>();
        if (status < 200 || status == 204 || status == 304 || method.equals("HEAD")) {
            return new Answer(status, head, new byte[0], trailers, true);
        }
        if (chunked) {
            return chunked(status, head, trailers);
        }
        byte[] body = length >= 0 ? in.readNBytes((int) length) : in.readAllBytes();
        return new Answer(status, head, body, trailers, length < 0 || body.length == length);
    }

    private Answer chunked(int status, List<String> head, List<String> trailers) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            byte[] chunk = chunk();
            if (chunk == null) {
                return new Answer(status, head, body.toByteArray(), trailers, false);
            }
            if (chunk.length == 0) {
                for (String trailer = line(); !trailer.isEmpty(); trailer = line()) {
                    trailers.add(trailer);
                }
                return new Answer(status, head, body.toByteArray(), trailers, true);
            }
            body.write(chunk);
        }
    }

    /** The next chunk: empty for the last, null when the connection ended. Behind the last, trailers follow. */
    byte[] chunk() throws IOException {
        String size = line();
        if (size.isEmpty()) {
            return null;
        }
        int length = Integer.parseInt(size, 16);
        byte[] chunk = in.readNBytes(length);
        if (chunk.length < length) {
            return null;
        }
        if (length > 0) {
            line();
        }
        return chunk;
    }

    /** The lines of the next head. */
    List<String> head() throws IOException {
        List<String> head = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            head.add(line);
        }
        return head;
    }

    InputStream in() {
        return in;
    }

    boolean ended() throws IOException {
        return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
