package dev.turntable.config.loading.problems;

import dev.turntable.config.loading.yaml.Node;
import dev.turntable.config.loading.yaml.Node.Field;
import dev.turntable.config.loading.yaml.Node.Fields;
import dev.turntable.config.loading.yaml.Node.Items;
import dev.turntable.config.loading.yaml.Node.Scalar;
import dev.turntable.config.loading.yaml.Pos;
import dev.turntable.config.loading.yaml.Source;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Knows where in the files secrets are written, so that a quoted line shows none: keys, peers' keys, model environments, macros used in them. */
final class SecretSpots {
    private static final Pattern SECRET_KEY = Pattern.compile("(?<![\\w-])[\"']?(?:apiKeys?|env)[\"']?\\s*:");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([a-zA-Z0-9_-]+)}");

    private static final Pattern INDIRECT = Pattern.compile("(?:\\*|\\$\\{)([a-zA-Z0-9_-]+)");
    private static final Pattern MASKED = Pattern.compile("\\$\\{[A-Za-z0-9_.-]+}|[^\\s\\[\\]{},]");
    private static final Pattern ANY_REFERENCE = Pattern.compile("\\$\\{[A-Za-z0-9_.-]+}");

    private final Map<Source, Map<Integer, boolean[]>> spots = new java.util.IdentityHashMap<>();
    private final Map<Source, Set<String>> indirect = new java.util.IdentityHashMap<>();
    private final Set<String> secretMacros = new HashSet<>();

    /** Marks the secrets of a file's tree. */
    void add(Node root) {
        if (!(root instanceof Fields top)) {
            return;
        }
        top.get("apiKeys").ifPresent(this::secret);
        children(top, "peers").forEach(peer -> get(peer.value(), "apiKey").ifPresent(this::secret));
        children(top, "models").forEach(model -> get(model.value(), "env").ifPresent(this::secret));
        children(top, "macros").stream()
                .filter(macro -> secretMacros.contains(macro.key()))
                .forEach(macro -> secret(macro.value()));
    }

    /** The line as it may be shown. */
    String show(Source source, int line) {
        char[] shown = maskIndirect(source, maskAfterSecretKey(source, line)).toCharArray();
        boolean[] marked = spots.getOrDefault(source, Map.of()).get(line);
        Matcher reference = ANY_REFERENCE.matcher(source.line(line));
        while (marked != null && reference.find()) {
            java.util.Arrays.fill(marked, reference.start(), reference.end(), false);
        }
        for (int i = 0; marked != null && i < shown.length; i++) {
            shown[i] = marked[i] ? '*' : shown[i];
        }
        return new String(shown);
    }

    private void secret(Node node) {
        switch (node) {
            case Scalar scalar -> {
                mark(scalar.pos());
                Matcher reference = REFERENCE.matcher(scalar.raw());
                while (reference.find()) {
                    secretMacros.add(reference.group(1));
                }
            }
            case Items items -> items.items().forEach(this::secret);
            case Fields fields -> fields.fields().values().forEach(field -> secret(field.value()));
        }
    }

    private void mark(Pos pos) {
        Source source = pos.source();
        for (int line = pos.line(); line <= pos.endLine(); line++) {
            int length = source.line(line).length();
            int from = line == pos.line() ? source.writtenColumn(line, pos.column()) - 1 : 0;
            int to = line == pos.endLine() ? source.writtenColumn(line, pos.endColumn()) - 1 : length;
            boolean[] marked =
                    spots.computeIfAbsent(source, s -> new HashMap<>()).computeIfAbsent(line, l -> new boolean[length]);
            for (int i = Math.max(from, 0); i < Math.min(to, marked.length); i++) {
                marked[i] = true;
            }
        }
    }

    /** For files that could not be read as YAML: everything behind such a key, and the lines below it, is hidden. */
    private static String maskAfterSecretKey(Source source, int number) {
        String line = source.line(number);
        Matcher key = SECRET_KEY.matcher(line);
        if (key.find()) {
            return line.substring(0, key.end()) + mask(line.substring(key.end()));
        }
        int indent = indent(line);
        for (int above = number - 1; above > 0 && number - above < 200; above--) {
            String earlier = source.line(above);
            if (earlier.isBlank()) {
                continue;
            }
            Matcher opener = SECRET_KEY.matcher(earlier);
            if (opener.find()
                    && (indent > indent(earlier) || line.stripLeading().startsWith("-") || isOpen(earlier, opener))) {
                return " ".repeat(Math.min(indent, line.length()))
                        + mask(line.substring(Math.min(indent, line.length())));
            }
            if (indent(earlier) < indent && !earlier.stripLeading().startsWith("-")) {
                return line;
            }
        }
        return line;
    }

    /** Hides what an anchor or macro stands for that is used where a secret belongs. */
    private String maskIndirect(Source source, String line) {
        String masked = line;
        for (String name : indirect.computeIfAbsent(source, SecretSpots::indirectNames)) {
            Matcher definition = Pattern.compile("&" + name + "(?![\\w-])|(?<![\\w-])[\"']?" + name + "[\"']?\\s*:")
                    .matcher(masked);
            if (definition.find()) {
                masked = masked.substring(0, definition.end()) + mask(masked.substring(definition.end()));
            }
        }
        return masked;
    }

    private static Set<String> indirectNames(Source source) {
        Set<String> names = new HashSet<>();
        for (int number = 1; number <= source.lines().size(); number++) {
            String line = source.line(number);
            if (!maskAfterSecretKey(source, number).equals(line)) {
                Matcher name = INDIRECT.matcher(line);
                while (name.find()) {
                    names.add(name.group(1));
                }
            }
        }
        return names;
    }

    private static boolean isOpen(String line, Matcher opener) {
        String rest = line.substring(opener.end());
        return rest.contains("[") && !rest.contains("]");
    }

    private static String mask(String text) {
        Matcher secret = MASKED.matcher(text);
        return secret.replaceAll(m -> m.group().length() > 1 ? Matcher.quoteReplacement(m.group()) : "*");
    }

    private static int indent(String line) {
        return line.length() - line.stripLeading().length();
    }

    private static List<Field> children(Fields top, String key) {
        return top.get(key).filter(Fields.class::isInstance).map(Fields.class::cast).stream()
                .flatMap(fields -> fields.fields().values().stream())
                .toList();
    }

    private static Optional<Node> get(Node node, String key) {
        return node instanceof Fields fields ? fields.get(key) : Optional.empty();
    }
}
