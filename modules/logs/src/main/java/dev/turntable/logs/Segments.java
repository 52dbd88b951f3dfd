package dev.turntable.logs;

import dev.turntable.event.RunId;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The files of the output store: {@code <number>.output}, appended one after the other, thrown away whole. Owns the folder.
 *
 * <p>A start never appends to a file of an earlier one, so a tail torn by a crash stays where it is and hides nothing. Guarded by the
 * store's lock.
 */
final class Segments {
    static final long SEGMENT_BYTES = 16L * 1024 * 1024;

    /** How far back a history is looked for; beyond it a model's old output is still on disk but no longer recalled. */
    static final long RECALL_BYTES = 256L * 1024 * 1024;

    private static final String SUFFIX = ".output";

    private final Path folder;
    private final OutputStore.Retention retention;
    private final List<Path> files;
    private long next;
    private Optional<OutputStream> current = Optional.empty();
    private long currentBytes;

    Segments(Path folder, OutputStore.Retention retention) throws IOException {
        this.folder = folder;
        this.retention = retention;
        Files.createDirectories(folder);
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------")); // models print prompts
        }
        try (Stream<Path> found = Files.list(folder)) {
            files = new ArrayList<>(found.filter(file -> number(file).isPresent())
                    .sorted(Comparator.comparing(file -> number(file).orElseThrow()))
                    .toList());
        }
        next = files.isEmpty() ? 1 : number(files.getLast()).orElseThrow() + 1;
    }

    private static Optional<Long> number(Path file) {
        String name = file.getFileName().toString();
        boolean ours = name.matches("\\d{1,18}\\" + SUFFIX);
        return ours
                ? Optional.of(Long.parseLong(name.substring(0, name.length() - SUFFIX.length())))
                : Optional.empty();
    }

    void write(OutputRecord record, Instant now) throws IOException {
        if (current.isEmpty() || currentBytes > SEGMENT_BYTES) {
            roll(now);
        }
        byte[] bytes = record.encode().array();
        current.orElseThrow().write(bytes);
        currentBytes += bytes.length;
    }

    private void roll(Instant now) throws IOException {
        close();
        prune(now);
        Path file = folder.resolve("%09d%s".formatted(next++, SUFFIX));
        current = Optional.of(new BufferedOutputStream(
                Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), 64 * 1024));
        currentBytes = 0;
        files.add(file);
    }

    /** Throws away whole files, oldest first, never the newest. */
    void prune(Instant now) throws IOException {
        long kept = bytes();
        while (files.size() > 1) {
            Path oldest = files.getFirst();
            Instant written = Files.getLastModifiedTime(oldest).toInstant();
            long size = Files.size(oldest);
            if (kept <= retention.bytes() && Duration.between(written, now).compareTo(retention.age()) <= 0) {
                return;
            }
            Files.deleteIfExists(oldest);
            files.removeFirst();
            kept -= size;
        }
    }

    long bytes() throws IOException {
        long sum = 0;
        for (Path file : files) {
            sum += Files.size(file);
        }
        return sum;
    }

    void flush() throws IOException {
        if (current.isPresent()) {
            current.get().flush();
        }
    }

    void close() throws IOException {
        if (current.isPresent()) {
            OutputStream out = current.get();
            current = Optional.empty();
            out.close();
        }
    }

    /** Gives the current file up after a failed write; what was half written ends its readable part. */
    void abandon() {
        try {
            close();
        } catch (IOException e) {
            currentBytes = 0; // the stream is gone either way; the failure that led here was reported
        }
    }

    /** The newest records of the wanted runs, oldest first, that together hold at least {@code bytes} or all there is within reach. */
    List<OutputRecord> tail(Predicate<RunId> wanted, int bytes) throws IOException {
        flush();
        Deque<OutputRecord> found = new ArrayDeque<>();
        long scanned = 0;
        int have = 0;
        for (int i = files.size() - 1; i >= 0 && have < bytes && scanned < RECALL_BYTES; i--) {
            Deque<OutputRecord> inFile = tailOf(files.get(i), wanted, bytes - have);
            while (!inFile.isEmpty()) {
                OutputRecord record = inFile.removeLast();
                found.addFirst(record);
                have += record.payload().length;
            }
            scanned += Files.size(files.get(i));
        }
        return List.copyOf(found);
    }

    private static Deque<OutputRecord> tailOf(Path file, Predicate<RunId> wanted, int bytes) throws IOException {
        Deque<OutputRecord> found = new ArrayDeque<>();
        int have = 0;
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 64 * 1024))) {
            Optional<OutputRecord.Head> head = OutputRecord.readHead(in);
            while (head.isPresent()) {
                Optional<OutputRecord> record = OutputRecord.readPayload(in, head.get(), wanted);
                if (record.isPresent()) {
                    found.addLast(record.get());
                    have += record.get().payload().length;
                    while (have - found.getFirst().payload().length >= bytes) {
                        have -= found.removeFirst().payload().length;
                    }
                }
                head = OutputRecord.readHead(in);
            }
        } catch (EOFException torn) {
            return found; // the last write of a server that was killed
        }
        return found;
    }
}
