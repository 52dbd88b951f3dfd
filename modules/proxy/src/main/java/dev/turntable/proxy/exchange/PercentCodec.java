package dev.turntable.proxy.exchange;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Percent escapes of paths and queries, strict: a bad escape is an empty answer. Text in and out is Latin-1 on the wire, UTF-8 inside. */
public final class PercentCodec {
    private PercentCodec() {}

    /** Decodes a path; {@code +} is a plus sign. */
    static Optional<String> decodePath(String text) {
        return decode(text, false);
    }

    /** Decodes a part of a query or form; {@code +} is a blank. */
    public static Optional<String> decodeQuery(String text) {
        return decode(text, true);
    }

    private static Optional<String> decode(String text, boolean plus) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    return Optional.empty();
                }
                out.write(high << 4 | low);
                i += 2;
            } else if (c == '+' && plus) {
                out.write(' ');
            } else {
                out.write(c);
            }
        }
        return Optional.of(out.toString(StandardCharsets.UTF_8));
    }

    /** True when every escape of a path is well formed. */
    public static boolean wellFormed(String text) {
        for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + 1)) {
            if (i + 2 >= text.length()
                    || Character.digit(text.charAt(i + 1), 16) < 0
                    || Character.digit(text.charAt(i + 2), 16) < 0) {
                return false;
            }
        }
        return true;
    }

    /** A path with what no path may hold as it is escaped: bytes beyond ASCII and a few signs. */
    public static String escapeOdd(String rawPath) {
        if (rawPath.chars().noneMatch(PercentCodec::odd)) {
            return rawPath;
        }
        StringBuilder out = new StringBuilder(rawPath.length() + 16);
        for (int i = 0; i < rawPath.length(); i++) {
            char c = rawPath.charAt(i);
            if (odd(c)) {
                out.append(String.format("%%%02X", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static boolean odd(int c) {
        return c >= 0x80 || "\"<>\\^`{|}".indexOf(c) >= 0;
    }

    /** A model's name as the beginning of a path; its slashes stay where they part something from something. */
    public static String encodeName(String name) {
        boolean odd = ("/" + name + "/").contains("//");
        return URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", odd ? "%2F" : "/")
                .replace("%3A", ":");
    }

    /** Escapes a form value as a browser does: blanks as {@code +}, all but unreserved characters in hexadecimal. */
    public static String encodeQuery(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            int c = b & 0xff;
            if (c == ' ') {
                out.append('+');
            } else if (c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || c == '-'
                    || c == '_'
                    || c == '.'
                    || c == '~') {
                out.append((char) c);
            } else {
                out.append(String.format("%%%02X", c));
            }
        }
        return out.toString();
    }
}
