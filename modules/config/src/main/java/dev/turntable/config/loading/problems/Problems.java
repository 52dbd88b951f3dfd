package dev.turntable.config.loading.problems;

import dev.turntable.config.ConfigError;
import dev.turntable.config.ConfigWarning;
import dev.turntable.config.Redactor;
import dev.turntable.config.loading.yaml.Node;
import dev.turntable.config.loading.yaml.Pos;
import dev.turntable.config.loading.yaml.Source;
import dev.turntable.config.loading.yaml.YamlException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Collects what is wrong, in the order in which llama-swap would find it, and sees to it that nothing secret is told. */
public final class Problems {
    /** More errors than this help nobody. */
    public static final int MAX = 100;

    private final List<ConfigError> errors = new ArrayList<>();
    private final List<ConfigError> typeErrors = new ArrayList<>();
    private final List<ConfigWarning> warnings = new ArrayList<>();
    private final Set<Node> blamed = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<String> told = new HashSet<>();
    private final SecretSpots spots = new SecretSpots();
    private Redactor redactor = Redactor.NONE;

    /** Learns from a file's tree where its secrets stand, before any of its lines is quoted. */
    public void learnSecrets(Node root) {
        spots.add(root);
    }

    public void redactor(Redactor newRedactor) {
        redactor = newRedactor;
    }

    public Redactor redactor() {
        return redactor;
    }

    /** An error without a place in a file. */
    public void error(String message, String file, String hint) {
        keep(errors, new ConfigError(redactor.redact(message), file, 0, 0, "", hint));
    }

    public void error(String message, Pos pos, String hint) {
        keep(errors, at(message, pos, hint));
    }

    /** An error of a value; each value is blamed once, so that one mistake is one error. */
    public void error(String message, Node node, String hint) {
        if (blamed.add(node)) {
            error(message, node.pos(), hint);
        }
    }

    /** Takes the blame for a value, for several errors of it; false when it has been blamed before. */
    public boolean blame(Node node) {
        return blamed.add(node);
    }

    /** A value of the wrong type: told after the errors that decoders of their own find, as llama-swap does. */
    public void typeError(String message, Node node, String hint) {
        if (blamed.add(node)) {
            keep(typeErrors, at(message, node.pos(), hint));
        }
    }

    public void yaml(String prefix, YamlException e) {
        error(prefix + e.getMessage(), e.pos(), e.isSyntax() ? "the file cannot be read beyond this place" : "");
    }

    /** A key that means nothing; only the key is quoted, for its value may be a secret under a misspelt name. */
    public void warnOfKey(String message, Pos key, String hint) {
        ConfigError shape = at(message, key, hint);
        int end = key.source().writtenColumn(key.line(), key.endColumn()) - 1;
        String line = spots.show(key.source(), key.line());
        String shown = line.substring(0, Math.min(end, line.length())) + ": …";
        warn(shape, window(redactor.redact(shown), shape.column()));
    }

    public void warn(String message, Pos pos, String hint) {
        ConfigError shape = at(message, pos, hint);
        warn(shape, shape.snippet());
    }

    private void warn(ConfigError shape, String snippet) {
        if (warnings.size() < MAX && told.add(shape.place() + shape.message())) {
            warnings.add(new ConfigWarning(
                    shape.message(), shape.file(), shape.line(), shape.column(), snippet, shape.hint()));
        }
    }

    /** Ends the decoding: type errors take their place behind the errors found so far. */
    public void typeErrorsNow() {
        errors.addAll(typeErrors);
        typeErrors.clear();
    }

    public boolean any() {
        return !errors.isEmpty() || !typeErrors.isEmpty();
    }

    public List<ConfigError> errors() {
        typeErrorsNow();
        return List.copyOf(errors);
    }

    public List<ConfigWarning> warnings() {
        return List.copyOf(warnings);
    }

    private void keep(List<ConfigError> list, ConfigError error) {
        if (errors.size() < MAX && told.add(error.place() + error.message())) {
            list.add(error);
        }
    }

    private ConfigError at(String message, Pos pos, String hint) {
        Source source = pos.source();
        int column = source.writtenColumn(pos.line(), pos.column());
        String line = redactor.redact(spots.show(source, pos.line()));
        String snippet = line.isBlank() ? "" : window(line, column);
        return new ConfigError(redactor.redact(message), source.name(), pos.line(), column, snippet, hint);
    }

    /** The part of a long line around the column, with the caret below. */
    private static String window(String line, int column) {
        int width = 120;
        int from = column > width ? column - width / 2 : 0;
        int to = Math.min(line.length(), from + width);
        String shown = (from > 0 ? "…" : "")
                + line.substring(Math.min(from, line.length()), to)
                + (to < line.length() ? "…" : "");
        int caret = Math.min(column - 1 - from + (from > 0 ? 1 : 0), shown.length());
        StringBuilder below = new StringBuilder();
        for (int i = 0; i < caret; i++) {
            below.append(shown.charAt(i) == '\t' ? '\t' : ' ');
        }
        return shown + "\n" + below + "^";
    }
}
