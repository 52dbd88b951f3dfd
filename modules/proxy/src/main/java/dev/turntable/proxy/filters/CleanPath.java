package dev.turntable.proxy.filters;

import java.util.ArrayList;
import java.util.List;

/** Resolves literal dots and doubled slashes of a path; escapes are left alone (llama-swap §3.1). */
final class CleanPath {
    /** What follows is a model's name, or goes to the model: neither is ours to clean. */
    private static final List<String> AS_WRITTEN =
            List.of("/upstream/", "/logs/stream/", "/api/models/unload/", "/api/models/load/");

    private CleanPath() {}

    /** The path without empty, {@code .} and {@code ..} segments; a slash at the end stays. */
    static String of(String path) {
        if (!dirty(path) || AS_WRITTEN.stream().anyMatch(path::startsWith)) {
            return path;
        }
        List<String> kept = new ArrayList<>();
        for (String segment : path.split("/")) {
            if (segment.equals("..")) {
                if (!kept.isEmpty()) {
                    kept.removeLast();
                }
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                kept.add(segment);
            }
        }
        String clean = "/" + String.join("/", kept);
        return path.endsWith("/") && !clean.equals("/") ? clean + "/" : clean;
    }

    private static boolean dirty(String path) {
        return path.contains("//")
                || path.contains("/./")
                || path.contains("/../")
                || path.endsWith("/.")
                || path.endsWith("/..");
    }
}
