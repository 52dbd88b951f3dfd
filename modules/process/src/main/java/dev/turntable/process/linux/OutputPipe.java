package dev.turntable.process.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The reading end of a named pipe that a child writes to; it owns the descriptor and the name in the file system.
 *
 * <pre>
 *  life of the child   our descriptor        end of file means
 *  alive               read and write        never seen: we hold a writing end ourselves
 *  gone                read only             nobody holds the pipe any more
 * </pre>
 *
 * <p>Not safe for several threads at once, but for the count.
 */
public final class OutputPipe implements AutoCloseable {
    /** A child that prints while we are busy, or restarting, goes on until this is full. The kernel's limit for everybody is 1 MiB. */
    private static final int CAPACITY_BYTES = 1 << 20;

    private static final int SMALLER_CAPACITY_BYTES = 1 << 18;

    /** Read at once, so that one talkative child does not keep the others waiting. */
    public static final int CHUNK_BYTES = 64 << 10;

    private final Path path;
    private int fd;
    private volatile long count;
    private boolean closed;

    private OutputPipe(Path path, int fd) {
        this.path = path;
        this.fd = fd;
    }

    /** What a read found. */
    public enum Read {
        DATA,
        EMPTY,
        END
    }

    /** Takes what was read: {@code bytes[0..length)}, reused afterwards. */
    @FunctionalInterface
    public interface Consumer {
        void accept(byte[] bytes, int length);
    }

    /** A buffer for {@link #read}; shared by all pipes of one thread. */
    public static final class Buffer implements AutoCloseable {
        private final Arena arena = Arena.ofShared();
        private final MemorySegment memory = arena.allocate(CHUNK_BYTES);
        private final byte[] bytes = new byte[CHUNK_BYTES];

        @Override
        public void close() {
            arena.close();
        }
    }

    /** Makes a pipe readable and writable by this user alone, in place of anything of that name. */
    public static OutputPipe create(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int made = Libc.mkfifo(path.toString(), 0600);
        if (made < 0) {
            throw new OsException("named pipe " + path.getFileName(), -made);
        }
        return open(path);
    }

    /** Opens a pipe that an earlier server run made. */
    public static OutputPipe open(Path path) {
        int fd = Libc.open(path.toString(), Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        if (fd < 0) {
            throw new OsException("named pipe " + path.getFileName(), -fd);
        }
        if (Libc.setPipeSize(fd, CAPACITY_BYTES) < 0) {
            Libc.setPipeSize(fd, SMALLER_CAPACITY_BYTES);
        }
        return new OutputPipe(path, fd);
    }

    public Path path() {
        return path;
    }

    /** The descriptor to watch; changes with {@link #giveUpWriting}. */
    public int descriptor() {
        return fd;
    }

    /** Bytes read so far. Any thread. */
    public long count() {
        return count;
    }

    /** Reads one chunk without waiting. */
    public Read read(Buffer buffer, Consumer consumer) {
        int length = Libc.read(fd, buffer.memory);
        if (length > 0) {
            MemorySegment.copy(buffer.memory, ValueLayout.JAVA_BYTE, 0, buffer.bytes, 0, length);
            count += length;
            consumer.accept(buffer.bytes, length);
            return Read.DATA;
        }
        return length == -Errno.EAGAIN || length == -Errno.EINTR ? Read.EMPTY : Read.END;
    }

    /** From here on a read sees the end when no process holds the pipe any more. What is in the pipe stays. */
    public void giveUpWriting() {
        int readOnly = Libc.open("/proc/self/fd/" + fd, Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        if (readOnly < 0) {
            return; // too many open files: then the end is never seen, and whoever waits for it waits for its bound
        }
        Libc.close(fd);
        fd = readOnly;
    }

    /** Closes the descriptor and removes the name. A process that still writes gets SIGPIPE. */
    @Override
    public void close() {
        letGo();
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes the descriptor but leaves the name, for a later server run to open. */
    public void letGo() {
        if (!closed) {
            closed = true;
            Libc.close(fd);
        }
    }
}
