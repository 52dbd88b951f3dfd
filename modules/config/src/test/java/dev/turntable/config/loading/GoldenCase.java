package dev.turntable.config.loading;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One golden case, as a file: a sentence, environment lines, files, and what must come of them.
 *
 * <pre>
 * # given …, then …
 * env NAME=value
 * sources -config main.yaml -config-dir conf        (default: -config config.yaml)
 * --- config.yaml
 * (text)
 * --- error                       the first error contains each of these lines
 * --- effective                   path = JSON, in the printed configuration; "- path" is absent
 * --- args MODEL                  one argument a line, in JSON
 * --- warning                     some warning contains each of these lines
 * </pre>
 */
record GoldenCase(String name, List<String> head, Map<String, String> sections) {
    static GoldenCase read(Path file) throws IOException {
        List<String> head = new ArrayList<>();
        Map<String, StringBuilder> sections = new LinkedHashMap<>();
        Optional<String> current = Optional.empty();
        for (String line : Files.readString(file).split("\n", -1)) {
            if (line.startsWith("--- ")) {
                current = Optional.of(line.substring(4).strip());
                sections.put(current.get(), new StringBuilder());
            } else if (current.isPresent()) {
                sections.get(current.get()).append(line).append('\n');
            } else {
                head.add(line);
            }
        }
        Map<String, String> texts = new LinkedHashMap<>();
        sections.forEach((key, text) -> texts.put(key, text.substring(0, Math.max(0, text.length() - 1))));
        return new GoldenCase(file.getFileName().toString(), head, texts);
    }

    Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String line : head) {
            if (line.startsWith("env ")) {
                int equals = line.indexOf('=');
                environment.put(
                        line.substring(4, equals),
                        line.substring(equals + 1).replace("\\n", "\n").replace("\\r", "\r"));
            }
        }
        return environment;
    }

    /** Writes the files and says how they are given on the command line. */
    ConfigSources writeTo(Path folder) throws IOException {
        for (Map.Entry<String, String> section : sections.entrySet()) {
            if (section.getKey().matches(".*\\.(ya?ml|txt|conf)")) {
                Path file = folder.resolve(section.getKey());
                Files.createDirectories(file.getParent());
                Files.writeString(file, section.getValue().replace("@DIR@", folder.toString()));
            }
        }
        String sources = head.stream()
                .filter(line -> line.startsWith("sources "))
                .findFirst()
                .orElse("sources -config config.yaml");
        String[] words = sources.split(" ");
        Optional<String> config = Optional.empty();
        Optional<String> directory = Optional.empty();
        for (int i = 1; i < words.length; i += 2) {
            Path path = folder.resolve(words[i + 1]);
            if (words[i].equals("-config-dir")) {
                Files.createDirectories(path);
                directory = Optional.of(path.toString());
            } else {
                config = Optional.of(path.toString());
            }
        }
        return new ConfigSources(config, directory, List.of());
    }

    Optional<String> section(String key) {
        return Optional.ofNullable(sections.get(key));
    }

    @Override
    public String toString() {
        return name;
    }
}
