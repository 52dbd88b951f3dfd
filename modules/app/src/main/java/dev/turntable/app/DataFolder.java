package dev.turntable.app;

import dev.turntable.config.TurntableSettings.Retention;
import dev.turntable.journal.Durability;
import dev.turntable.journal.Journal;
import dev.turntable.journal.JournalException;
import dev.turntable.journal.JournalOptions;
import dev.turntable.journal.Journals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the server writes: the data folder, or, where none can be written, memory for the record and a temporary folder, gone with the
 * server, for pipes and spilled bodies.
 */
final class DataFolder implements AutoCloseable {
    /** What a record in memory may take, and what models printed in the temporary folder, which may be memory too. */
    private static final long IN_MEMORY = 24L << 20;

    private final Path path;
    private final boolean temporary;

    private DataFolder(Path path, boolean temporary) {
        this.path = path;
        this.temporary = temporary;
    }

    /** The settings' folder, or a temporary one; throws {@link StartException} when not even that can be made. */
    static DataFolder of(Settings settings, Map<String, String> environment) {
        return settings.dataDir()
                .map(folder -> new DataFolder(folder.toAbsolutePath().normalize(), false))
                .orElseGet(() -> temporary(environment));
    }

    private static DataFolder temporary(Map<String, String> environment) {
        List<String> places = Stream.of(environment.get("TMPDIR"), "/tmp", "/dev/shm", "/var/tmp", "/run")
                .filter(place -> place != null && !place.isEmpty())
                .toList();
        for (String place : places) {
            try {
                return new DataFolder(Files.createTempDirectory(Path.of(place), "turntable-"), true);
            } catch (IOException | RuntimeException e) {
                // the next one
            }
        }
        throw new StartException(
                ExitCode.DATA_DIR,
                "no folder can be written, not even for pipes: tried " + String.join(", ", places)
                        + " (-data-dir names one, or mount one of these)");
    }

    Path path() {
        return path;
    }

    /** What there is to warn about. */
    List<String> warnings() {
        return temporary
                ? List.of(
                        "no data folder can be written: the record is kept in memory and ends with this server; -data-dir names a folder")
                : List.of();
    }

    /** How much of what models print is kept. */
    long outputBytes(Retention retention) {
        return temporary ? Math.min(IN_MEMORY, retention.outputBytes()) : retention.outputBytes();
    }

    /** The journal, open for writing; or a {@link StartException} that says why not. */
    Journal journal(Settings settings, Retention retention) {
        JournalOptions options = JournalOptions.defaults()
                .withVersion(Version.current().version())
                .withDurability(Durability.valueOf(settings.durability().name()))
                .withRetention(
                        retention.journalAge(),
                        temporary ? Math.min(IN_MEMORY, retention.journalBytes()) : retention.journalBytes());
        try {
            return temporary ? Journals.inMemory(options) : Journals.open(path, options);
        } catch (JournalException e) {
            ExitCode code = e.code() == JournalException.Code.IN_USE ? ExitCode.DATA_DIR_IN_USE : ExitCode.DATA_DIR;
            throw new StartException(code, e.getMessage(), e);
        }
    }

    /** Takes a temporary folder away. */
    @Override
    public void close() {
        if (!temporary) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            System.getLogger(DataFolder.class.getName()).log(System.Logger.Level.DEBUG, "cannot take away " + path, e);
        }
    }

    /** The first of these that can be written, made when it is not there. */
    static Optional<Path> firstWritable(List<Path> folders) {
        return folders.stream().filter(DataFolder::isWritable).findFirst();
    }

    private static boolean isWritable(Path folder) {
        try {
            return Files.isWritable(Files.createDirectories(folder));
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }
}
