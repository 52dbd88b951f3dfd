package dev.turntable.proxy.exchange;

import dev.turntable.config.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Decides whether a request holds one of the configured keys (llama-swap §3.1); keys are compared in constant time. */
public final class Authentication {
    /** What a client without a good key is told. */
    public static final String MESSAGE = "unauthorized: invalid or missing API key";

    /** The value of {@code WWW-Authenticate} that goes with it. */
    public static final String CHALLENGE = "Basic realm=\"llama-swap\"";

    private Authentication() {}

    /**
     * True when no keys are configured or the request holds one of them.
     *
     * @param authorization raw first {@code Authorization} header, its bytes as Latin-1
     * @param apiKey raw first {@code x-api-key} header, its bytes as Latin-1
     */
    public static boolean permits(List<Secret> keys, Optional<String> authorization, Optional<String> apiKey) {
        return keys.isEmpty() || matching(keys, authorization, apiKey).isPresent();
    }

    /** The configured key that the request holds; all keys are compared, so that time tells nothing. */
    public static Optional<Secret> matching(
            List<Secret> keys, Optional<String> authorization, Optional<String> apiKey) {
        String candidate = utf8(candidate(authorization, apiKey));
        Secret found = null;
        for (Secret key : keys) {
            if (key.matches(candidate) && !candidate.isEmpty()) {
                found = key;
            }
        }
        return Optional.ofNullable(found);
    }

    private static String candidate(Optional<String> authorization, Optional<String> apiKey) {
        String header = authorization.orElse("");
        if (header.regionMatches(true, 0, "Basic ", 0, 6)) {
            String password = basicPassword(header.substring(6));
            if (!password.isEmpty()) {
                return password;
            }
        } else if (header.regionMatches(true, 0, "Bearer ", 0, 7) && header.length() > 7) {
            return header.substring(7);
        }
        return apiKey.orElse("");
    }

    /** The password part; empty when it cannot be decoded or has no colon. */
    private static String basicPassword(String encoded) {
        try {
            // The decoder of the JDK tolerates missing padding; the contract asks for standard padded base64.
            if (encoded.length() % 4 != 0) {
                return "";
            }
            String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.ISO_8859_1);
            int colon = pair.indexOf(':');
            return colon < 0 ? "" : pair.substring(colon + 1);
        } catch (IllegalArgumentException notBase64) {
            return "";
        }
    }

    private static String utf8(String latin1) {
        return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
