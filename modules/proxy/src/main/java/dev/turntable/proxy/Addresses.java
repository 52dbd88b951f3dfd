package dev.turntable.proxy;

import java.net.URI;

/** Puts the path and query of a request behind a base address (llama-swap §6.2). */
final class Addresses {
    private Addresses() {}

    /** Path and query for the request line: exactly one slash between the paths, queries joined by {@code &}. */
    static String join(URI base, String rawPath, boolean hasQuery, String rawQuery) {
        String escaped = PercentCodec.escapeOdd(rawPath);
        return joinEscaped(base, escaped, hasQuery, rawQuery);
    }

    private static String joinEscaped(URI base, String rawPath, boolean hasQuery, String rawQuery) {
        String basePath = base.getRawPath() == null ? "" : base.getRawPath();
        String path = basePath.endsWith("/") && rawPath.startsWith("/")
                ? basePath + rawPath.substring(1)
                : basePath.isEmpty() || rawPath.startsWith("/") ? basePath + rawPath : basePath + "/" + rawPath;
        String own = base.getRawQuery() == null ? "" : base.getRawQuery();
        if (own.isEmpty()) {
            return hasQuery ? path + "?" + rawQuery : path;
        }
        return rawQuery.isEmpty() ? path + "?" + own : path + "?" + own + "&" + rawQuery;
    }

    /** The query without the parts that cannot be read; as it is when all can (llama-swap §6.5). */
    static String readable(String rawQuery) {
        Form form = Form.parse(rawQuery);
        return form.sound() ? rawQuery : form.encode();
    }
}
