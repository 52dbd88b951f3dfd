package dev.turntable.proxy.door;

import dev.turntable.upstream.HeadReader;
import dev.turntable.upstream.Reasons;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.DirectHandler;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * The bytes of a client's requests as Helidon should read them: exactly one head, then exactly its body, then the next. A head that could
 * be understood in two ways is refused; what Helidon cannot read is written in a way it can (HTTP/1.0, an absolute target, bytes beyond
 * ASCII). Chunks are passed on as they arrive, however long they say they are.
 *
 * <p>Used by one thread at a time; {@link #idle} may be asked by any.
 */
final class WireReader implements Supplier<byte[]> {
    private static final int MAX_CHUNK_LINE = 4096;
    private static final byte[] NONE = {};
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] VERSION = "HTTP/1.".getBytes(StandardCharsets.ISO_8859_1);

    /** What is asked for next. */
    private enum Part {
        HEAD,
        LENGTH,
        CHUNKED
    }

    private final Supplier<byte[]> source;
    private final IntSupplier headLimit;
    private byte[] bytes = NONE;
    private int from;
    private int to;
    private Part part = Part.HEAD;
    private long left;
    private boolean insideChunks;
    private boolean ended;
    private RequestLine line = new RequestLine("GET", "/", false);
    private volatile boolean idle = true;
    private volatile long idleSince = System.nanoTime();

    /** {@code source} blocks for the next bytes and gives null at the end. */
    WireReader(Supplier<byte[]> source, IntSupplier headLimit) {
        this.source = source;
        this.headLimit = headLimit;
    }

    /** True from the end of a request until the next one's head is complete. */
    boolean idle() {
        return idle;
    }

    long idleSince() {
        return idleSince;
    }

    /** True when the client may still be sending what nobody will read. */
    boolean unread() {
        return !idle && !ended && (part != Part.HEAD || from < to);
    }

    RequestLine line() {
        return line;
    }

    /** True when the request was read to its end. */
    boolean atHead() {
        return part == Part.HEAD;
    }

    @Override
    public byte[] get() {
        return switch (part) {
            case HEAD -> head();
            case LENGTH -> piece();
            case CHUNKED -> chunk();
        };
    }

    /** Whatever the client sent next, for a connection that leaves HTTP; null at the end. */
    byte[] raw() {
        return from == to && !more() ? null : take(to - from);
    }

    // Heads

    private byte[] head() {
        idleSince = System.nanoTime();
        idle = true;
        // Under load the next request is there by the time the others had their turn, and is read without a poll.
        Thread.yield();
        int end = headEnd();
        if (end < 0) {
            return null;
        }
        idle = false;
        return accept(end);
    }

    /** Index behind the empty line that ends the head; -1 when the client ended before. */
    private int headEnd() {
        int seen = 0;
        while (true) {
            for (; from + seen < to; seen++) {
                int at = from + seen;
                if (bytes[at] != '\n') {
                    continue;
                }
                if (seen == 0 || bytes[at - 1] != '\r') {
                    idle = false;
                    throw refused(400, "a line that does not end with CR LF");
                }
                if (seen == 1) {
                    from = at + 1; // an empty line before a request is passed over (RFC 9112 §2.2)
                    seen = -1;
                } else if (bytes[at - 2] == '\n') {
                    return at + 1;
                }
            }
            if (to - from > headLimit.getAsInt()) {
                idle = false;
                throw refused(431, "header too large");
            }
            if (!more()) {
                return -1;
            }
        }
    }

    private byte[] accept(int end) {
        int lineEnd = lineEnd(from);
        int first = find((byte) ' ', from, lineEnd);
        int second = first < 0 ? -1 : find((byte) ' ', first + 1, lineEnd);
        if (second < 0 || second == first + 1 || !HeadReader.isToken(text(from, first))) {
            throw refused(400, "malformed request line");
        }
        boolean old = old(second + 1, lineEnd);
        boolean odd = old;
        for (int i = first + 1; i < second; i++) {
            if (bytes[i] >= 0 && bytes[i] <= ' ' || bytes[i] == 127) {
                throw refused(400, "control character in the target");
            }
            odd |= bytes[i] < 0;
        }
        String written = text(first + 1, second);
        String target = origin(written);
        odd |= !target.equals(written);
        Framing framing = headers(lineEnd + 2, end - 2, old);
        line = new RequestLine(text(from, first), target, old);
        left = framing.length;
        part = framing.chunked ? Part.CHUNKED : framing.length > 0 ? Part.LENGTH : Part.HEAD;
        insideChunks = false;
        if (!odd && !framing.beyondAscii) {
            return take(end - from);
        }
        byte[] plain = plain(lineEnd, end);
        take(end - from);
        return plain;
    }

    /** True for HTTP/1.0. */
    private boolean old(int start, int end) {
        if (end - start == 8 && Arrays.equals(bytes, start, start + 7, VERSION, 0, 7)) {
            switch (bytes[start + 7]) {
                case '0' -> {
                    return true;
                }
                case '1' -> {
                    return false;
                }
                default -> {}
            }
        }
        String version = text(start, end);
        throw version.matches("HTTP/[0-9]\\.[0-9]")
                ? refused(505, "unsupported protocol version")
                : refused(400, "malformed HTTP version");
    }

    /** Path and query of a target. */
    private static String origin(String target) {
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
        throw refused(400, "malformed target");
    }

    /** What a head says of its body, and whether it can be read as ASCII. */
    private static final class Framing {
        private int hosts;
        private long length = -1;
        private boolean chunked;
        private boolean beyondAscii;
    }

    private Framing headers(int start, int end, boolean old) {
        Framing framing = new Framing();
        int at = start;
        while (at < end) {
            int lineEnd = lineEnd(at);
            int colon = find((byte) ':', at, lineEnd);
            // A blank in a name is either a name with a blank or a folded line; both could be read in two ways.
            if (colon < 0 || !HeadReader.isToken(bytes, at, colon)) {
                throw refused(400, "malformed header line");
            }
            for (int i = colon + 1; i < lineEnd; i++) {
                byte b = bytes[i];
                if (b < 0) {
                    framing.beyondAscii = true;
                } else if (b < ' ' && b != '\t' || b == 127) {
                    throw refused(400, "control character in a header");
                }
            }
            framing(framing, at, colon, lineEnd);
            at = lineEnd + 2;
        }
        if (framing.hosts > 1 || framing.hosts == 0 && !old) {
            throw refused(400, framing.hosts == 0 ? "missing required Host header" : "too many Host headers");
        }
        if (framing.chunked && (framing.length >= 0 || old)) {
            throw refused(400, "a transfer coding with a length, or in HTTP/1.0");
        }
        return framing;
    }

    private void framing(Framing framing, int at, int colon, int lineEnd) {
        switch (colon - at) {
            case 4 -> {
                if (named("host", at)) {
                    framing.hosts++;
                }
            }
            case 14 -> {
                if (named("content-length", at)) {
                    if (framing.length >= 0) {
                        throw refused(400, "two lengths");
                    }
                    framing.length = length(text(colon + 1, lineEnd).strip());
                }
            }
            case 17 -> {
                if (named("transfer-encoding", at)) {
                    if (framing.chunked || !text(colon + 1, lineEnd).strip().equalsIgnoreCase("chunked")) {
                        throw refused(501, "unsupported transfer encoding");
                    }
                    framing.chunked = true;
                }
            }
            default -> {}
        }
    }

    private static long length(String digits) {
        if (digits.isEmpty() || digits.length() > 18 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw refused(400, "bad Content-Length");
        }
        return Long.parseLong(digits);
    }

    private boolean named(String lower, int at) {
        for (int i = 0; i < lower.length(); i++) {
            if ((bytes[at + i] | 0x20) != (lower.charAt(i) | 0x20)) {
                return false;
            }
        }
        return true;
    }

    /** The head as Helidon reads it: the line as we understood it, header bytes beyond ASCII escaped. */
    private byte[] plain(int lineEnd, int end) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(end - from + 64);
        out.writeBytes((line.method() + " " + percentEncoded(line.target()) + " HTTP/1.1")
                .getBytes(StandardCharsets.ISO_8859_1));
        for (int i = lineEnd; i < end; i++) {
            if (bytes[i] < 0) {
                out.writeBytes(Latin1.escape(bytes[i]));
            } else {
                out.write(bytes[i]);
            }
        }
        return out.toByteArray();
    }

    private static String percentEncoded(String latin1) {
        StringBuilder out = new StringBuilder(latin1.length() + 16);
        for (int i = 0; i < latin1.length(); i++) {
            char c = latin1.charAt(i);
            if (c < 0x80) {
                out.append(c);
            } else {
                out.append(String.format("%%%02X", (int) c));
            }
        }
        return out.toString();
    }

    // Bodies

    private byte[] piece() {
        if (from == to && !more()) {
            return null;
        }
        int count = (int) Math.min(to - from, left);
        left -= count;
        if (left == 0) {
            part = Part.HEAD;
        }
        return take(count);
    }

    /** The next chunk, or what has arrived of it as a chunk of its own. */
    private byte[] chunk() {
        if (left <= 0) {
            if (insideChunks && !chunkLine().isEmpty()) {
                throw refused(400, "a chunk does not end where it should");
            }
            insideChunks = true;
            left = chunkSize(chunkLine());
            if (left == 0) {
                int budget = headLimit.getAsInt();
                for (String trailer = chunkLine(); !trailer.isEmpty(); trailer = chunkLine()) {
                    budget -= trailer.length();
                    if (budget < 0) {
                        throw refused(431, "trailers too large");
                    }
                }
                part = Part.HEAD;
                return LAST_CHUNK;
            }
        }
        if (from == to && !more()) {
            return null;
        }
        int count = (int) Math.min(to - from, left);
        left -= count;
        byte[] size = (Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        byte[] framed = Arrays.copyOf(size, size.length + count + 2);
        System.arraycopy(bytes, from, framed, size.length, count);
        framed[framed.length - 2] = '\r';
        framed[framed.length - 1] = '\n';
        take(count);
        return framed;
    }

    private static long chunkSize(String line) {
        int end = 0;
        long size = 0;
        while (end < line.length() && Character.digit(line.charAt(end), 16) >= 0) {
            size = size << 4 | Character.digit(line.charAt(end++), 16);
        }
        if (end == 0 || end > 15 || end < line.length() && "; \t".indexOf(line.charAt(end)) < 0) {
            throw refused(400, "bad chunk size");
        }
        return size;
    }

    /** The next line, without its end. */
    private String chunkLine() {
        int seen = 0;
        while (true) {
            for (; from + seen < to; seen++) {
                int at = from + seen;
                if (bytes[at] == '\n') {
                    if (seen == 0 || bytes[at - 1] != '\r') {
                        throw refused(400, "a line that does not end with CR LF");
                    }
                    String text = text(from, at - 1);
                    take(seen + 1);
                    return text;
                }
            }
            if (seen > MAX_CHUNK_LINE) {
                throw refused(400, "chunk line too long");
            }
            if (!more()) {
                throw new DataReader.InsufficientDataAvailableException();
            }
        }
    }

    // The bytes

    private boolean more() {
        byte[] next = source.get();
        if (next == null) {
            ended = true;
            return false;
        }
        if (from == to) {
            bytes = next;
            from = 0;
            to = next.length;
            return true;
        }
        if (bytes.length - to < next.length) {
            byte[] larger = new byte[Math.max(2 * (to - from), to - from + next.length)];
            System.arraycopy(bytes, from, larger, 0, to - from);
            bytes = larger;
            to -= from;
            from = 0;
        }
        System.arraycopy(next, 0, bytes, to, next.length);
        to += next.length;
        return true;
    }

    private byte[] take(int count) {
        boolean all = from == 0 && count == bytes.length;
        byte[] taken = all ? bytes : Arrays.copyOfRange(bytes, from, from + count);
        from += count;
        if (from == to) {
            bytes = NONE;
            from = 0;
            to = 0;
        }
        return taken;
    }

    /** Index of the CR that ends the line; every LF was found to follow one. */
    private int lineEnd(int start) {
        int at = start;
        while (bytes[at] != '\n') {
            at++;
        }
        return at - 1;
    }

    private int find(byte wanted, int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private String text(int start, int end) {
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }

    private static RequestException refused(int status, String why) {
        return RequestException.builder()
                .type(DirectHandler.EventType.BAD_REQUEST)
                .status(Status.create(status, Reasons.of(status)))
                .setKeepAlive(false)
                .message(why)
                .build();
    }
}
