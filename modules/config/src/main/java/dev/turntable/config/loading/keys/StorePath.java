package dev.turntable.config.loading.keys;

import dev.turntable.config.compat.GoText;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Checks {@code store.path} as llama-swap does (§2.5), although nothing is stored there. */
final class StorePath {
    private StorePath() {}

    static Optional<String> mistake(String text) {
        String path = GoText.trim(text);
        if (path.isEmpty()) {
            return Optional.of("store.path must not be empty");
        }
        try {
            Path file = Path.of(path);
            if (Files.isDirectory(file)) {
                return Optional.of("store.path: " + path + " is a directory, not a file");
            }
            if (Files.exists(file)) {
                return Files.isWritable(file)
                        ? Optional.empty()
                        : Optional.of("store.path: " + path + " is not writable: open " + path + ": permission denied");
            }
            Path parent = file.toAbsolutePath().normalize().getParent();
            if (parent == null || !Files.isDirectory(parent)) {
                return Optional.of("store.path: directory " + parent + " is not writable: stat " + parent
                        + ": no such file or directory");
            }
            return Files.isWritable(parent)
                    ? Optional.empty()
                    : Optional.of("store.path: directory " + parent + " is not writable: open " + parent
                            + ": permission denied");
        } catch (InvalidPathException e) {
            return Optional.of("store.path: " + path + " is not writable: " + e.getReason());
        }
    }
}
