package dev.turntable.json;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Finds a top-level field of a JSON text by scanning, not by parsing (llama-swap §3.3): text before the first brace is skipped, missing
 * commas and whatever follows the field do not matter, the first of duplicate keys wins. Iterative, so depth costs nothing.
 */
public final class JsonScan {
    /** What kind of value was found. */
    public enum Kind {
        TEXT,
        NUMBER,
        TRUE,
        FALSE,
        NULL,
        COMPOUND
    }

    /** A value where it stands: {@code raw} as written, {@code text} decoded for a text. */
    public record Found(Kind kind, long from, long to, String raw, String text) {
        /** The value as the reference turns it into text. */
        public String asText() {
            return switch (kind) {
                case TEXT -> text;
                case NUMBER -> number();
                case TRUE -> "true";
                case FALSE -> "false";
                case NULL -> "";
                case COMPOUND -> raw;
            };
        }

        public boolean truthy() {
            return switch (kind) {
                case TRUE -> true;
                case TEXT ->
                    switch (text.toLowerCase(java.util.Locale.ROOT)) {
                        case "1", "t", "true" -> true;
                        default -> false;
                    };
                case NUMBER -> {
                    try {
                        yield new BigDecimal(raw).signum() != 0;
                    } catch (NumberFormatException odd) {
                        yield false;
                    }
                }
                case FALSE, NULL, COMPOUND -> false;
            };
        }

        private String number() {
            String digits = raw.startsWith("-") ? raw.substring(1) : raw;
            if (!digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return raw;
            }
            try {
                BigDecimal plain = BigDecimal.valueOf(Double.parseDouble(raw)).stripTrailingZeros();
                return plain.scale() < 0 ? plain.setScale(0).toPlainString() : plain.toPlainString();
            } catch (NumberFormatException odd) {
                return "0";
            }
        }
    }

    /** A model name longer than this is nobody's; the text of compound values is cut here as well. */
    private static final long MAX_VALUE = 1 << 20;

    private final BodyView json;
    private final long size;

    private JsonScan(BodyView json) {
        this.json = json;
        this.size = json.size();
    }

    public static Optional<Found> field(byte[] json, String name) {
        return field(BodyView.of(json), name);
    }

    public static Optional<Found> field(BodyView json, String name) {
        return new JsonScan(json).find(name);
    }

    private byte at(long i) {
        return json.at(i);
    }

    private Optional<Found> find(String name) {
        long i = 0;
        while (i < size && at(i) != '{') {
            if (at(i) == '[') {
                return Optional.empty();
            }
            i++;
        }
        i++;
        while (i < size) {
            while (i < size && at(i) != '"') {
                if (at(i) == '}') {
                    return Optional.empty();
                }
                i++;
            }
            long keyEnd = stringEnd(i);
            if (keyEnd < 0) {
                return Optional.empty();
            }
            boolean hit = keyIs(i, keyEnd, name);
            i = valueStart(keyEnd);
            if (i >= size) {
                return Optional.empty();
            }
            long end = valueEnd(i);
            if (end < 0) {
                return Optional.empty();
            }
            if (hit) {
                return Optional.of(found(i, end));
            }
            i = end;
        }
        return Optional.empty();
    }

    private boolean keyIs(long from, long end, String name) {
        long length = end - from - 2;
        boolean escaped = false;
        for (long i = from + 1; i < end - 1; i++) {
            if (at(i) == '\\') {
                escaped = true;
                break;
            }
        }
        if (!escaped) {
            if (length != name.length()) {
                return false;
            }
            for (int i = 0; i < length; i++) {
                if (at(from + 1 + i) != name.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
        return length < 1024 && JsonText.unescape(slice(from + 1, end - 1)).equals(name);
    }

    /** Where a value begins: everything that cannot begin one is skipped. */
    private long valueStart(long i) {
        long at = i;
        while (at < size) {
            byte c = at(at);
            if (c == '"' || c == '{' || c == '[' || c == 't' || c == 'f' || c == 'n' || numeric(c)) {
                return at;
            }
            at++;
        }
        return at;
    }

    private static boolean numeric(byte c) {
        return c >= '0' && c <= '9' || c == '-' || c == '+' || c == 'i' || c == 'I' || c == 'N';
    }

    private long valueEnd(long i) {
        byte c = at(i);
        if (c == '"') {
            return stringEnd(i);
        }
        if (c == '{' || c == '[') {
            return squash(i);
        }
        long at = i + 1;
        if (c == 't' || c == 'f' || c == 'n') {
            while (at < size && at(at) >= 'a' && at(at) <= 'z') {
                at++;
            }
            return at;
        }
        while (at < size && at(at) > ' ' && at(at) != ',' && at(at) != ']' && at(at) != '}') {
            at++;
        }
        return at;
    }

    /** Index behind the closing quote of the string that opens at {@code i}; -1 when it does not close. */
    private long stringEnd(long i) {
        long at = i + 1;
        while (at < size) {
            byte c = at(at);
            if (c == '"') {
                return at + 1;
            }
            at += c == '\\' ? 2 : 1;
        }
        return -1;
    }

    /** Index behind the bracket that closes the one at {@code i}, or the end. */
    private long squash(long i) {
        long depth = 0;
        long at = i;
        while (at < size) {
            byte c = at(at);
            if (c == '"') {
                long end = stringEnd(at);
                if (end < 0) {
                    return size;
                }
                at = end;
                continue;
            }
            if (c == '{' || c == '[') {
                depth++;
            } else if (c == '}' || c == ']') {
                depth--;
                if (depth == 0) {
                    return at + 1;
                }
            }
            at++;
        }
        return size;
    }

    private Found found(long from, long end) {
        byte c = at(from);
        if (c == '"') {
            String raw = slice(from, end);
            return new Found(Kind.TEXT, from, end, raw, JsonText.unescape(raw.substring(1, raw.length() - 1)));
        }
        String raw = slice(from, end);
        Kind kind =
                switch (c) {
                    case '{', '[' -> Kind.COMPOUND;
                    case 't' -> Kind.TRUE;
                    case 'f' -> Kind.FALSE;
                    case 'n' -> Kind.NULL;
                    default -> Kind.NUMBER;
                };
        return new Found(kind, from, end, raw, raw);
    }

    private String slice(long from, long end) {
        long to = Math.min(end, from + MAX_VALUE);
        return new String(json.slice(from, to), StandardCharsets.UTF_8);
    }
}
