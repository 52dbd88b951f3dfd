package dev.turntable.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The words behind a command, sorted into options and the rest. {@code -name value}, {@code --name value} and {@code -name=value} are the
 * same; switches take no value.
 */
record CommandLineWords(Map<String, List<String>> options, List<String> rest) {

    /** The command line is wrong; the message says how. */
    static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    static CommandLineWords parse(List<String> words, Set<String> valued, Set<String> switches) {
        Map<String, List<String>> options = new LinkedHashMap<>();
        List<String> rest = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.startsWith("-") || word.equals("-")) {
                rest.add(word);
                continue;
            }
            String name = word.replaceFirst("^--?", "");
            int equals = name.indexOf('=');
            String value = equals < 0 ? "" : name.substring(equals + 1);
            name = equals < 0 ? name : name.substring(0, equals);
            if (switches.contains(name) && equals < 0) {
                value = "true";
            } else if (!valued.contains(name)) {
                throw new UsageException("unknown option " + word);
            } else if (equals < 0) {
                if (++i >= words.size()) {
                    throw new UsageException("option " + word + " needs a value");
                }
                value = words.get(i);
            }
            options.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
        }
        return new CommandLineWords(options, rest);
    }

    boolean has(String name) {
        return options.containsKey(name);
    }

    Optional<String> last(String name) {
        return Optional.ofNullable(options.get(name)).map(List::getLast);
    }

    /** The options that are filters of a question, as query parameters. */
    Map<String, List<String>> parameters(Set<String> names) {
        Map<String, List<String>> parameters = new LinkedHashMap<>(options);
        parameters.keySet().retainAll(names);
        return parameters;
    }
}
