package dev.turntable.proxy.forward;

import dev.turntable.proxy.exchange.PercentCodec;
import dev.turntable.proxy.naming.Form;
import java.net.URI;
import java.util.Optional;

/** Puts the path and query of a request behind a base address (llama-swap §6.2). */
final class Addresses {
    private Addresses() {}

    /** Path and query for the request line: exactly one slash between the paths, queries joined by {@code &}. */
    static String join(URI base, String rawPath, Optional<String> query) {
        String asked = PercentCodec.escapeOdd(rawPath);
        String basePath = base.getRawPath() == null ? "" : base.getRawPath();
        String path = basePath.endsWith("/") && asked.startsWith("/")
                ? basePath + asked.substring(1)
                : basePath.isEmpty() || asked.startsWith("/") ? basePath + asked : basePath + "/" + asked;
        String own = base.getRawQuery() == null ? "" : base.getRawQuery();
        if (own.isEmpty()) {
            return path + query.map(q -> "?" + q).orElse("");
        }
        return path + "?" + own
                + query.filter(q -> !q.isEmpty()).map(q -> "&" + q).orElse("");
    }

    /** The query without the parts that cannot be read; as it is when all can (llama-swap §6.5). */
    static String readable(String rawQuery) {
        Form form = Form.parse(rawQuery);
        return form.sound() ? rawQuery : form.encode();
    }
}
