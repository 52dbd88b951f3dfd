package dev.turntable.config;

import java.util.List;

/** What a load gives: all of a configuration, or all that is wrong with it. */
public sealed interface LoadResult {
    record Loaded(Config config, List<ConfigWarning> warnings) implements LoadResult {
        public Loaded {
            warnings = List.copyOf(warnings);
        }
    }

    /** At least one error; the first is the one llama-swap would report. */
    record Refused(List<ConfigError> errors) implements LoadResult {
        public Refused {
            errors = List.copyOf(errors);
        }

        public ConfigError first() {
            return errors.getFirst();
        }
    }
}
