package dev.turntable.app;

import dev.turntable.config.TurntableSettings.Retention;
import dev.turntable.journal.Durability;
import dev.turntable.journal.Journal;
import dev.turntable.journal.JournalException;
import dev.turntable.journal.JournalOptions;
import dev.turntable.journal.Journals;

/** Opens what lies in the data folder, so that a folder that cannot be used is one line and an exit code. */
final class DataFolder {
    private DataFolder() {}

    /** The journal, open for writing; or a {@link StartException} that says why not. */
    static Journal open(Settings settings, Retention retention) {
        JournalOptions options = JournalOptions.defaults()
                .withVersion(Version.current().version())
                .withDurability(Durability.valueOf(settings.durability().name()))
                .withRetention(retention.journalAge(), retention.journalBytes());
        try {
            return Journals.open(settings.dataDir(), options);
        } catch (JournalException e) {
            ExitCode code = e.code() == JournalException.Code.IN_USE ? ExitCode.DATA_DIR_IN_USE : ExitCode.DATA_DIR;
            throw new StartException(code, e.getMessage(), e);
        }
    }
}
