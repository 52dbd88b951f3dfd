package dev.turntable.config.loading.keys;

import dev.turntable.config.compat.GoRegex;
import dev.turntable.config.compat.GoText;
import dev.turntable.config.loading.yaml.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Compiles {@code upstream.ignorePaths} (llama-swap §2.5). */
final class IgnorePaths {
    /** What counts when the list is absent or empty. */
    static final List<Pattern> DEFAULT = List.of(Pattern.compile(".*\\.(js|json|css|png|gif|jpg|jpeg|ico|txt)$"));

    private IgnorePaths() {}

    static List<Pattern> compile(Fit upstream) {
        List<Pattern> patterns = new ArrayList<>();
        for (Node node : upstream.items("ignorePaths", "[]string")) {
            upstream.text(node, "upstream.ignorePaths").ifPresent(regex -> {
                switch (GoRegex.compile(regex)) {
                    case GoRegex.Result.Good good -> patterns.add(good.pattern());
                    case GoRegex.Result.Bad bad ->
                        upstream.problems()
                                .error(
                                        "upstream.ignorePaths: invalid regular expression " + GoText.quoted(regex)
                                                + ": " + bad.reason(),
                                        node,
                                        "patterns are RE2: no look-around, no back-references");
                }
            });
        }
        return patterns;
    }
}
