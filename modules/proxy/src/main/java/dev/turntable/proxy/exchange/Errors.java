package dev.turntable.proxy.exchange;

import dev.turntable.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Error bodies in the form the client asked for (llama-swap §3.2). */
public final class Errors {
    private static final String SRC = "llama-swap";

    private Errors() {}

    /** Content type and bytes of an answer. */
    public record Body(String contentType, byte[] bytes) {
        public static Body text(String contentType, String text) {
            return new Body(contentType, text.getBytes(StandardCharsets.UTF_8));
        }

        public String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /**
     * The body of an error.
     *
     * @param accept raw text of the first {@code Accept} header; matched as it is, without regard to weights
     */
    public static Body body(Optional<String> accept, int status, String message) {
        return body(accept, Dialect.OTHER, status, message);
    }

    /** The same for the clients of an API; those who want JSON get it in its dialect. */
    public static Body body(Optional<String> accept, Dialect dialect, int status, String message) {
        String wanted = accept.orElse("");
        if (wanted.contains("text/plain")) {
            return Body.text("text/plain", SRC + ": " + message);
        }
        if (wanted.contains("text/html")) {
            return Body.text(
                    "text/html", "<html><body><h1>" + SRC + "</h1><p>" + escapeHtml(message) + "</p></body></html>");
        }
        return dialect.error(status, message);
    }

    /** The JSON form with a type and code of its own. */
    public static Body json(String message, String type, String code) {
        return Body.text(
                "application/json",
                "{\"src\":\"" + SRC + "\",\"error\":{\"message\":" + JsonText.quoteForHtml(message) + ",\"type\":\""
                        + type + "\",\"param\":null,\"code\":\"" + code + "\"}}");
    }

    /** The rejection of a model at its concurrency limit: JSON whatever the client accepts; goes with 429 and {@code Retry-After: 1}. */
    public static Body concurrencyLimit(Dialect dialect) {
        String message = "Too many requests";
        return dialect == Dialect.MESSAGES
                ? dialect.error(429, message)
                : json(message, "rate_limit_error", "concurrency_limit");
    }

    static String type(int status) {
        return switch (status) {
            case 401, 403 -> "authentication_error";
            case 429 -> "rate_limit_error";
            default -> status >= 400 && status < 500 ? "invalid_request_error" : "server_error";
        };
    }

    static String code(int status) {
        return switch (status) {
            case 400 -> "bad_request";
            case 401 -> "unauthorized";
            case 403 -> "forbidden";
            case 404 -> "not_found";
            case 409 -> "conflict";
            case 429 -> "rate_limit_exceeded";
            case 502 -> "bad_gateway";
            case 503 -> "service_unavailable";
            case 504 -> "gateway_timeout";
            default -> status >= 400 && status < 500 ? "invalid_request" : "internal_error";
        };
    }

    /** Text with the five characters that mean something in HTML replaced. */
    public static String escapeHtml(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&#34;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
        return out.toString();
    }
}
