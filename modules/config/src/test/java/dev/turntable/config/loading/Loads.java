package dev.turntable.config.loading;

import dev.turntable.config.Config;
import java.util.Map;

/** Shorthands of the tests: load a text, and be told when that is not as expected. */
public final class Loads {
    private Loads() {}

    public static LoadResult any(String text) {
        return ConfigLoader.load(ConfigSources.text("config.yaml", text), LoadOptions.of(Map.of()));
    }

    public static Config good(String text) {
        return good(text, LoadOptions.of(Map.of()));
    }

    public static Config good(String text, LoadOptions options) {
        return switch (ConfigLoader.load(ConfigSources.text("config.yaml", text), options)) {
            case LoadResult.Loaded loaded -> loaded.config();
            case LoadResult.Refused refused ->
                throw new AssertionError("refused: " + refused.first().render());
        };
    }

    public static LoadResult.Refused bad(String text) {
        if (any(text) instanceof LoadResult.Refused refused) {
            return refused;
        }
        throw new AssertionError("accepted");
    }
}
