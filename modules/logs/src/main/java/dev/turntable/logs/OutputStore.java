package dev.turntable.logs;

import dev.turntable.event.ModelId;
import dev.turntable.event.RunId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Keeps what the upstream processes print: on disk for a while, and in memory the last 100 KiB of each model and of all together, for
 * readers who follow live.
 *
 * <p>Owns a thread (the only one that writes files and wakes readers) and the folder {@code output/}. {@link #append} never waits: a
 * model that prints faster than can be stored loses output and a marker says how much.
 */
public final class OutputStore implements AutoCloseable {
    /** Output of one run that is looked through for a moment in it. */
    private static final int REACH = 4 << 20;

    private static final System.Logger LOG = System.getLogger(OutputStore.class.getName());

    /** How long a disk that refused output is left alone. */
    private static final Duration RETRY = Duration.ofSeconds(10);

    /** How long a question about the last lines waits for output that is on its way. */
    private static final Duration MOMENT = Duration.ofMillis(500);

    private final HandOff handOff = new HandOff();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition batchStored = lock.newCondition();
    private final OutputMonitors monitors = new OutputMonitors(lock, this::recall);
    private final Segments segments;
    private final InstantSource clock;
    private final Thread writer;
    private OutputTap tap = (_, _) -> {};
    private long stored;
    private boolean degraded;
    private Instant retryAt = Instant.MIN;

    private OutputStore(Segments segments, InstantSource clock) {
        this.segments = segments;
        this.clock = clock;
        this.writer = Thread.ofPlatform().name("output-store").daemon().unstarted(this::run);
    }

    /** How long output is kept: whichever of the two is reached first, by whole files. */
    public record Retention(Duration age, long bytes) {
        /** Seven days or 2 GiB. */
        public static final Retention DEFAULT = new Retention(Duration.ofDays(7), 2L << 30);
    }

    /** Opens or creates the store in {@code folder}. Throws {@link LogsException} if the folder cannot be used. */
    public static OutputStore open(Path folder, Retention retention, InstantSource clock) {
        try {
            Segments segments = new Segments(folder, retention);
            segments.prune(clock.instant());
            OutputStore store = new OutputStore(segments, clock);
            store.writer.start();
            return store;
        } catch (IOException e) {
            throw new LogsException(
                    LogsException.Code.UNREADABLE, "cannot use the output folder " + folder + ": " + e.getMessage(), e);
        }
    }

    /** Is told of every chunk as it is stored, on the store's thread. */
    @FunctionalInterface
    interface OutputTap {
        void chunk(RunId run, byte[] bytes);
    }

    /** Takes {@code bytes[0..length)} as the run printed them; the array may be reused at once. Never waits. */
    public void append(RunId run, byte[] bytes, int length) {
        for (int from = 0; from < length; from += OutputRecord.MAX_PAYLOAD) {
            int count = Math.min(OutputRecord.MAX_PAYLOAD, length - from);
            handOff.offer(run, from == 0 ? bytes : Arrays.copyOfRange(bytes, from, from + count), count);
        }
    }

    /** The last lines a run printed, oldest first; what to show when a start failed. */
    public List<String> lastLines(RunId run, int count) {
        awaitStored();
        byte[] tail = recall(run::equals);
        List<String> lines = new String(tail, StandardCharsets.UTF_8).lines().toList();
        return lines.subList(Math.max(0, lines.size() - count), lines.size());
    }

    /** What the run printed between the two moments, as far as that is kept and within reach. */
    byte[] between(RunId run, Instant from, Instant to) {
        awaitStored();
        lock.lock();
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            segments.tail(run::equals, REACH).stream()
                    .filter(record ->
                            !record.time().isBefore(from) && !record.time().isAfter(to))
                    .forEach(record -> out.writeBytes(record.payload()));
            return out.toByteArray();
        } catch (IOException e) {
            throw new LogsException(LogsException.Code.UNREADABLE, "old output cannot be read: " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    /** Waits, a moment at most, until everything handed over before the call is stored. */
    void awaitStored() {
        long wanted = handOff.accepted();
        long nanos = MOMENT.toNanos();
        lock.lock();
        try {
            while (stored < wanted && nanos > 0) {
                nanos = batchStored.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes on disk, bytes dropped because they came too fast, and whether the disk refuses output. */
    public record Status(long bytes, long dropped, boolean degraded) {}

    public Status status() {
        lock.lock();
        try {
            return new Status(segments.bytes(), handOff.dropped(), degraded);
        } catch (IOException e) {
            throw new LogsException(
                    LogsException.Code.UNREADABLE, "cannot measure the output folder: " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    byte[] history(Optional<ModelId> model) {
        return monitors.history(model);
    }

    LogListener listen(Optional<ModelId> model, boolean withHistory) {
        return monitors.listen(model, withHistory);
    }

    /** Sets the tap and returns the newest records of before, so that nothing is missed between the two. */
    List<OutputRecord> tap(OutputTap tap) {
        lock.lock();
        try {
            this.tap = tap;
            return segments.tail(_ -> true, Ring.LIMIT);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "old output cannot be read", e);
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    private byte[] recall(Predicate<RunId> wanted) {
        lock.lock();
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            segments.tail(wanted, Ring.LIMIT).forEach(record -> out.writeBytes(record.payload()));
            return out.toByteArray();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "old output cannot be read", e);
            return new byte[0];
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            List<HandOff.Chunk> batch = handOff.take();
            while (!batch.isEmpty()) {
                store(batch);
                batch = handOff.take();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void store(List<HandOff.Chunk> batch) {
        lock.lock();
        try {
            for (HandOff.Chunk chunk : batch) {
                if (chunk.droppedBefore() > 0) {
                    store(chunk.run(), LogListener.marker(chunk.droppedBefore()));
                }
                store(chunk.run(), chunk.bytes());
                stored++;
            }
            segments.flush();
        } catch (IOException e) {
            refuse(e);
        } finally {
            batchStored.signalAll();
            lock.unlock();
        }
    }

    private void store(RunId run, byte[] bytes) {
        Monitor own = monitors.monitor(Optional.of(run.model()));
        Monitor all = monitors.monitor(Optional.empty());
        Instant now = clock.instant();
        if (!degraded || now.isAfter(retryAt)) {
            try {
                segments.write(new OutputRecord(now, run, bytes), now);
                degraded = false;
            } catch (IOException e) {
                refuse(e);
            }
        }
        tap.chunk(run, bytes);
        own.push(bytes);
        all.push(bytes);
    }

    /** A full disk costs the history, never the live stream. */
    private void refuse(IOException e) {
        if (!degraded) {
            LOG.log(System.Logger.Level.WARNING, "upstream output is not stored: " + e.getMessage());
        }
        degraded = true;
        retryAt = clock.instant().plus(RETRY);
        segments.abandon();
    }

    /** Ends every reader, now and from now on; output is stored on. */
    void endReaders() {
        monitors.end();
    }

    /** Stores what was handed over, ends every reader, closes the file. */
    @Override
    public void close() {
        handOff.close();
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        endReaders();
        lock.lock();
        try {
            segments.close();
        } catch (IOException e) {
            refuse(e);
        } finally {
            lock.unlock();
        }
    }
}
