package dev.turntable.api.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads the kernel's text files below a root, so that tests bring a machine of their own; what cannot be read is absent. */
final class ProcFiles {
    private final Path root;

    ProcFiles(Path root) {
        this.root = root;
    }

    List<String> lines(String path) {
        try {
            return Files.readAllLines(root.resolve(path));
        } catch (IOException | RuntimeException absent) {
            return List.of();
        }
    }

    /** The whole file without blanks around it; empty when there is none or nothing in it. */
    Optional<String> text(String path) {
        String text = String.join("\n", lines(path)).strip();
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    Optional<Long> number(String path) {
        return text(path).flatMap(ProcFiles::parse);
    }

    boolean exists(String path) {
        return Files.exists(root.resolve(path));
    }

    /** Names in a folder, sorted. */
    List<String> names(String folder) {
        try (var entries = Files.list(root.resolve(folder))) {
            return entries.map(p -> p.getFileName().toString()).sorted().toList();
        } catch (IOException | RuntimeException absent) {
            return List.of();
        }
    }

    /** Last part of where a link points to. */
    Optional<String> linkName(String path) {
        try {
            return Optional.of(
                    Files.readSymbolicLink(root.resolve(path)).getFileName().toString());
        } catch (IOException | RuntimeException absent) {
            return Optional.empty();
        }
    }

    static Optional<Long> parse(String text) {
        try {
            return Optional.of(Long.parseLong(text.strip()));
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }
}
