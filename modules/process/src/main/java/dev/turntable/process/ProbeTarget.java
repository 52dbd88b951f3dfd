package dev.turntable.process;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How {@code checkEndpoint} and {@code proxy} become what stands in the request line of a probe (llama-swap §4.4). */
final class ProbeTarget {
    private static final Pattern SCHEME_AND_HOST = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#]*");

    private ProbeTarget() {}

    /**
     * The path of {@code proxy}, one slash, the path of {@code endpoint}; then their queries. Of an absolute {@code endpoint} only path
     * and query count. What may not stand in a request line is escaped.
     */
    static String join(URI proxy, String endpoint) {
        Matcher absolute = SCHEME_AND_HOST.matcher(endpoint.strip());
        String rest = absolute.replaceFirst("");
        int fragment = rest.indexOf('#');
        rest = fragment < 0 ? rest : rest.substring(0, fragment);
        int mark = rest.indexOf('?');
        String path = mark < 0 ? rest : rest.substring(0, mark);
        String query = mark < 0 ? "" : rest.substring(mark + 1);
        String base = Optional.ofNullable(proxy.getRawPath()).orElse("");
        String baseQuery = Optional.ofNullable(proxy.getRawQuery()).orElse("");
        String both = baseQuery.isEmpty() || query.isEmpty() ? baseQuery + query : baseQuery + "&" + query;
        String joined = base.replaceFirst("/+$", "") + "/" + path.replaceFirst("^/+", "");
        return escaped(both.isEmpty() ? joined : joined + "?" + both);
    }

    /** Bytes of a text with its percent escapes undone. */
    static byte[] decoded(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '%' && i + 2 < bytes.length && hex(bytes[i + 1]) >= 0 && hex(bytes[i + 2]) >= 0) {
                out.write(hex(bytes[i + 1]) << 4 | hex(bytes[i + 2]));
                i += 2;
            } else {
                out.write(bytes[i]);
            }
        }
        return out.toByteArray();
    }

    private static int hex(byte b) {
        return Character.digit((char) b, 16);
    }

    private static String escaped(String target) {
        StringBuilder out = new StringBuilder();
        for (byte b : target.getBytes(StandardCharsets.UTF_8)) {
            if (b > 0x20 && b < 0x7F && "\"<>\\^`{|}".indexOf(b) < 0) {
                out.append((char) b);
            } else {
                out.append(String.format("%%%02X", b & 0xFF));
            }
        }
        return out.toString();
    }
}
