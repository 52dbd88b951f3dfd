package dev.turntable.app.cli;

import dev.turntable.app.ExitCode;
import dev.turntable.app.StartException;
import dev.turntable.config.Config;
import dev.turntable.config.ConfigLoader;
import dev.turntable.config.ConfigSources;
import dev.turntable.config.LoadOptions;
import dev.turntable.config.LoadResult;
import java.util.Map;

/** Reads the configuration for a command: a configuration, or a {@link StartException} that says what to mend and where. */
final class Configurations {
    private Configurations() {}

    static Config load(ConfigSources sources, Map<String, String> environment) {
        return switch (ConfigLoader.load(sources, LoadOptions.of(environment))) {
            case LoadResult.Loaded loaded -> loaded.config();
            case LoadResult.Refused refused ->
                throw new StartException(
                        ExitCode.CONFIG,
                        "configuration refused: " + refused.first().render());
        };
    }
}
