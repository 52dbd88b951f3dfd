package dev.turntable.proxy.naming;

import java.util.List;
import java.util.Set;

/** The model routes of llama-swap §3.4, rows 1 to 18, and what each does to the path. */
public final class ModelPaths {
    public static final List<String> POST = List.of(
            "/v1/chat/completions",
            "/v1/responses",
            "/v1/completions",
            "/v1/messages",
            "/v1/messages/count_tokens",
            "/v1/embeddings",
            "/rerank",
            "/reranking",
            "/v1/rerank",
            "/v1/reranking",
            "/infill",
            "/completion",
            "/v1/audio/speech",
            "/v1/audio/voices",
            "/v1/audio/transcriptions",
            "/v1/images/generations",
            "/v1/images/edits",
            "/sdapi/v1/txt2img",
            "/sdapi/v1/img2img",
            "/audioapi/v1/tasks/run",
            "/v/chat/completions",
            "/v/responses",
            "/v/completions",
            "/v/messages",
            "/v/messages/count_tokens",
            "/v/embeddings",
            "/v/rerank",
            "/v/reranking");
    public static final List<String> GET = List.of("/v1/audio/voices", "/sdapi/v1/loras", "/props");

    private static final Set<String> POST_SET = Set.copyOf(POST);
    private static final Set<String> GET_SET = Set.copyOf(GET);

    private ModelPaths() {}

    /** True when a request of this method to this decoded path is one of the model routes: tracked in flight. */
    public static boolean tracked(String method, String path) {
        return method.equals("POST") ? POST_SET.contains(path) : method.equals("GET") && GET_SET.contains(path);
    }

    /** True when it leaves an activity row and a capture: a POST to any of the paths, also, under {@code /upstream}, to one that is for GET. */
    public static boolean metered(String method, String path) {
        return method.equals("POST") && (POST_SET.contains(path) || GET_SET.contains(path));
    }

    /** The path without the prefix that only we know: {@code /v} or {@code /audioapi}. */
    public static String stripPrefix(String path) {
        if (path.startsWith("/v/")) {
            return path.substring(2);
        }
        return path.startsWith("/audioapi/") ? path.substring("/audioapi".length()) : path;
    }

    /** The path to forward: as the client wrote it, or, where a prefix is cut off, the literal path that is left. */
    public static String stripRaw(String raw, String decoded) {
        String stripped = stripPrefix(decoded);
        return stripped.equals(decoded) ? raw : stripped;
    }
}
