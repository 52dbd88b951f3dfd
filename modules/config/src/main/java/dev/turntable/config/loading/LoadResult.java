package dev.turntable.config.loading;

import dev.turntable.config.Config;
import dev.turntable.config.ConfigError;
import dev.turntable.config.ConfigWarning;
import java.util.List;

/** What a load gives: all of a configuration, or all that is wrong with it. */
public sealed interface LoadResult {
    /** {@code sources} are the texts it was read from, in merge order: loading them again gives the same configuration. They may hold secrets. */
    record Loaded(Config config, List<ConfigWarning> warnings, List<ConfigSources.Text> sources) implements LoadResult {
        public Loaded {
            warnings = List.copyOf(warnings);
            sources = List.copyOf(sources);
        }
    }

    /** At least one error; the first is the one llama-swap would report. The warnings are those that had been found by then. */
    record Refused(List<ConfigError> errors, List<ConfigWarning> warnings) implements LoadResult {
        public Refused {
            errors = List.copyOf(errors);
            warnings = List.copyOf(warnings);
        }

        public ConfigError first() {
            return errors.getFirst();
        }
    }
}
