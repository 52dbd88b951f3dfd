package dev.turntable.json;

/** JSON string literals, read tolerantly and written as the reference's editor writes them. */
public final class JsonText {
    private JsonText() {}

    /** Decodes the inside of a literal; a bad escape ends the text there. */
    public static String unescape(String inside) {
        if (inside.indexOf('\\') < 0) {
            return inside;
        }
        StringBuilder out = new StringBuilder(inside.length());
        for (int i = 0; i < inside.length(); i++) {
            char c = inside.charAt(i);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            i++;
            if (i >= inside.length()) {
                return out.toString();
            }
            switch (inside.charAt(i)) {
                case '\\' -> out.append('\\');
                case '/' -> out.append('/');
                case 'b' -> out.append('\b');
                case 'f' -> out.append('\f');
                case 'n' -> out.append('\n');
                case 'r' -> out.append('\r');
                case 't' -> out.append('\t');
                case '"' -> out.append('"');
                case 'u' -> {
                    if (i + 5 > inside.length()) {
                        return out.toString();
                    }
                    int unit = hex(inside, i + 1);
                    if (unit < 0) {
                        return out.toString();
                    }
                    out.append((char) unit);
                    i += 4;
                }
                default -> {
                    return out.toString();
                }
            }
        }
        return out.toString();
    }

    private static int hex(String text, int from) {
        int value = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /** A literal with nothing escaped that need not be: a name in a request should stay readable. */
    public static String quote(String text) {
        return quote(text, false);
    }

    /** A literal that a page may embed: {@code <}, {@code >} and {@code &} are escaped as the reference does (llama-swap §13.3). */
    public static String quoteForHtml(String text) {
        return quote(text, true);
    }

    private static String quote(String text, boolean html) {
        StringBuilder out = new StringBuilder(text.length() + 16).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < 0x20 || c == 0x2028 || c == 0x2029 || html && (c == '<' || c == '>' || c == '&')) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
