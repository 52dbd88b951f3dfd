package dev.turntable.json;

import java.util.ArrayList;
import java.util.List;

/** The path of a parameter, split into its steps (llama-swap §2.7). */
final class JsonPath {
    /** One step of a path; {@code forced} keeps a number from being an index. */
    record Step(String part, boolean forced) {
        boolean isIndex() {
            return !forced
                    && !part.isEmpty()
                    && part.length() < 10
                    && part.chars().allMatch(c -> c >= '0' && c <= '9');
        }

        boolean isEnd() {
            return !forced && part.equals("-1");
        }
    }

    private JsonPath() {}

    /** True for a path with wildcards or queries, which only ever finds what is there. */
    static boolean complex(String path) {
        for (int i = 0; i < path.length(); i++) {
            switch (path.charAt(i)) {
                case '\\' -> i++;
                case '*', '?', '#', '|', '@' -> {
                    return true;
                }
                default -> {}
            }
        }
        return false;
    }

    static List<Step> steps(String path) {
        List<Step> steps = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean forced = false;
        boolean begun = false;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == ':' && !begun) {
                forced = true;
            } else if (c == '\\' && i + 1 < path.length()) {
                part.append(path.charAt(++i));
            } else if (c == '.') {
                steps.add(new Step(part.toString(), forced));
                part.setLength(0);
                forced = false;
                begun = false;
                continue;
            } else {
                part.append(c);
            }
            begun = true;
        }
        steps.add(new Step(part.toString(), forced));
        return steps;
    }
}
