package dev.turntable.config.loading.yaml;

/**
 * Makes tabs acceptable where llama-swap's YAML library takes them and ours does not: between the tokens of a flow collection, and after a
 * colon. Each becomes one blank, so positions stay.
 */
final class Tabs {
    private Tabs() {}

    /**
     * Replaces the tabs from an offending one on, as far as that is certain.
     *
     * @param at index of the tab that was refused
     * @param flowDepth how many flow collections are open there
     * @return the text to try next, or the same text when the tab is really wrong
     */
    static String forgive(String text, int at, int flowDepth) {
        if (flowDepth == 0) {
            return afterColon(text, at) ? blankRun(text, at) : text;
        }
        StringBuilder out = new StringBuilder(text);
        int depth = flowDepth;
        char quote = 0;
        for (int i = runStart(text, at); i < text.length() && depth > 0; i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                if (quote == '"' && c == '\\') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
                continue;
            }
            switch (c) {
                case '\t' -> out.setCharAt(i, ' ');
                case '"', '\'' -> quote = startsToken(text, i) ? c : 0;
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                case '#' -> i = startsToken(text, i) ? lineEnd(text, i) : i;
                default -> {}
            }
        }
        return out.toString();
    }

    private static int runStart(String text, int at) {
        int start = at;
        while (start > 0 && (text.charAt(start - 1) == ' ' || text.charAt(start - 1) == '\t')) {
            start--;
        }
        return start;
    }

    private static boolean startsToken(String text, int at) {
        return at == 0 || " \t\n\r,:[{".indexOf(text.charAt(at - 1)) >= 0;
    }

    private static int lineEnd(String text, int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }

    private static boolean afterColon(String text, int at) {
        int start = runStart(text, at);
        return start > 0 && text.charAt(start - 1) == ':';
    }

    private static String blankRun(String text, int at) {
        StringBuilder out = new StringBuilder(text);
        for (int i = runStart(text, at); i < text.length() && " \t".indexOf(text.charAt(i)) >= 0; i++) {
            out.setCharAt(i, ' ');
        }
        return out.toString();
    }
}
