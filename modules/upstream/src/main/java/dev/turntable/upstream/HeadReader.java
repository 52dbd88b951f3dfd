package dev.turntable.upstream;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads message heads strictly: what could be understood in two ways is refused, so that no upstream can understand it otherwise. */
public final class HeadReader {
    /** Most bytes of a head. */
    private static final int LARGEST = 1 << 20;

    private static final boolean[] TOKEN = new boolean[256];

    static {
        for (char c = 'a'; c <= 'z'; c++) {
            TOKEN[c] = true;
            TOKEN[Character.toUpperCase(c)] = true;
        }
        for (char c = '0'; c <= '9'; c++) {
            TOKEN[c] = true;
        }
        for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
            TOKEN[c] = true;
        }
    }

    private HeadReader() {}

    /** True when the text is a non-empty HTTP token. */
    public static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 255 || !TOKEN[c]) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** True when the bytes are a non-empty HTTP token. */
    public static boolean isToken(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!TOKEN[bytes[i] & 0xff]) {
                return false;
            }
        }
        return to > from;
    }

    /** The next answer of an upstream. Throws {@link EOFException} when it closed without one. */
    public static ResponseHead response(Input in) throws IOException {
        int end = findEnd(in);
        if (end < 0) {
            throw new EOFException("the upstream closed the connection without an answer");
        }
        int lineEnd = lineEnd(in, in.position, end);
        String line = latin1(in, in.position, lineEnd);
        if (!line.startsWith("HTTP/1.") || line.length() < 12 || line.charAt(8) != ' ') {
            throw new WireException(502, "malformed answer: " + line.substring(0, Math.min(40, line.length())));
        }
        int status;
        try {
            status = Integer.parseInt(line, 9, 12, 10);
        } catch (NumberFormatException bad) {
            throw new WireException(502, "malformed status: " + line.substring(9, 12));
        }
        if (status < 100 || line.chars().anyMatch(HeadReader::control)) {
            throw new WireException(502, "malformed status: " + status);
        }
        Headers headers = headers(in, next(in, lineEnd), end);
        in.position = end;
        return new ResponseHead(
                status, line.length() > 13 ? line.substring(13) : "", line.charAt(7) == '0' ? 0 : 1, headers);
    }

    /** Header lines up to an empty one, as they follow the last chunk. */
    public static Headers trailers(Input in) throws IOException {
        if (in.buffered() == 0 && !in.fill()) {
            throw new EOFException("cut off in the trailers");
        }
        while (in.buffered() < 2) {
            if (in.buffer[in.position] == '\n') {
                in.position++;
                return new Headers();
            }
            if (!in.fill()) {
                throw new EOFException("cut off in the trailers");
            }
        }
        if (in.buffer[in.position] == '\r' && in.buffer[in.position + 1] == '\n') {
            in.position += 2;
            return new Headers();
        }
        int end = findEnd(in);
        Headers headers = headers(in, in.position, end);
        in.position = end;
        return headers;
    }

    /** Index behind the empty line that ends the head; -1 at the end of the stream before its first byte. */
    private static int findEnd(Input in) throws IOException {
        int scanned = 0;
        while (true) {
            int from = in.position + Math.max(0, scanned - 3);
            for (int i = from; i < in.limit; i++) {
                if (in.buffer[i] == '\n') {
                    int before = i - 1;
                    if (before >= in.position && in.buffer[before] == '\r') {
                        before--;
                    }
                    if (before >= in.position && in.buffer[before] == '\n') {
                        if (i + 1 - in.position > LARGEST) {
                            throw new WireException(502, "header too large");
                        }
                        return i + 1;
                    }
                }
            }
            scanned = in.buffered();
            if (scanned > LARGEST) {
                throw new WireException(502, "header too large");
            }
            if (!in.fill()) {
                if (in.buffered() == 0) {
                    return -1;
                }
                throw new EOFException("cut off in the head");
            }
        }
    }

    private static int lineEnd(Input in, int from, int end) {
        int i = from;
        while (in.buffer[i] != '\n') {
            i++;
            if (i == end) {
                throw new WireException(502, "malformed head");
            }
        }
        return i > from && in.buffer[i - 1] == '\r' ? i - 1 : i;
    }

    private static int next(Input in, int lineEnd) {
        return in.buffer[lineEnd] == '\r' ? lineEnd + 2 : lineEnd + 1;
    }

    private static Headers headers(Input in, int from, int end) {
        Headers headers = new Headers();
        int start = from;
        while (start < end) {
            int lineEnd = lineEnd(in, start, end);
            if (lineEnd == start) {
                break;
            }
            header(in, start, lineEnd, headers);
            start = next(in, lineEnd);
        }
        return headers;
    }

    private static void header(Input in, int start, int lineEnd, Headers headers) {
        byte[] bytes = in.buffer;
        int colon = start;
        while (colon < lineEnd && bytes[colon] != ':') {
            if (!TOKEN[bytes[colon] & 0xff]) {
                // A blank here is either a name with a blank or a folded line; both could be read in two ways.
                throw new WireException(502, "malformed header name");
            }
            colon++;
        }
        if (colon == lineEnd || colon == start) {
            throw new WireException(502, "malformed header line");
        }
        int from = colon + 1;
        int to = lineEnd;
        while (from < to && (bytes[from] == ' ' || bytes[from] == '\t')) {
            from++;
        }
        while (to > from && (bytes[to - 1] == ' ' || bytes[to - 1] == '\t')) {
            to--;
        }
        for (int i = from; i < to; i++) {
            if (control(bytes[i])) {
                throw new WireException(502, "control character in a header");
            }
        }
        headers.add(
                new String(bytes, start, colon - start, StandardCharsets.ISO_8859_1),
                new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
    }

    private static boolean control(int c) {
        return c >= 0 && c < ' ' && c != '\t' || c == 127;
    }

    private static String latin1(Input in, int from, int to) {
        return new String(in.buffer, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
