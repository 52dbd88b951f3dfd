package dev.turntable.proxy.naming;

import dev.turntable.json.BodyView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A multipart form, read where it lies: value fields, and where each stands, so that one can be replaced without touching any other byte
 * (llama-swap §6.1). Files are stepped over, never copied.
 */
record Multipart(List<Value> values) {
    /** A part without a file name: its text and its place in the body. */
    record Value(String name, String text, long from, long to) {}

    /** Longest head of a part, and longest value that is read. */
    private static final int MAX_HEAD = 64 * 1024;

    private static final int MAX_VALUE = 1 << 20;

    Multipart {
        values = List.copyOf(values);
    }

    Optional<String> first(String name) {
        return values.stream().filter(v -> v.name().equals(name)).findFirst().map(Value::text);
    }

    /** The boundary that a content type names; empty without a usable one. */
    static Optional<String> boundary(String contentType) {
        return parameter(contentType, "boundary").filter(b -> !b.isEmpty() && b.length() <= 70);
    }

    /** Reads the form; empty when it is not one: wrong boundary, cut off, a part without name. */
    static Optional<Multipart> parse(BodyView body, String boundary) {
        return new Reader(body, boundary).read();
    }

    /** A parameter of a header value, quoted or not. */
    static Optional<String> parameter(String header, String name) {
        int at = header.indexOf(';');
        while (at >= 0 && at < header.length()) {
            int equals = header.indexOf('=', at);
            if (equals < 0) {
                return Optional.empty();
            }
            String key = header.substring(at + 1, equals).strip();
            int from = equals + 1;
            StringBuilder value = new StringBuilder();
            int end;
            if (from < header.length() && header.charAt(from) == '"') {
                end = from + 1;
                while (end < header.length() && header.charAt(end) != '"') {
                    // A backslash hides a quote or itself; before anything else it is meant (paths of old browsers).
                    if (header.charAt(end) == '\\'
                            && end + 1 < header.length()
                            && (header.charAt(end + 1) == '"' || header.charAt(end + 1) == '\\')) {
                        end++;
                    }
                    value.append(header.charAt(end++));
                }
                if (end >= header.length()) {
                    return Optional.empty();
                }
                end = header.indexOf(';', end);
            } else {
                end = header.indexOf(';', from);
                value.append(header, from, end < 0 ? header.length() : end);
            }
            if (key.equalsIgnoreCase(name)) {
                return Optional.of(value.toString().strip());
            }
            at = end;
        }
        return Optional.empty();
    }

    private static final class Reader {
        private final BodyView body;
        private final long size;
        private final byte[] delimiter;
        private final List<Value> values = new ArrayList<>();

        Reader(BodyView body, String boundary) {
            this.body = body;
            this.size = body.size();
            this.delimiter = ("--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        }

        Optional<Multipart> read() {
            long at = firstDelimiter();
            while (at >= 0) {
                long after = at + delimiter.length;
                if (after + 2 <= size && byteAt(after) == '-' && byteAt(after + 1) == '-') {
                    return Optional.of(new Multipart(values));
                }
                long head = skipLine(after);
                if (head < 0) {
                    return Optional.empty();
                }
                at = part(head);
            }
            return Optional.empty();
        }

        /** Reads the part whose head begins here; answers where the next delimiter begins, -1 when there is none. */
        private long part(long head) {
            String disposition = "";
            long at = head;
            while (true) {
                long next = skipLine(at);
                if (next < 0 || next - head > MAX_HEAD) {
                    return -1;
                }
                String line = text(at, next).stripTrailing();
                if (line.isEmpty()) {
                    at = next;
                    break;
                }
                if (line.toLowerCase(Locale.ROOT).startsWith("content-disposition:")) {
                    disposition = line.substring("content-disposition:".length());
                }
                at = next;
            }
            long end = nextDelimiter(at);
            if (end < 0) {
                return -1;
            }
            long valueEnd = end >= at + 2 && byteAt(end - 2) == '\r' ? end - 2 : end - 1;
            valueEnd = Math.max(at, valueEnd);
            Optional<String> name = parameter(disposition, "name");
            boolean isFile =
                    parameter(disposition, "filename").filter(f -> !f.isEmpty()).isPresent()
                            || disposition.toLowerCase(Locale.ROOT).contains("filename*=");
            if (name.isPresent() && !isFile && valueEnd - at <= MAX_VALUE) {
                values.add(new Value(utf8(name.get()), utf8(text(at, valueEnd)), at, valueEnd));
            }
            return end;
        }

        private static String utf8(String latin1) {
            return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        }

        private String text(long from, long to) {
            return new String(body.slice(from, to), StandardCharsets.ISO_8859_1);
        }

        private byte byteAt(long i) {
            return body.at(i);
        }

        private long skipLine(long from) {
            long limit = Math.min(size, from + MAX_HEAD);
            for (long i = from; i < limit; i++) {
                if (byteAt(i) == '\n') {
                    return i + 1;
                }
            }
            return -1;
        }

        private long firstDelimiter() {
            if (matches(0)) {
                return 0;
            }
            return nextDelimiter(0);
        }

        /** The next delimiter at the beginning of a line. */
        private long nextDelimiter(long from) {
            for (long i = from; i + delimiter.length <= size; i++) {
                if (byteAt(i) == '-'
                        && (i == from || byteAt(i - 1) == '\n')
                        && matches(i)
                        && lineLike(i + delimiter.length)) {
                    return i;
                }
            }
            return -1;
        }

        /** Behind a delimiter stand blanks and a line break, or the two dashes of the end: {@code --Bo x} is none. */
        private boolean lineLike(long after) {
            long at = after;
            if (at + 2 <= size && byteAt(at) == '-' && byteAt(at + 1) == '-') {
                return true;
            }
            while (at < size && (byteAt(at) == ' ' || byteAt(at) == '\t')) {
                at++;
            }
            return at < size && (byteAt(at) == '\r' || byteAt(at) == '\n');
        }

        private boolean matches(long at) {
            if (at + delimiter.length > size) {
                return false;
            }
            for (int i = 0; i < delimiter.length; i++) {
                if (byteAt(at + i) != delimiter[i]) {
                    return false;
                }
            }
            return true;
        }
    }
}
