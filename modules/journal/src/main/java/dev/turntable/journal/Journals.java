package dev.turntable.journal;

import java.nio.file.Path;
import java.util.UUID;

/** Opens journals that lie in a folder. */
public final class Journals {
    private Journals() {}

    /**
     * Opens the journal in the data folder for writing, or begins one; nothing is written outside the folder.
     *
     * @throws JournalException IN_USE when another server holds the folder, UNREADABLE when it cannot be used
     */
    public static Journal open(Path dataFolder, JournalOptions options) {
        return open(FileVolume.forWriting(dataFolder), options);
    }

    /** Begins a journal in memory, which ends with the server: for one that can write nowhere. Old commits go minute by minute. */
    public static Journal inMemory(JournalOptions options) {
        String lineage = UUID.randomUUID().toString();
        return MemoryJournal.threaded(new MemoryDisk(lineage, 60_000), options);
    }

    /**
     * Opens the journal in the data folder as it is now, for reading: of a server that runs, or of a copy. Nothing is written or locked.
     *
     * @throws JournalException UNREADABLE when there is none
     */
    public static Journal openReadOnly(Path dataFolder) {
        return new ReadOnlyJournal(FileVolume.forReading(dataFolder));
    }

    static FramedJournal open(Volume volume, JournalOptions options) {
        try {
            return new FramedJournal(volume, options, true);
        } catch (RuntimeException e) {
            volume.close();
            throw e;
        }
    }
}
