package dev.turntable.journal.chronicle;

import dev.turntable.journal.JournalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import net.openhft.chronicle.core.Jvm;
import net.openhft.chronicle.core.io.IORuntimeException;
import net.openhft.chronicle.core.onoes.ExceptionHandler;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * Entries of plain bytes in a Chronicle Queue: the folder's owner, and the only place that knows how to speak to it.
 *
 * <pre>
 * &lt;folder&gt;/metadata.cq4t     Chronicle's own: roll cycle, listing, write lock
 * &lt;folder&gt;/20260901F.cq4     one file for each day (UTC) on which something was written
 * </pre>
 *
 * An entry's address is Chronicle's index: the day, and the number within it. Appending belongs to one thread at a time; the write lock
 * of the journal sees to that, so Chronicle's own check of threads is off. Settings that are system properties stand in
 * {@code config/jvm.options}.
 */
public final class RawQueue implements AutoCloseable {
    /** An entry may be a quarter of it. Files grow by it, but only what is written takes room on the disk. */
    public static final int BLOCK = 4 << 20;

    /** What is left by a writer that was killed is taken over after this; our own lock file says that nobody else is there. */
    private static final long TIMEOUT_MILLIS = 200;

    private static final RollCycle DAILY = RollCycles.FAST_DAILY;
    private static final DateTimeFormatter FILE =
            DateTimeFormatter.ofPattern("yyyyMMdd'F.cq4'").withZone(ZoneOffset.UTC);
    private static final String SUFFIX = ".cq4";
    private static final System.Logger LOG = System.getLogger(RawQueue.class.getName());

    private final Path folder;
    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private final Set<Path> unforced = ConcurrentHashMap.newKeySet();
    private volatile long entryMillis;
    private long segment = -1;
    private Path forcedFile;
    private FileChannel forcedChannel;

    private RawQueue(Path folder, boolean append, long firstMillis) {
        this.folder = folder;
        this.entryMillis = firstMillis;
        this.queue = SingleChronicleQueueBuilder.binary(folder)
                .rollCycle(DAILY)
                .blockSize(BLOCK)
                .timeoutMS(TIMEOUT_MILLIS)
                .timeProvider(() ->
                        entryMillis) // the entry's own time chooses the file: it never goes back, whatever the clock
                // does
                .checkInterrupts(false)
                .readOnly(!append)
                .build();
        if (queue.rollCycle() != DAILY) {
            queue.close();
            throw new JournalException(
                    JournalException.Code.UNREADABLE,
                    folder + " was made with roll cycle " + queue.rollCycle() + ", not with " + DAILY);
        }
        if (append) {
            appender = queue.createAppender();
            appender.singleThreadedCheckDisabled(true);
            unforced.addAll(files(folder)); // a killed run may have left them so
        } else {
            appender = null;
        }
    }

    /** Opens or creates the queue in the folder. Throws {@link JournalException} UNREADABLE. */
    public static RawQueue open(Path folder, boolean append, long firstMillis) {
        toSystemLogger();
        try {
            Files.createDirectories(folder);
            return new RawQueue(folder, append, firstMillis);
        } catch (JournalException e) {
            throw e;
        } catch (IOException | RuntimeException | InternalError e) {
            throw new JournalException(
                    JournalException.Code.UNREADABLE, "cannot open " + folder + ": " + e.getMessage(), e);
        }
    }

    /** Chronicle speaks through handlers of its own; its debugging and timing chatter is nobody's business. */
    private static void toSystemLogger() {
        Jvm.setExceptionHandlers(handler(Level.ERROR), handler(Level.WARNING), null, null);
    }

    private static ExceptionHandler handler(Level level) {
        return new ExceptionHandler() {
            @Override
            public void on(Class<?> source, String message, Throwable thrown) {
                LOG.log(level, source.getSimpleName() + ": " + message, thrown);
            }

            @Override
            public void on(org.slf4j.Logger logger, String message, Throwable thrown) {
                LOG.log(level, logger.getName() + ": " + message, thrown);
            }
        };
    }

