package dev.turntable.config.loading;

import java.util.List;
import java.util.Optional;

/**
 * Where a configuration comes from.
 *
 * @param config the {@code -config} path as given
 * @param directory the {@code -config-dir} path as given
 * @param texts files given as text, merged after the others, in this order
 */
public record ConfigSources(Optional<String> config, Optional<String> directory, List<Text> texts) {
    public ConfigSources {
        texts = List.copyOf(texts);
    }

    /** A named text that stands for a file. */
    public record Text(String name, String content) {}

    public static ConfigSources file(String path) {
        return new ConfigSources(Optional.of(path), Optional.empty(), List.of());
    }

    public static ConfigSources directory(String path) {
        return new ConfigSources(Optional.empty(), Optional.of(path), List.of());
    }

    public static ConfigSources text(String name, String content) {
        return new ConfigSources(Optional.empty(), Optional.empty(), List.of(new Text(name, content)));
    }
}
