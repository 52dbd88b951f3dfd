package dev.turntable.proxy;

import dev.turntable.upstream.MessageBody;
import dev.turntable.upstream.RequestHead;
import io.helidon.common.buffers.BufferData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The bytes of one request, as Helidon should read them. */
final class RelayedRequest {
    private final Exchange exchange;
    private MessageBody body;
    private boolean headGiven;
    private boolean ended;

    RelayedRequest(Exchange exchange) {
        this.exchange = exchange;
    }

    byte[] next() {
        if (!headGiven) {
            headGiven = true;
            return head();
        }
        try {
            return body();
        } catch (IOException lost) {
            // To Helidon a client that left is the end of its bytes; an exception would be an error in its log.
            return null;
        }
    }

    private byte[] head() {
        RequestHead head = exchange.head();
        StringBuilder text = new StringBuilder(512);
        // HEAD does the same work as GET (llama-swap §3.1); the body is dropped on the way out.
        text.append(head.method().equals("HEAD") ? "GET" : head.method());
        text.append(' ').append(head.target()).append(" HTTP/1.1\r\n");
        head.headers().forEach((name, value) -> {
            if (!dropped(name)) {
                text.append(name).append(": ").append(value).append("\r\n");
            }
        });
        if (!head.headers().contains("Host")) {
            text.append("Host: localhost\r\n");
        }
        if (exchange.bodyEndless()) {
            text.append("Transfer-Encoding: chunked\r\n");
        } else if (head.headers().contains("Content-Length")) {
            text.append("Content-Length: ")
                    .append(head.headers().first("Content-Length").orElse("0"))
                    .append("\r\n");
        }
        if (!head.keepAlive()) {
            text.append("Connection: close\r\n");
        }
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static boolean dropped(String name) {
        return switch (name.toLowerCase(java.util.Locale.ROOT)) {
            case "connection", "upgrade", "expect", "transfer-encoding", "content-length", "te", "http2-settings" ->
                true;
            default -> false;
        };
    }

    private byte[] body() throws IOException {
        if (body == null) {
            body = exchange.body();
        }
        boolean chunked = body.endless();
        int window = body.ready(true);
        if (window == 0) {
            if (!chunked || ended) {
                return null;
            }
            ended = true;
            return "0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
        }
        byte[] head = chunked
                ? (Integer.toHexString(window) + "\r\n").getBytes(StandardCharsets.ISO_8859_1)
                : BufferData.EMPTY_BYTES;
        byte[] bytes = new byte[head.length + window + (chunked ? 2 : 0)];
        System.arraycopy(head, 0, bytes, 0, head.length);
        System.arraycopy(body.array(), body.offset(), bytes, head.length, window);
        if (chunked) {
            bytes[bytes.length - 2] = '\r';
            bytes[bytes.length - 1] = '\n';
        }
        body.consume(window);
        return bytes;
    }
}
