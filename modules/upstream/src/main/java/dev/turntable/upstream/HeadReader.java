package dev.turntable.upstream;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads message heads strictly: what could be understood in two ways is refused, so that no upstream can understand it otherwise. */
public final class HeadReader {
    /** Most bytes of an upstream's head; a client's limit is a setting. */
    private static final int UPSTREAM_HEAD = 1 << 20;

    /** What a request line may take beside its headers. */
    private static final int SLACK = 4096;

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

    /** The next request, or empty when the client is done. Throws {@link WireException} for what is not a request, 431 beyond the limit. */
    public static Optional<RequestHead> request(Input in, int limit) throws IOException {
        int end = findEnd(in, true, limit + SLACK);
        if (end < 0) {
            return Optional.empty();
        }
        int lineEnd = lineEnd(in, in.position, end);
        String line = latin1(in, in.position, lineEnd);
        int first = line.indexOf(' ');
        int second = first < 0 ? -1 : line.indexOf(' ', first + 1);
        if (second < 0 || !isToken(line.substring(0, first))) {
            throw new WireException(400, "malformed request line");
        }
        Version version = version(line.substring(second + 1));
        String target = target(line.substring(first + 1, second));
        Headers headers = headers(in, next(in, lineEnd), end);
        in.position = end;
        RequestHead head = new RequestHead(line.substring(0, first), target, version, headers);
        checkHost(head);
        return Optional.of(head);
    }

    /** The next answer of an upstream. Throws {@link EOFException} when it closed without one. */
    public static ResponseHead response(Input in) throws IOException {
        int end = findEnd(in, false, UPSTREAM_HEAD);
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
        int end = findEnd(in, false, UPSTREAM_HEAD);
        Headers headers = headers(in, in.position, end);
        in.position = end;
        return headers;
    }

    /** Index behind the empty line that ends the head; -1 at the end of the stream before its first byte. */
    private static int findEnd(Input in, boolean request, int limit) throws IOException {
        int scanned = 0;
        while (true) {
            if (request && scanned == 0) {
                skipEmptyLines(in);
            }
            int from = in.position + Math.max(0, scanned - 3);
            for (int i = from; i < in.limit; i++) {
                if (in.buffer[i] == '\n') {
                    int before = i - 1;
                    if (before >= in.position && in.buffer[before] == '\r') {
                        before--;
                    }
                    if (before >= in.position && in.buffer[before] == '\n') {
                        if (i + 1 - in.position > limit) {
                            throw new WireException(431, "header too large");
                        }
                        return i + 1;
                    }
                }
            }
            scanned = in.buffered();
            if (scanned > limit) {
                throw new WireException(431, "header too large");
            }
            if (!in.fill()) {
                if (in.buffered() == 0) {
                    return -1;
                }
                throw new EOFException("cut off in the head");
            }
        }
    }

    private static void skipEmptyLines(Input in) {
        while (in.position < in.limit && (in.buffer[in.position] == '\r' || in.buffer[in.position] == '\n')) {
            in.position++;
        }
    }

    private static int lineEnd(Input in, int from, int end) {
        int i = from;
        while (in.buffer[i] != '\n') {
            i++;
            if (i == end) {
                throw new WireException(400, "malformed head");
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
                throw new WireException(400, "malformed header name");
            }
            colon++;
        }
        if (colon == lineEnd || colon == start) {
            throw new WireException(400, "malformed header line");
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
                throw new WireException(400, "control character in a header");
            }
        }
        headers.add(
                new String(bytes, start, colon - start, StandardCharsets.ISO_8859_1),
                new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
    }

    private static boolean control(int c) {
        return c >= 0 && c < ' ' && c != '\t' || c == 127;
    }

    private static Version version(String version) {
        if (version.equals("HTTP/1.1")) {
            return Version.HTTP_1_1;
        }
        if (version.equals("HTTP/1.0")) {
            return Version.HTTP_1_0;
        }
        if (version.length() == 8
                && version.startsWith("HTTP/")
                && version.charAt(6) == '.'
                && Character.isDigit(version.charAt(5))
                && Character.isDigit(version.charAt(7))) {
            throw new WireException(505, "unsupported protocol version");
        }
        throw new WireException(400, "malformed HTTP version");
    }

    private static String target(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c < 0x21 || c == 0x7f) {
                throw new WireException(400, "control character in the target");
            }
        }
        if (target.startsWith("/") || target.equals("*")) {
            return target;
        }
        for (String scheme : new String[] {"http://", "https://"}) {
            if (target.regionMatches(true, 0, scheme, 0, scheme.length())) {
                int path = target.indexOf('/', scheme.length());
                int query = target.indexOf('?', scheme.length());
                if (path < 0 || query >= 0 && query < path) {
                    return "/" + (query < 0 ? "" : target.substring(query));
                }
                return target.substring(path);
            }
        }
        throw new WireException(400, "malformed target");
    }

    private static void checkHost(RequestHead head) {
        int hosts = head.headers().all("Host").size();
        if (hosts > 1 || hosts == 0 && !head.old()) {
            throw new WireException(400, hosts == 0 ? "missing required Host header" : "too many Host headers");
        }
    }

    private static String latin1(Input in, int from, int to) {
        return new String(in.buffer, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