    /**
     * Appends one entry and returns its address.
     *
     * @throws JournalException DISK_FULL when the file could not grow or a mapped page had no room; the queue takes nothing more then
     */
    public long append(byte[] bytes, int length, long epochMillis) {
        entryMillis = Math.max(entryMillis, epochMillis);
        boolean interrupted = Thread.interrupted(); // an interrupt would close the file under us
        try {
            return write(bytes, length);
        } catch (InternalError e) { // SIGBUS: the page has no room on the disk
            throw new JournalException(JournalException.Code.DISK_FULL, "no room on the disk for the journal", e);
        } catch (IORuntimeException | UncheckedIOException e) {
            throw new JournalException(
                    JournalException.Code.DISK_FULL, "the journal's file cannot grow: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw new JournalException(
                    JournalException.Code.FAILED, "the queue refused an entry: " + e.getMessage(), e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private long write(byte[] bytes, int length) {
        DocumentContext document = appender.writingDocument();
        boolean whole = false;
        try {
            document.wire().bytes().write(bytes, 0, length);
            whole = true;
        } finally {
            if (!whole) {
                document.rollbackOnClose(); // or else closing would publish half an entry
            }
            document.close();
        }
        long index = appender.lastIndexAppended();
        if (DAILY.toCycle(index) != segment) {
            segment = DAILY.toCycle(index);
            unforced.add(fileOf(segment));
        }
        return index;
    }

    /** A new pass over the entries, before the first. */
    public RawCursor cursor() {
        return new RawCursor(queue.createTailer());
    }

    /** Forces every file written since the last call. Chronicle's own sync does nothing without its native library. */
    public synchronized void force() {
        Path current = fileOf(segmentAt(entryMillis));
        for (Path file : unforced) {
            if (Files.exists(file)) {
                force(file);
            }
            if (!file.equals(current)) {
                unforced.remove(file);
            }
        }
    }

    private void force(Path file) {
        try {
            if (!file.equals(forcedFile)) {
                closeForced();
                forcedChannel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                forcedFile = file;
                forceFolder(folder);
            }
            forcedChannel.force(false);
        } catch (IOException e) {
            throw new JournalException(JournalException.Code.FAILED, "cannot force " + file, e);
        }
    }

    private void closeForced() throws IOException {
        if (forcedChannel != null) {
            forcedChannel.close();
        }
    }

    /** Brings a folder's entries (new and renamed files) to disk. */
    public static void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** The queue's files, oldest first. */
    public static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        } catch (java.nio.file.NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path folder() {
        return folder;
    }

    /** Number of the day's file that holds the address. */
    public long segmentOf(long address) {
        return DAILY.toCycle(address);
    }

    /** Number of the day's file for entries of that time. */
    private static long segmentAt(long epochMillis) {
        return DAILY.current(() -> epochMillis, 0);
    }

    /** Number of a file, from its name. */
    public static long segmentOf(Path file) {
        String name = file.getFileName().toString();
        Instant day = java.time.LocalDate.parse(name.substring(0, 8), DateTimeFormatter.BASIC_ISO_DATE)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
        return segmentAt(day.toEpochMilli());
    }

    private Path fileOf(long segment) {
        return folder.resolve(FILE.format(Instant.ofEpochMilli(segment * DAILY.lengthInMillis())));
    }

    /** Deletes a day's file. */
    public void delete(long segment) {
        try {
            Files.deleteIfExists(fileOf(segment));
            forceFolder(folder);
        } catch (IOException e) {
            throw new JournalException(JournalException.Code.FAILED, "cannot delete " + fileOf(segment), e);
        }
        queue.refreshDirectoryListing();
    }

    @Override
    public synchronized void close() {
        queue.close();
        try {
            closeForced();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
