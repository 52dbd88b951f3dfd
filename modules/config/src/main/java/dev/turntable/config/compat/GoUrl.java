package dev.turntable.config.compat;

import dev.turntable.config.UpstreamUrl;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Checks a URL by the rules of the reference's library, which take more than Java's, and gives Java a form that it takes. */
public final class GoUrl {
    /** Either the URL, or why it is none. */
    public sealed interface Result {
        record Good(UpstreamUrl url) implements Result {}

        record Bad(String reason) implements Result {}
    }

    private GoUrl() {}

    public static Result parse(String text) {
        Optional<String> mistake = mistake(text);
        if (mistake.isPresent()) {
            return new Result.Bad("parse " + GoText.quoted(text) + ": " + mistake.get());
        }
        return new Result.Good(new UpstreamUrl(text, GoText.isBlank(text) ? Optional.empty() : uri(text)));
    }

    private static Optional<String> mistake(String text) {
        if (text.chars().anyMatch(c -> c < 0x20 || c == 0x7F)) {
            return Optional.of("net/url: invalid control character in URL");
        }
        int fragment = text.indexOf('#');
        String main = fragment < 0 ? text : text.substring(0, fragment);
        int colon = schemeEnd(main);
        if (colon == 0) {
            return Optional.of("missing protocol scheme");
        }
        String rest = colon < 0 ? main : main.substring(colon + 1);
        int query = rest.indexOf('?');
        rest = query < 0 ? rest : rest.substring(0, query);
        if (!rest.startsWith("/")) {
            int slash = rest.indexOf('/');
            String segment = slash < 0 ? rest : rest.substring(0, slash);
            if (colon < 0 && segment.contains(":")) {
                return Optional.of("first path segment in URL cannot contain colon");
            }
            return colon > 0 ? Optional.empty() : badEscape(rest);
        }
        if (!rest.startsWith("//")) {
            return badEscape(rest);
        }
        int path = rest.indexOf('/', 2);
        String authority = path < 0 ? rest.substring(2) : rest.substring(2, path);
        Optional<String> bad = badAuthority(authority);
        return bad.isPresent() ? bad : path < 0 ? Optional.empty() : badEscape(rest.substring(path));
    }

    /** Index of the colon behind a scheme, 0 for a leading colon, -1 without scheme. */
    private static int schemeEnd(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            boolean later = c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.';
            if (c == ':') {
                return i;
            }
            if (!letter && !(later && i > 0)) {
                return -1;
            }
        }
        return -1;
    }

    private static Optional<String> badAuthority(String authority) {
        int at = authority.lastIndexOf('@');
        if (at >= 0 && !authority.substring(0, at).matches("[A-Za-z0-9._:~!$&'()*+,;=%@-]*")) {
            return Optional.of("net/url: invalid userinfo");
        }
        String host = authority.substring(at + 1);
        if (host.startsWith("[")) {
            int close = host.lastIndexOf(']');
            if (close < 0) {
                return Optional.of("missing ']' in host");
            }
            return badPort(host.substring(close + 1));
        }
        int colon = host.lastIndexOf(':');
        if (colon >= 0) {
            Optional<String> bad = badPort(host.substring(colon));
            if (bad.isPresent()) {
                return bad;
            }
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (" <>\"\\^`{|}".indexOf(c) >= 0) {
                return Optional.of("invalid character " + GoText.quoted(String.valueOf(c)) + " in host name");
            }
        }
        return badEscape(host);
    }

    private static Optional<String> badPort(String port) {
        boolean good = port.isEmpty()
                || port.charAt(0) == ':' && port.substring(1).chars().allMatch(c -> c >= '0' && c <= '9');
        return good ? Optional.empty() : Optional.of("invalid port " + GoText.quoted(port) + " after host");
    }

    private static Optional<String> badEscape(String text) {
        for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + 1)) {
            boolean good = i + 2 < text.length()
                    && Character.digit(text.charAt(i + 1), 16) >= 0
                    && Character.digit(text.charAt(i + 2), 16) >= 0;
            if (!good) {
                return Optional.of(
                        "invalid URL escape " + GoText.quoted(text.substring(i, Math.min(text.length(), i + 3))));
            }
        }
        return Optional.empty();
    }

    private static Optional<URI> uri(String text) {
        try {
            return Optional.of(new URI(text));
        } catch (URISyntaxException e) {
            return escaped(text);
        }
    }

    /** Java wants more characters escaped. */
    private static Optional<URI> escaped(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            if (c > 0x20 && c < 0x7F && "<>\"\\^`{|}".indexOf(c) < 0) {
                out.append(c);
            } else {
                out.append(String.format("%%%02X", (int) c));
            }
        }
        try {
            return Optional.of(new URI(out.toString()));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
