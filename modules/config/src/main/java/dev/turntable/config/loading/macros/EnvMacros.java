package dev.turntable.config.loading.macros;

import dev.turntable.config.loading.problems.Problems;
import dev.turntable.config.loading.yaml.Node;
import dev.turntable.config.loading.yaml.Node.Fields;
import dev.turntable.config.loading.yaml.Node.Items;
import dev.turntable.config.loading.yaml.Node.Scalar;
import dev.turntable.config.loading.yaml.Pos;
import dev.turntable.config.loading.yaml.Source;
import dev.turntable.config.loading.yaml.YamlException;
import dev.turntable.config.loading.yaml.YamlParser;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Inserts environment variables into the text of a file, before it is YAML (llama-swap §2.3, stage 1). */
public final class EnvMacros {
    public static final Pattern REFERENCE = Pattern.compile("\\$\\{env\\.([a-zA-Z_][a-zA-Z0-9_]*)}");

    /** An inserted value may hold references of its own, which are followed this often in all. */
    private static final int ROUNDS = 2;

    /** Longest text after insertion, in characters. */
    private static final int MAX_CHARACTERS = YamlParser.MAX_CHARACTERS;

    private final Map<String, String> environment;
    private final Problems problems;
    private final Map<String, String> used = new LinkedHashMap<>();

    public EnvMacros(Map<String, String> environment, Problems problems) {
        this.environment = environment;
        this.problems = problems;
    }

    /**
     * A text with its variables inserted.
     *
     * @param text what is parsed
     * @param source what positions refer to
     * @param marked the same text with a word in place of every empty variable; equal to {@code text} when none was empty
     * @param markedSource what positions in that refer to
     */
    public record Expanded(String text, Source source, String marked, Source markedSource) {}

    /** Stands for an empty variable in {@link Expanded#marked}: a private-use character nobody types. */
    public static final String EMPTY_MARK = "\uE0FFempty\uE0FF";

    /** Every variable that was inserted so far, with its value. */
    public Map<String, String> used() {
        return used;
    }

    public Expanded expand(String name, String text) {
        String current = text;
        String marked = text;
        Map<String, Integer> inserted = new HashMap<>();
        Map<String, Integer> insertedMarks = new HashMap<>();
        for (int round = 0; round < ROUNDS && current.contains("${env."); round++) {
            Map<String, String> values = new HashMap<>();
            for (String variable : surviving(name, current)) {
                value(name, variable, text, values);
            }
            current = replace(current, values, "");
            marked = replace(marked, values, EMPTY_MARK);
            values.forEach((variable, value) -> {
                inserted.putIfAbsent(variable, value.length());
                insertedMarks.putIfAbsent(variable, value.isEmpty() ? EMPTY_MARK.length() : value.length());
            });
        }
        if (current.length() > MAX_CHARACTERS) {
            problems.error(
                    "config " + name + ": longer than " + MAX_CHARACTERS
                            + " characters after inserting environment variables",
                    name,
                    "");
            current = "";
        }
        return new Expanded(current, new Source(name, text, inserted), marked, new Source(name, text, insertedMarks));
    }

    /** References that are not only in comments; in a text that is not YAML, all of them. */
    private static Set<String> surviving(String name, String text) {
        Set<String> names = new LinkedHashSet<>();
        try {
            YamlParser.parse(new Source(name, text, Map.of()), text).root().ifPresent(root -> collect(root, names));
        } catch (YamlException e) {
            collect(text, names);
        }
        return names;
    }

    private static void collect(Node node, Set<String> names) {
        switch (node) {
            case Scalar scalar -> collect(scalar.raw(), names);
            case Items items -> items.items().forEach(item -> collect(item, names));
            case Fields fields ->
                fields.fields().forEach((key, field) -> {
                    collect(key, names);
                    collect(field.value(), names);
                });
        }
    }

    private static void collect(String text, Set<String> names) {
        if (text.contains("${env.")) {
            Matcher matcher = REFERENCE.matcher(text);
            while (matcher.find()) {
                names.add(matcher.group(1));
            }
        }
    }

    private void value(String file, String variable, String text, Map<String, String> values) {
        String value = environment.get(variable);
        Pos pos = place(file, variable, text);
        if (value == null) {
            problems.error(
                    "config " + file + ": environment variable '" + variable + "' is not set",
                    pos,
                    "set it, or remove the reference");
            return;
        }
        if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0 || value.indexOf('\0') >= 0) {
            problems.error(
                    "config " + file + ": environment variable '" + variable
                            + "' contains newlines or null bytes which are not allowed in YAML substitution",
                    pos,
                    "");
            return;
        }
        used.put(variable, value);
        values.put(variable, value.replace("\\", "\\\\").replace("\"", "\\\""));
    }

    private static Pos place(String file, String variable, String text) {
        int at = Math.max(0, text.indexOf("${env." + variable + "}"));
        int line = (int) text.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
        int column = at - (text.lastIndexOf('\n', at - 1) + 1) + 1;
        return new Pos(new Source(file, text, Map.of()), line, column, line, column + 1);
    }

    private static String replace(String text, Map<String, String> values, String forEmpty) {
        Matcher matcher = REFERENCE.matcher(text);
        StringBuilder out = new StringBuilder();
        while (matcher.find()) {
            String value = values.get(matcher.group(1));
            String shown = value == null ? matcher.group() : value.isEmpty() ? forEmpty : value;
            matcher.appendReplacement(out, Matcher.quoteReplacement(shown));
        }
        return matcher.appendTail(out).toString();
    }
}
