package dev.turntable.config;

import java.util.Map;

/** Shorthands of the tests: load a text, and be told when that is not as expected. */
final class Loads {
    private Loads() {}

    static LoadResult any(String text) {
        return ConfigLoader.load(ConfigSources.text("config.yaml", text), LoadOptions.of(Map.of()));
    }

    static Config good(String text) {
        return good(text, LoadOptions.of(Map.of()));
    }

    static Config good(String text, LoadOptions options) {
        return switch (ConfigLoader.load(ConfigSources.text("config.yaml", text), options)) {
            case LoadResult.Loaded loaded -> loaded.config();
            case LoadResult.Refused refused ->
                throw new AssertionError("refused: " + refused.first().render());
        };
    }

    static LoadResult.Refused bad(String text) {
        if (any(text) instanceof LoadResult.Refused refused) {
            return refused;
        }
        throw new AssertionError("accepted");
    }
}
