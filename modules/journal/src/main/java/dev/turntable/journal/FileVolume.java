package dev.turntable.journal;

import dev.turntable.journal.chronicle.RawQueue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A journal in a folder.
 *
 * <pre>
 * journal/journal.json              lineage, number of server starts
 * journal/epoch-000001/             epoch.json, sealed.json, clean.json, marks; Chronicle's *.cq4 and metadata.cq4t
 * journal/snapshots/                folded states
 * journal/salvage/                  what recovery found behind damage; never read again by us
 * </pre>
 *
 * Owns the {@link FolderLock} when opened for writing.
 */
final class FileVolume implements Volume {
    private static final String EPOCH = "epoch-";
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final Path root;
    private final Optional<FolderLock> lock;
    private final String boot;

    private FileVolume(Path root, Optional<FolderLock> lock, String boot) {
        this.root = root;
        this.lock = lock;
        this.boot = boot;
    }

    /** Takes the data folder's lock. Throws {@link JournalException} IN_USE. */
    static FileVolume forWriting(Path dataFolder) {
        return forWriting(dataFolder, bootId());
    }

    /** For tests that start the machine anew. */
    static FileVolume forWriting(Path dataFolder, String boot) {
        try {
            Path root = dataFolder.resolve("journal");
            Files.createDirectories(root);
            return new FileVolume(root, Optional.of(FolderLock.take(dataFolder.resolve("LOCK"))), boot);
        } catch (IOException e) {
            throw new JournalException(
                    JournalException.Code.UNREADABLE, "cannot use the data folder " + dataFolder + ": " + why(e), e);
        }
    }

    /** Writes nothing and takes no lock: for a folder that a server is using, or a copy. */
    static FileVolume forReading(Path dataFolder) {
        Path root = dataFolder.resolve("journal");
        if (!Files.isDirectory(root)) {
            throw new JournalException(JournalException.Code.UNREADABLE, "there is no journal in " + dataFolder);
        }
        return new FileVolume(root, Optional.empty(), bootId());
    }

    private static String bootId() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            // without it every start counts as a new boot, which is slower and never wrong
            return "unknown-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
        }
    }

    @Override
    public List<Integer> epochs() {
        try (Stream<Path> folders = Files.list(root)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .filter(name -> name.matches(EPOCH + "\\d{6,9}"))
                    .map(name -> Integer.valueOf(name.substring(EPOCH.length())))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public FrameLog log(int epoch, boolean append, long firstMillis) {
        return new ChronicleLog(RawQueue.open(folder(epoch), append, firstMillis));
    }

    private Path folder(int epoch) {
        return root.resolve(EPOCH + "%06d".formatted(epoch));
    }

    @Override
    public long bytes(int epoch) {
        return RawQueue.files(folder(epoch)).stream()
                .mapToLong(FileVolume::bytesOnDisk)
                .sum();
    }

    /** The file's length; the newest is sparse at its end and takes up to a block less. */
    static long bytesOnDisk(Path file) {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void deleteEpoch(int epoch) {
        try (Stream<Path> files = Files.list(folder(epoch))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder(epoch));
            RawQueue.forceFolder(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<byte[]> read(String name) {
        try {
            return Optional.of(Files.readAllBytes(root.resolve(name)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new file beside the old one, forced, then renamed over it: either of both is there, whole. */
    @Override
    public void write(String name, byte[] content) {
        Path file = root.resolve(name);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(file.getParent());
            try (FileChannel channel = FileChannel.open(
                    fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                java.nio.ByteBuffer bytes = java.nio.ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            RawQueue.forceFolder(file.getParent());
        } catch (IOException e) {
            throw new JournalException(JournalException.Code.FAILED, "cannot write " + file + ": " + why(e), e);
        }
    }

    @Override
    public void delete(String name) {
        try {
            Files.deleteIfExists(root.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<String> list(String prefix) {
        Path folder = root.resolve(prefix);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> prefix + file.getFileName())
                    .filter(name -> !name.endsWith(".new"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public long freeBytes() {
        return root.toFile().getUsableSpace();
    }

    @Override
    public String boot() {
        return boot;
    }

    @Override
    public String newLineage() {
        byte[] name = new byte[10];
        new SecureRandom().nextBytes(name);
        return HexFormat.of().formatHex(name);
    }

    @Override
    public void close() {
        lock.ifPresent(FolderLock::close);
    }

    /** What a person calls it, without the name of an exception. */
    private static String why(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException exists -> exists.getFile() + " is no folder";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> e.getMessage();
        };
    }
}
