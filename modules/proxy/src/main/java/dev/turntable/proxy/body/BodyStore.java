package dev.turntable.proxy.body;

import dev.turntable.upstream.WireException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.LongSupplier;

/** What the bodies of requests may take, and the folder where large ones go: nobody else writes there. */
public final class BodyStore {
    private final Path folder;
    private final long inMemory;
    private final Budget budget;
    private final LongSupplier largest;

    /**
     * Limits in bytes. Takes away what a server that was killed left in the folder.
     *
     * @param inMemory a longer body goes to disk (32 MiB in the reference)
     * @param budget of all bodies in memory together
     * @param largest a longer one is refused with 413
     */
    public BodyStore(Path folder, long inMemory, Budget budget, LongSupplier largest) {
        this.folder = folder;
        this.inMemory = inMemory;
        this.budget = budget;
        this.largest = largest;
        clear();
    }

    private void clear() {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "body-*.tmp")) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long inMemory() {
        return inMemory;
    }

    Budget budget() {
        return budget;
    }

    void check(long length) {
        if (length > largest.getAsLong()) {
            throw new WireException(413, "request body larger than " + largest.getAsLong() + " bytes");
        }
    }

    /** A new file that only we can read. */
    public Path temporary() throws IOException {
        Files.createDirectories(folder);
        return Files.createTempFile(
                folder,
                "body-",
                ".tmp",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
}
