package dev.turntable.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The little HTTP that the load generator and the fast upstream need: both are ours, so each knows what the other writes. */
final class Wire {
    static final byte[] STREAM = bytes("\"stream\":true");
    static final byte[] EVENTS = bytes("\"events\":");
    static final byte[] GAP_MICROS = bytes("\"gap_us\":");
    static final byte[] ANSWER_BYTES = bytes("\"answer_bytes\":");

    /** What stands before the upstream's clock in an event: 19 digits follow. */
    static final byte[] CLOCK = bytes("\"sent_ns\":");

    static final int CLOCK_DIGITS = 19;

    static final byte[] DONE = bytes("data: [DONE]");

    static final byte[] STREAM_HEAD =
            bytes("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");

    static final byte[] STREAM_END = bytes("e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n");

    private static final byte[] HEAD_END = bytes("\r\n\r\n");
    private static final byte[] LENGTH = bytes("content-length:");

    private Wire() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A chat request with a body of a kilobyte; {@code more} are further members of its JSON object. */
    static byte[] chat(String model, String more) {
        return chat(model, more, 1024);
    }

    static byte[] chat(String model, String more, int size) {
        String start = "{\"model\":\"" + model + "\"," + more + "\"messages\":[{\"role\":\"user\",\"content\":\"";
        String end = "\"}]}";
        String body = start + "x".repeat(size - start.length() - end.length()) + end;
        return bytes(
                "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body);
    }

    /** The same as a stream of so many events. */
    static byte[] streamedChat(String model, int events, long gapMicros) {
        return chat(model, "\"stream\":true,\"events\":" + events + ",\"gap_us\":" + gapMicros + ",");
    }

    /** Asks for a JSON document. */
    static JsonNode json(int port, String path) throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write(bytes("GET " + path + " HTTP/1.0\r\nHost: a\r\nConnection: close\r\n\r\n"));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new ObjectMapper().readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4));
        }
    }

    static int indexOf(byte[] in, int from, int to, byte[] what) {
        for (int i = from; i <= to - what.length; i++) {
            int k = 0;
            while (k < what.length && in[i + k] == what[k]) {
                k++;
            }
            if (k == what.length) {
                return i;
            }
        }
        return -1;
    }

    /** The decimal number behind this name. */
    static long number(byte[] in, int to, byte[] name) {
        return number(in, to, indexOf(in, 0, to, name), name);
    }

    /** The decimal number behind this name, which stands at {@code nameAt}. */
    static long number(byte[] in, int to, int nameAt, byte[] name) {
        int at = nameAt + name.length;
        long value = 0;
        while (at < to && in[at] >= '0' && in[at] <= '9') {
            value = value * 10 + in[at++] - '0';
        }
        return value;
    }

    /** Bytes of the message that begins the array, head and body; 0 while the head is not whole. Bodies have a Content-Length or none. */
    static int messageLength(byte[] in, int size) {
        int end = indexOf(in, 0, size, HEAD_END);
        if (end < 0) {
            return 0;
        }
        return end + HEAD_END.length + contentLength(in, end);
    }

    private static int contentLength(byte[] in, int headEnd) {
        int line = 0;
        while (line < headEnd) {
            int k = 0;
            while (k < LENGTH.length && (in[line + k] | 0x20) == (LENGTH[k] | 0x20)) {
                k++;
            }
            if (k == LENGTH.length) {
                int at = line + k;
                while (in[at] == ' ') {
                    at++;
                }
                int value = 0;
                while (in[at] >= '0' && in[at] <= '9') {
                    value = value * 10 + in[at++] - '0';
                }
                return value;
            }
            while (line < headEnd && in[line] != '\n') {
                line++;
            }
            line++;
        }
        return 0;
    }
}
