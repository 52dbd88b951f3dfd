package dev.turntable.http2;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Takes the fields of a request's header section one by one and says what is wrong with them (RFC 9113 §8). Never throws: the block must be
 * read to its end for the sake of the table. What passes here can be written as HTTP/1.1 and is read there as what it is here.
 */
final class RequestFields implements Consumer<Field> {
    private final int limit;
    private final List<Field> fields = new ArrayList<>(16);
    private final StringBuilder cookies = new StringBuilder();
    private Optional<String> violation = Optional.empty();
    private String method = "";
    private String scheme = "";
    private String authority = "";
    private String path = "";
    private String host = "";
    private long length = -1;
    private long size;

    /** {@code limit}: the most that all fields together may take. */
    RequestFields(int limit) {
        this.limit = limit;
    }

    @Override
    public void accept(Field field) {
        size += field.size();
        if (tooLarge()) {
            return;
        }
        if (field.name().startsWith(":")) {
            pseudo(field.name(), field.value());
        } else if (!isName(field.name())) {
            violates("a malformed field name");
        } else if (!isValue(field.value())) {
            violates("a malformed field value");
        } else {
            regular(field);
        }
    }

    /** Over the limit; nothing else is known then. */
    boolean tooLarge() {
        return size > limit;
    }

    /** The first thing that was wrong with a section that has been read to its end. */
    Optional<String> violation(boolean withoutBody) {
        if (violation.isPresent()) {
            return violation;
        }
        if (authority.isEmpty()) {
            authority = host;
        }
        if (!HttpText.isToken(method)) {
            violates("no method, or a malformed one");
        } else if (authority.isEmpty() || !isAuthority(authority)) {
            violates("no authority, or a malformed one");
        } else if (!host.isEmpty() && !host.equalsIgnoreCase(authority)) {
            violates("host is not the authority");
        } else if (method.equals("CONNECT")) {
            require(scheme.isEmpty() && path.isEmpty(), "CONNECT with a scheme or path");
        } else {
            require(scheme.equals("https") || scheme.equals("http"), "no scheme, or a strange one");
            require(isPath(), "no path, or a malformed one");
        }
        require(!withoutBody || length <= 0, "a length without a body");
        return violation;
    }

    /** The request, when nothing is wrong with it. */
    Request request() {
        if (!cookies.isEmpty()) {
            fields.add(new Field("cookie", cookies.toString()));
        }
        return new Request(method, authority, path, length, fields);
    }

    private void violates(String what) {
        if (violation.isEmpty()) {
            violation = Optional.of(what);
        }
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            violates(otherwise);
        }
    }

    private void pseudo(String name, String value) {
        require(fields.isEmpty() && cookies.isEmpty() && host.isEmpty() && length < 0, "a pseudo-field behind a field");
        require(!value.isEmpty(), "an empty pseudo-field");
        switch (name) {
            case ":method" -> {
                require(method.isEmpty(), "two methods");
                method = value;
            }
            case ":scheme" -> {
                require(scheme.isEmpty(), "two schemes");
                scheme = value;
            }
            case ":authority" -> {
                require(authority.isEmpty(), "two authorities");
                authority = value;
            }
            case ":path" -> {
                require(path.isEmpty(), "two paths");
                path = value;
            }
            default -> violates("an unknown pseudo-field");
        }
    }

    private void regular(Field field) {
        switch (field.name()) {
            case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade" ->
                violates("a field about the connection");
            case "te" -> {
                require(field.value().equals("trailers"), "te says more than trailers");
                fields.add(field);
            }
            case "host" -> {
                require(host.isEmpty() && !field.value().isEmpty(), "two hosts, or an empty one");
                host = field.value();
            }
            case "content-length" -> {
                long said = HttpText.digits(field.value());
                require(said >= 0 && (length < 0 || length == said), "a malformed content-length");
                length = said;
            }
            // Split for the sake of the table; one line elsewhere (RFC 9113 §8.2.3).
            case "cookie" -> cookies.append(cookies.isEmpty() ? "" : "; ").append(field.value());
            default -> fields.add(field);
        }
    }

    private boolean isPath() {
        boolean begins = path.startsWith("/") || path.equals("*") && method.equals("OPTIONS");
        return begins && path.chars().noneMatch(c -> c <= ' ' || c == 0x7f);
    }

    private static boolean isAuthority(String text) {
        return text.chars().noneMatch(c -> c <= ' ' || c >= 0x7f || "@/?#\\".indexOf(c) >= 0);
    }

    private static boolean isName(String name) {
        return HttpText.isToken(name) && name.chars().noneMatch(c -> c >= 'A' && c <= 'Z');
    }

    private static boolean isValue(String value) {
        if (value.isEmpty()) {
            return true;
        }
        boolean blank = isBlank(value.charAt(0)) || isBlank(value.charAt(value.length() - 1));
        return !blank && value.chars().noneMatch(c -> c < ' ' && c != '\t' || c == 0x7f);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** Whether a trailer section is one: it has no pseudo-fields. What it says is not used. */
    static final class Trailers implements Consumer<Field> {
        private boolean sound = true;

        @Override
        public void accept(Field field) {
            sound &= isName(field.name()) && isValue(field.value());
        }

        boolean sound() {
            return sound;
        }
    }
}
