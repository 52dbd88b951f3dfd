package dev.turntable.proxy.exchange;

import dev.turntable.upstream.Headers;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;

/** Header lines as lists and captures show them (llama-swap §8.5). */
public final class ShownHeaders {
    private static final Set<String> SECRET =
            Set.of("authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key");

    private static final String REDACTED = "[REDACTED]";

    private ShownHeaders() {}

    /** Canonical name to first value, secrets masked. */
    public static SequencedMap<String, String> of(Headers headers) {
        SequencedMap<String, String> shown = new LinkedHashMap<>();
        headers.forEach((name, value) ->
                shown.putIfAbsent(canonical(name), SECRET.contains(name.toLowerCase(Locale.ROOT)) ? REDACTED : value));
        return shown;
    }

    /** {@code x-api-key} as {@code X-Api-Key}. */
    private static String canonical(String name) {
        StringBuilder out = new StringBuilder(name.length());
        boolean upper = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            out.append(upper ? Character.toUpperCase(c) : Character.toLowerCase(c));
            upper = c == '-';
        }
        return out.toString();
    }
}
