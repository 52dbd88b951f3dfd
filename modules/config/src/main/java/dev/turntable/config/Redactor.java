package dev.turntable.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes secrets out of any text that is about to be shown: API keys become a mask, inserted environment values the reference that inserted
 * them. Values shorter than four characters, plain numbers and booleans are no secrets.
 */
public final class Redactor {
    private static final int SHORTEST = 4;
    private static final java.util.regex.Pattern HARMLESS =
            java.util.regex.Pattern.compile("[-+]?[0-9.]+|true|false|null");

    /** Changes nothing. */
    public static final Redactor NONE = new Redactor(Map.of());

    private record Rule(String secret, String shown) {}

    private final List<Rule> rules;

    private Redactor(Map<String, String> shown) {
        List<Rule> all = new ArrayList<>();
        shown.forEach((secret, mask) -> all.add(new Rule(secret, mask)));
        all.sort(Comparator.comparingInt((Rule rule) -> -rule.secret().length()).thenComparing(Rule::secret));
        rules = List.copyOf(all);
    }

    /** For the environment variables that were inserted, name to value. */
    public static Redactor ofEnvironment(Map<String, String> inserted) {
        Map<String, String> shown = new LinkedHashMap<>();
        inserted.forEach((name, value) -> {
            if (isSecret(value)) {
                shown.putIfAbsent(value, "${env." + name + "}");
            }
        });
        return new Redactor(shown);
    }

    /** The same, and these texts as well. */
    public Redactor and(Iterable<Secret> secrets) {
        Map<String, String> shown = new LinkedHashMap<>();
        rules.forEach(rule -> shown.put(rule.secret(), rule.shown()));
        secrets.forEach(secret -> {
            if (isSecret(secret.reveal())) {
                shown.putIfAbsent(secret.reveal(), Secret.MASK);
            }
        });
        return new Redactor(shown);
    }

    /** The text without any secret. */
    public String redact(String text) {
        String clean = text;
        for (Rule rule : rules) {
            clean = clean.replace(rule.secret(), rule.shown());
        }
        return clean;
    }

    private static boolean isSecret(String value) {
        return value.length() >= SHORTEST && !HARMLESS.matcher(value).matches();
    }

    /** Says how many, never which. */
    @Override
    public String toString() {
        return "Redactor[" + rules.size() + "]";
    }
}
