package dev.turntable.config.compat;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Compiles patterns of the RE2 dialect with Java's library: refuses what RE2 refuses, rewrites what Java spells differently (llama-swap §13.8). */
public final class GoRegex {
    /** Either a pattern, or why it is none. */
    public sealed interface Result {
        record Good(Pattern pattern) implements Result {}

        record Bad(String reason) implements Result {}
    }

    private static final String ESCAPES = "afnrtvdDsSwWbBAzQEpPxC";
    private static final int MAX_REPEAT = 1_000;

    private final String regex;
    private final StringBuilder java = new StringBuilder();
    private int at;

    private GoRegex(String regex) {
        this.regex = regex;
    }

    public static Result compile(String regex) {
        GoRegex translation = new GoRegex(regex);
        Optional<String> mistake = translation.translate();
        if (mistake.isPresent()) {
            return new Result.Bad("error parsing regexp: " + mistake.get());
        }
        try {
            return new Result.Good(Pattern.compile(translation.java.toString()));
        } catch (PatternSyntaxException e) {
            return new Result.Bad("error parsing regexp: " + words(e.getDescription()));
        }
    }

    private static String words(String description) {
        return switch (description) {
            case "Unclosed character class" -> "missing closing ]";
            case "Unclosed group" -> "missing closing )";
            case "Unmatched closing ')'" -> "unexpected )";
            default ->
                description.startsWith("Dangling meta") ? "missing argument to repetition operator" : description;
        };
    }

    private Optional<String> translate() {
        boolean repeated = false;
        while (at < regex.length()) {
            char c = regex.charAt(at);
            boolean isRepeat = false;
            Optional<String> mistake = Optional.empty();
            switch (c) {
                case '\\' -> mistake = escape();
                case '[' -> mistake = charClass();
                case '(' -> mistake = group();
                case '*', '+', '?' -> {
                    if (at == 0) {
                        return Optional.of("missing argument to repetition operator: `" + c + "`");
                    }
                    if (repeated) {
                        return Optional.of(
                                "invalid nested repetition operator: `" + regex.substring(at - 1, at + 1) + "`");
                    }
                    isRepeat = true;
                    java.append(c);
                    at++;
                    lazy();
                }
                case '{' -> {
                    isRepeat = isCount();
                    mistake = count(isRepeat);
                }
                default -> {
                    java.append(c);
                    at++;
                }
            }
            if (mistake.isPresent()) {
                return mistake;
            }
            repeated = isRepeat;
        }
        return Optional.empty();
    }

    private void lazy() {
        if (at < regex.length() && regex.charAt(at) == '?') {
            java.append('?');
            at++;
        }
    }

    private boolean isCount() {
        return regex.substring(at).matches("(?s)\\{[0-9]+(,[0-9]*)?}.*");
    }

    private Optional<String> count(boolean isCount) {
        if (!isCount) {
            java.append("\\{");
            at++;
            return Optional.empty();
        }
        int end = regex.indexOf('}', at) + 1;
        String text = regex.substring(at, end);
        for (String number : text.substring(1, text.length() - 1).split(",")) {
            if (number.length() > 4 || Integer.parseInt(number) > MAX_REPEAT) {
                return Optional.of("invalid repeat count: `" + text + "`");
            }
        }
        java.append(text);
        at = end;
        lazy();
        return Optional.empty();
    }

    private Optional<String> group() {
        if (!regex.startsWith("(?", at)) {
            java.append('(');
            at++;
            return Optional.empty();
        }
        if (regex.startsWith("(?P<", at) || regex.startsWith("(?<", at)) {
            int open = regex.indexOf('<', at);
            int close = regex.indexOf('>', open);
            if (close < 0 || !regex.substring(open + 1, close).matches("[A-Za-z0-9_]+")) {
                return Optional.of("invalid or unsupported Perl syntax: `"
                        + regex.substring(at, Math.min(at + 4, regex.length())) + "`");
            }
            java.append('(');
            at = close + 1;
            return Optional.empty();
        }
        int end = at + 2;
        while (end < regex.length() && "imsU-".indexOf(regex.charAt(end)) >= 0) {
            end++;
        }
        if (end == regex.length() || ":)".indexOf(regex.charAt(end)) < 0) {
            return Optional.of("invalid or unsupported Perl syntax: `"
                    + regex.substring(at, Math.min(end + 1, regex.length())) + "`");
        }
        java.append(regex.substring(at, end + 1).replace("U", ""));
        at = end + 1;
        return Optional.empty();
    }

    private Optional<String> escape() {
        if (at + 1 == regex.length()) {
            return Optional.of("trailing backslash at end of expression: ``");
        }
        char c = regex.charAt(at + 1);
        boolean word = Character.isLetterOrDigit(c) && c < 0x80;
        if (c == '0' || word && ESCAPES.indexOf(c) >= 0) {
            java.append(c == 'C' ? "." : c == 'v' ? "\\x0B" : "\\" + c);
            at += 2;
            return Optional.empty();
        }
        if (word) {
            return Optional.of("invalid escape sequence: `\\" + c + "`");
        }
        java.append('\\').append(c);
        at += 2;
        return Optional.empty();
    }

    private Optional<String> charClass() {
        java.append('[');
        at++;
        if (at < regex.length() && regex.charAt(at) == '^') {
            java.append('^');
            at++;
        }
        boolean first = true;
        while (at < regex.length()) {
            char c = regex.charAt(at);
            if (c == ']' && !first) {
                java.append(']');
                at++;
                return Optional.empty();
            }
            Optional<String> mistake = classItem(c);
            if (mistake.isPresent()) {
                return mistake;
            }
            first = false;
        }
        return Optional.of("missing closing ]: `" + regex + "`");
    }

    private Optional<String> classItem(char c) {
        if (c == '\\') {
            return escape();
        }
        if (regex.startsWith("[:", at)) {
            int end = regex.indexOf(":]", at);
            if (end > 0) {
                return posix(end);
            }
        }
        if ("[]&^".indexOf(c) >= 0) {
            java.append('\\');
        }
        java.append(c);
        at++;
        return Optional.empty();
    }

    private Optional<String> posix(int end) {
        String name = regex.substring(at + 2, end);
        boolean negated = name.startsWith("^");
        String javaName =
                switch (negated ? name.substring(1) : name) {
                    case "alnum" -> "Alnum";
                    case "alpha" -> "Alpha";
                    case "ascii" -> "ASCII";
                    case "blank" -> "Blank";
                    case "cntrl" -> "Cntrl";
                    case "digit" -> "Digit";
                    case "graph" -> "Graph";
                    case "lower" -> "Lower";
                    case "print" -> "Print";
                    case "punct" -> "Punct";
                    case "space" -> "Space";
                    case "upper" -> "Upper";
                    case "xdigit" -> "XDigit";
                    case "word" -> "";
                    default -> "?";
                };
        if (javaName.equals("?")) {
            return Optional.of("invalid character class range: `" + regex.substring(at, end + 2) + "`");
        }
        java.append(javaName.isEmpty() ? negated ? "\\W" : "\\w" : (negated ? "\\P{" : "\\p{") + javaName + "}");
        at = end + 2;
        return Optional.empty();
    }
}
