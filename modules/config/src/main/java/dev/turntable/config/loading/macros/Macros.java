package dev.turntable.config.loading.macros;

import dev.turntable.config.Value;
import dev.turntable.config.compat.Numbers;
import dev.turntable.config.loading.yaml.Node.Kind;
import dev.turntable.config.loading.yaml.Node.Scalar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An ordered list of macros and how they replace references (llama-swap §2.3): from the last declared to the first, all occurrences of one
 * before the next, a lone reference keeping the macro's type.
 */
final class Macros {
    static final Pattern REFERENCE = Pattern.compile("\\$\\{([a-zA-Z0-9_-]+)}");

    /** Longest text that one value may grow to. */
    static final int MAX_VALUE_CHARACTERS = 1 << 20;

    /** Longest text that all expanded values of a configuration may have together. */
    static final long MAX_TOTAL_CHARACTERS = 64L << 20;

    /** A macro's name with its typed value. */
    record Macro(String name, Kind kind, Value value, String text) {
        static Macro text(String name, String value) {
            return new Macro(name, Kind.TEXT, new Value.Text(value), value);
        }

        static Macro whole(String name, long value) {
            return new Macro(name, Kind.INT, Value.Whole.of(value), Long.toString(value));
        }

        static Macro of(String name, Scalar scalar) {
            return new Macro(name, scalar.kind(), scalar.value(), spell(scalar));
        }

        private static String spell(Scalar scalar) {
            return switch (scalar.value()) {
                case Value.Text text -> text.text();
                case Value.Whole whole -> whole.number().toString();
                case Value.Decimal decimal ->
                    Numbers.text(decimal.number())
                            .replace(".nan", "NaN")
                            .replace("-.inf", "-Inf")
                            .replace(".inf", "+Inf");
                case Value.Bool bool -> Boolean.toString(bool.yes());
                case Value.Nothing ignored -> "";
                case Value.Items ignored -> "";
                case Value.Fields ignored -> "";
            };
        }
    }

    /** Thrown when a text would grow beyond a limit. */
    static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLong(String message) {
            super(message, null, false, false);
        }
    }

    /** What is left to spend of {@link #MAX_TOTAL_CHARACTERS}, shared by all lists of one load. */
    static final class Budget {
        private long left = MAX_TOTAL_CHARACTERS;

        private void spend(int characters) {
            left -= characters;
            if (left < 0) {
                throw new TooLong("macro expansion grows beyond " + MAX_TOTAL_CHARACTERS + " characters in all");
            }
        }
    }

    private final List<Macro> list;
    private final Map<String, Integer> positions;
    private final Budget budget;

    Macros(List<Macro> macros, Budget budget) {
        this.list = List.copyOf(macros);
        this.budget = budget;
        this.positions = new HashMap<>();
        for (int i = 0; i < list.size(); i++) {
            positions.put(list.get(i).name(), i);
        }
    }

    /** This list with a model's own macros: one of an existing name takes its place, a new one goes to the end. */
    Macros overriddenBy(List<Macro> own) {
        if (own.isEmpty()) {
            return this;
        }
        List<Macro> merged = new ArrayList<>(list);
        for (Macro macro : own) {
            Integer at = positions.get(macro.name());
            if (at == null) {
                merged.add(macro);
            } else {
                merged.set(at, macro);
            }
        }
        return new Macros(merged, budget);
    }

    /** The scalar with every reference that this list knows replaced. */
    Scalar expand(Scalar scalar, Macro... first) {
        if (scalar.kind() != Kind.TEXT || !scalar.raw().contains("${")) {
            return scalar;
        }
        String text = scalar.raw();
        for (int limit = list.size() + first.length; ; ) {
            Optional<Integer> next = lastReferenced(text, limit, first);
            if (next.isEmpty()) {
                return text.equals(scalar.raw()) ? scalar : scalar.withText(text);
            }
            limit = next.get();
            Macro macro = limit < first.length ? first[limit] : list.get(limit - first.length);
            String reference = "${" + macro.name() + "}";
            if (text.equals(reference) && macro.kind() != Kind.TEXT) {
                return scalar.with(macro.kind(), macro.value(), macro.text());
            }
            text = replace(text, reference, macro.text());
        }
    }

    /** A text with every reference replaced by text. */
    String expandText(String text, Macro... first) {
        for (int limit = list.size() + first.length; ; ) {
            Optional<Integer> next = lastReferenced(text, limit, first);
            if (next.isEmpty()) {
                return text;
            }
            limit = next.get();
            Macro macro = limit < first.length ? first[limit] : list.get(limit - first.length);
            text = replace(text, "${" + macro.name() + "}", macro.text());
        }
    }

    private Optional<Integer> lastReferenced(String text, int limit, Macro[] first) {
        if (!text.contains("${")) {
            return Optional.empty();
        }
        int best = -1;
        Matcher matcher = REFERENCE.matcher(text);
        while (matcher.find()) {
            int at = position(matcher.group(1), first);
            if (at < limit && at > best) {
                best = at;
            }
        }
        return best < 0 ? Optional.empty() : Optional.of(best);
    }

    private int position(String name, Macro[] first) {
        for (int i = 0; i < first.length; i++) {
            if (first[i].name().equals(name)) {
                return i;
            }
        }
        Integer at = positions.get(name);
        return at == null ? -1 : at + first.length;
    }

    private String replace(String text, String reference, String value) {
        int count = 0;
        for (int at = text.indexOf(reference); at >= 0; at = text.indexOf(reference, at + reference.length())) {
            count++;
        }
        long length = text.length() + (long) count * (value.length() - reference.length());
        if (length > MAX_VALUE_CHARACTERS) {
            throw new TooLong(
                    "macro " + reference + " makes a value longer than " + MAX_VALUE_CHARACTERS + " characters");
        }
        budget.spend((int) length);
        return text.replace(reference, value);
    }
}
