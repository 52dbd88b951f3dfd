package dev.turntable.api;

import dev.turntable.config.loading.ConfigSources;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the control plane may do with the configuration; {@code app}, which loads and applies it, implements this. */
public interface ConfigControl {

    /** The configuration in force. */
    dev.turntable.config.Config current();

    /** The sources in force as text, secrets masked. */
    String currentText();

    /**
     * Loads the sources again and applies them when they are sound. Returns when the change is on the record.
     *
     * @param mayHaveNoModels whether a configuration without a model may replace one with models
     */
    Outcome reload(boolean mayHaveNoModels);

    /** What {@link #reload} would do with the sources as they are now, or with this text instead of them; changes nothing. */
    Checked check(Optional<String> text);

    /** Every configuration that was ever applied, newest first, as far as it is kept. */
    List<Applied> history();

    /** The text of an earlier configuration, secrets masked; empty for a hash that was never applied or is no longer kept. */
    Optional<String> show(String hash);

    /** The sources of an earlier configuration as they were, with their secrets: to be read, never to be shown. */
    Optional<ConfigSources> sources(String hash);

    /** Applies an earlier configuration again; empty for a hash that is not kept. The files of the user are not touched. */
    Optional<Outcome> rollback(String hash);

    /** One configuration that was in force. */
    record Applied(String hash, Instant at, String origin, boolean kept) {}

    /**
     * What came of a check.
     *
     * @param text the whole configuration after macros, secrets masked; empty when it is refused
     * @param files what was read, secrets that are known masked
     * @param marks what is wrong or doubtful, where it stands
     */
    record Checked(Outcome outcome, Optional<String> text, List<File> files, List<Mark> marks) {
        public Checked {
            files = List.copyOf(files);
            marks = List.copyOf(marks);
        }
    }

    /** A file of the configuration. */
    record File(String name, String text) {}

    /** An error or a warning; {@code line} and {@code column} count from 1, 0 is nowhere. */
    record Mark(boolean error, String file, int line, int column, String message, String hint) {}

    /** What came of a wish to change the configuration. */
    sealed interface Outcome {
        /** Applied, with the names of what changed. */
        record Changed(
                String hash,
                List<String> added,
                List<String> removed,
                List<String> restarted,
                List<String> retuned,
                List<String> settings,
                List<String> warnings)
                implements Outcome {}

        /** Nothing differs from what is in force. */
        record Unchanged(String hash) implements Outcome {}

        /** Refused; what was in force stays. Each error is text for a person. */
        record Refused(List<String> errors) implements Outcome {}
    }
}
