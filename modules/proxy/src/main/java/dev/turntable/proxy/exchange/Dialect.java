package dev.turntable.proxy.exchange;

import dev.turntable.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What clients of an API expect of an error, and of a stream before its first event. */
public enum Dialect {
    /** OpenAI's chat. */
    CHAT("/chat/completions"),
    /** OpenAI's responses. */
    RESPONSES("/responses"),
    /** OpenAI's completions. */
    COMPLETIONS("/completions"),
    /** Anthropic's messages. */
    MESSAGES("/messages", "/messages/count_tokens"),
    /** Everything else: errors as OpenAI's. */
    OTHER;

    private static final List<String> PREFIXES = List.of("/v1", "/v");

    private final List<String> paths;

    Dialect(String... paths) {
        this.paths = List.of(paths);
    }

    /** The dialect of a decoded path, under {@code /upstream/<model>} too. */
    public static Dialect of(String path) {
        for (Dialect dialect : values()) {
            for (String end : dialect.paths) {
                if (path.endsWith(end) && PREFIXES.stream().anyMatch(prefix -> path.endsWith(prefix + end))) {
                    return dialect;
                }
            }
        }
        return OTHER;
    }

    /** True for a path whose clients can be told that their model loads before they get their stream. */
    public static boolean canWait(String path) {
        return path.startsWith("/v1/chat/completions")
                || path.equals("/v1/completions")
                || path.equals("/v1/responses")
                || path.equals("/v1/messages");
    }

    /** An error in JSON. */
    Errors.Body error(int status, String message) {
        return this == MESSAGES
                ? Errors.Body.text("application/json", anthropic(status, message))
                : Errors.json(message, Errors.type(status), Errors.code(status));
    }

    private static String anthropic(int status, String message) {
        return "{\"type\":\"error\",\"error\":{\"type\":\"" + anthropicType(status) + "\",\"message\":"
                + JsonText.quoteForHtml(message) + "}}";
    }

    private static String anthropicType(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 503, 529 -> "overloaded_error";
            case 504 -> "timeout_error";
            default -> status < 500 ? "invalid_request_error" : "api_error";
        };
    }

    /** The end of a stream that could not be: an error event, and what else ends one. */
    public byte[] errorEvent(int status, String message) {
        String text =
                switch (this) {
                    case MESSAGES -> "event: error\ndata: " + anthropic(status, message) + "\n\n";
                    case RESPONSES ->
                        "event: error\ndata: {\"type\":\"error\",\"code\":\"" + Errors.code(status) + "\",\"message\":"
                                + JsonText.quoteForHtml(message) + ",\"param\":null,\"sequence_number\":0}\n\n";
                    case CHAT, COMPLETIONS, OTHER ->
                        "data: " + error(status, message).text() + "\n\ndata: [DONE]\n\n";
                };
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
