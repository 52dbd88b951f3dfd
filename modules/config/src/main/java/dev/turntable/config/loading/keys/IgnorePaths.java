package dev.turntable.config.loading.keys;

import dev.turntable.config.PathPattern;
import dev.turntable.config.compat.GoText;
import dev.turntable.config.loading.yaml.Node;
import java.util.ArrayList;
import java.util.List;

/** Compiles {@code upstream.ignorePaths} (llama-swap §2.5). */
final class IgnorePaths {
    /** What counts when the list is absent or empty. */
    static final List<PathPattern> DEFAULT = List.of(PathPattern.of(".*\\.(js|json|css|png|gif|jpg|jpeg|ico|txt)$"));

    private IgnorePaths() {}

    static List<PathPattern> compile(Conversions upstream) {
        List<PathPattern> patterns = new ArrayList<>();
        for (Node node : upstream.items("ignorePaths", "[]string")) {
            upstream.text(node, "upstream.ignorePaths").ifPresent(regex -> {
                try {
                    patterns.add(PathPattern.of(regex));
                } catch (IllegalArgumentException e) {
                    upstream.problems()
                            .error(
                                    "upstream.ignorePaths: invalid regular expression " + GoText.quoted(regex) + ": "
                                            + e.getMessage(),
                                    node,
                                    "patterns are RE2: no look-around, no back-references");
                }
            });
        }
        return patterns;
    }
}
