package dev.turntable.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the command line asks for.
 *
 * @param rounds how often each figure is taken, interleaved with the same figure of the others
 * @param seconds how long one round of load lasts
 * @param quick whether the sections that only wait are cut short
 * @param others further proxies by name: a shell command in which {@code {port}}, {@code {config}} and {@code {upstream}} are filled in
 * @param model the command of the models that are swapped, with {@code ${PORT}}; without it the demo upstream of the image
 */
record Options(
        int rounds,
        int seconds,
        boolean quick,
        Map<String, String> others,
        Optional<String> model,
        Set<String> sections) {
    static final List<String> SECTIONS = List.of(
            "load",
            "bodies",
            "streams",
            "cold",
            "rested",
            "swaps",
            "starts",
            "memory",
            "growth",
            "journal",
            "decisions");

    static final String USAGE = """
            usage: scripts/bench [--quick] [--rounds N] [--seconds N] [--vs NAME=COMMAND]... [--model COMMAND] [SECTION]...
            sections: %s
            --vs runs another proxy in the same rounds: COMMAND goes to a shell, {port} is where it is to listen, {upstream} the port of the
                 upstream, {config} a configuration file that llama-swap can read, too. Targets speak of the names go, llama-swap and haproxy.
            --model is what is swapped, e.g. 'llama-server -m tiny.gguf --port ${PORT}'.""".formatted(String.join(" ", SECTIONS));

    /** @throws IllegalArgumentException where a word cannot be meant */
    static Options of(String[] args) {
        int rounds = 5;
        int seconds = 4;
        boolean quick = false;
        Map<String, String> others = new LinkedHashMap<>();
        Optional<String> model = Optional.empty();
        Set<String> sections = new LinkedHashSet<>();
        List<String> words = new ArrayList<>(List.of(args));
        while (!words.isEmpty()) {
            String word = words.removeFirst();
            switch (word) {
                case "--quick" -> {
                    quick = true;
                    rounds = 2;
                    seconds = 1;
                }
                case "--rounds" -> rounds = Integer.parseInt(value(word, words));
                case "--seconds" -> seconds = Integer.parseInt(value(word, words));
                case "--model" -> model = Optional.of(value(word, words));
                case "--vs" -> {
                    String[] pair = value(word, words).split("=", 2);
                    if (pair.length < 2) {
                        throw new IllegalArgumentException("--vs wants NAME=COMMAND");
                    }
                    others.put(pair[0], pair[1]);
                }
                default -> {
                    if (!SECTIONS.contains(word)) {
                        throw new IllegalArgumentException("there is no section " + word);
                    }
                    sections.add(word);
                }
            }
        }
        return new Options(rounds, seconds, quick, others, model, sections.isEmpty() ? Set.copyOf(SECTIONS) : sections);
    }

    private static String value(String option, List<String> words) {
        if (words.isEmpty()) {
            throw new IllegalArgumentException(option + " wants a value");
        }
        return words.removeFirst();
    }

    boolean asks(String... any) {
        return List.of(any).stream().anyMatch(sections::contains);
    }
}
