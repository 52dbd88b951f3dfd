package dev.turntable.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Requests written byte by byte, and their answers read from the wire: for what no HTTP client would send. */
final class RawHttp {
    private RawHttp() {}

    static Answer send(URI base, String line, byte[] body, List<String> headers) {
        try (var socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout((int) Wait.PATIENCE.toMillis());
            var request = new ByteArrayOutputStream();
            request.write(head(base, line, body, headers).getBytes(StandardCharsets.UTF_8));
            request.write(body);
            socket.getOutputStream().write(request.toByteArray());
            return answer(socket.getInputStream().readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String head(URI base, String line, byte[] body, List<String> headers) {
        var lines = new ArrayList<>(List.of(line + " HTTP/1.1", "Host: " + base.getAuthority(), "Connection: close"));
        lines.addAll(headers);
        boolean framed =
                headers.stream().anyMatch(h -> h.startsWith("Transfer-Encoding:") || h.startsWith("Content-Length:"));
        if (!framed && body.length > 0) {
            lines.add("Content-Length: " + body.length);
        }
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    /** The final answer in these bytes, read until the server closed the connection. */
    private static Answer answer(byte[] bytes) {
        // One character a byte until the body is cut out.
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        while (text.startsWith("HTTP/1.1 1")) {
            text = text.substring(text.indexOf("\r\n\r\n") + 4);
        }
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new AssertionError("the connection ended without an answer: " + text);
        }
        List<String> head = text.substring(0, end).lines().toList();
        HttpHeaders headers = headers(head.subList(1, head.size()));
        String body = text.substring(end + 4);
        if (headers.firstValue("Transfer-Encoding").orElse("").equals("chunked")) {
            body = unchunked(body);
        }
        byte[] encoded = body.getBytes(StandardCharsets.ISO_8859_1);
        return new Answer(
                Integer.parseInt(head.getFirst().split(" ")[1]), headers, new String(encoded, StandardCharsets.UTF_8));
    }

    private static HttpHeaders headers(List<String> lines) {
        Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line : lines) {
            int colon = line.indexOf(':');
            all.computeIfAbsent(line.substring(0, colon), _ -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return HttpHeaders.of(all, (_, _) -> true);
    }

    /** The chunks put together; fails when the last one is missing. */
    private static String unchunked(String body) {
        var whole = new StringBuilder();
        int at = 0;
        while (true) {
            int line = body.indexOf("\r\n", at);
            if (line < 0) {
                throw new AssertionError("the answer is cut off: " + whole);
            }
            int size = Integer.parseInt(body.substring(at, line).strip(), 16);
            if (size == 0) {
                return whole.toString();
            }
            whole.append(body, line + 2, line + 2 + size);
            at = line + 2 + size + 2;
        }
    }
}
