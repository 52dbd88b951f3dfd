package dev.turntable.demo;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes one answer after the other onto a connection, correctly framed or wrong on purpose. */
final class Response {
    private final BufferedOutputStream out;
    private final Socket socket;

    Response(BufferedOutputStream out, Socket socket) {
        this.out = out;
        this.socket = socket;
    }

    /** An interim answer, sent before the real one. */
    void interim(int status) throws IOException {
        text("HTTP/1.1 " + status + " Interim\r\n\r\n");
        out.flush();
    }

    /** A whole answer of known length. */
    void send(int status, String type, byte[] body, boolean headOnly) throws IOException {
        head(status, List.of(Map.entry("Content-Type", type), Map.entry("Content-Length", "" + body.length)));
        if (!headOnly) {
            out.write(body);
        }
        out.flush();
    }

    /** Status line and headers; nothing is sent until the next flush. */
    void head(int status, List<Map.Entry<String, String>> headers) throws IOException {
        var head = new StringBuilder(160)
                .append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(reason(status))
                .append("\r\n");
        headers.forEach(
                h -> head.append(h.getKey()).append(": ").append(h.getValue()).append("\r\n"));
        text(head.append("\r\n").toString());
    }

    /** The head of a stream of server-sent events. */
    void startEvents() throws IOException {
        head(
                200,
                List.of(
                        Map.entry("Content-Type", "text/event-stream"),
                        Map.entry("Cache-Control", "no-cache"),
                        Map.entry("Transfer-Encoding", "chunked")));
        out.flush();
    }

    void event(String data) throws IOException {
        chunk(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
    }

    /** One chunk, on its way at once. */
    void chunk(byte[] bytes) throws IOException {
        text(Integer.toHexString(bytes.length) + "\r\n");
        out.write(bytes);
        text("\r\n");
        out.flush();
    }

    /** The last chunk, with trailers. */
    void endChunks(Map<String, String> trailers) throws IOException {
        var end = new StringBuilder("0\r\n");
        trailers.forEach(
                (name, value) -> end.append(name).append(": ").append(value).append("\r\n"));
        text(end.append("\r\n").toString());
        out.flush();
    }

    void raw(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** Cuts the connection with a reset or an end, whatever is under way. */
    void cut() throws IOException {
        out.flush();
        socket.close();
    }

    private void text(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String reason(int status) {
        return switch (status / 100) {
            case 2 -> "OK";
            case 3 -> "Elsewhere";
            case 4 -> "Not Like This";
            default -> status == 503 ? "Service Unavailable" : "Answer";
        };
    }

    /** Headers in order, from name and value in turn. */
    static List<Map.Entry<String, String>> headers(Map<String, String> more, String... pairs) {
        var headers = new ArrayList<Map.Entry<String, String>>();
        for (int i = 0; i < pairs.length; i += 2) {
            headers.add(Map.entry(pairs[i], pairs[i + 1]));
        }
        headers.addAll(more.entrySet());
        return headers;
    }
}
