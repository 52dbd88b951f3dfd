package dev.turntable.json;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * A body as bytes by their position: all of it in memory, or a window of it that moves through a file.
 *
 * <p>The file is read and not mapped: mapped pages would count as memory of the server, all of an upload at once.
 */
public final class BodyView {
    private static final int WINDOW = 64 * 1024;

    /** Whoever scans forwards looks back a little now and then. */
    private static final int LOOK_BACK = 256;

    private final Optional<FileChannel> file;
    private final long size;
    private byte[] window;
    private long from;
    private int filled;

    private BodyView(Optional<FileChannel> file, long size, byte[] window, int filled) {
        this.file = file;
        this.size = size;
        this.window = window;
        this.filled = filled;
    }

    public static BodyView of(byte[] bytes, int length) {
        return new BodyView(Optional.empty(), length, bytes, length);
    }

    public static BodyView of(byte[] bytes) {
        return of(bytes, bytes.length);
    }

    /** The channel must stay open as long as somebody looks. */
    public static BodyView of(FileChannel file, long size) {
        return new BodyView(Optional.of(file), size, new byte[WINDOW], 0);
    }

    public long size() {
        return size;
    }

    /** Throws {@link UncheckedIOException} when the file cannot be read. */
    public byte at(long i) {
        long inside = i - from;
        if (inside < 0 || inside >= filled) {
            move(i);
            inside = i - from;
        }
        return window[(int) inside];
    }

    private void move(long to) {
        if (to < 0 || to >= size) {
            throw new IndexOutOfBoundsException("byte " + to + " of " + size);
        }
        Thread.yield(); // whoever scans a gigabyte lets others have their turn
        from = Math.max(0, to - LOOK_BACK);
        filled = (int) Math.min(window.length, size - from);
        read(window, filled, from);
    }

    public byte[] slice(long begin, long end) {
        byte[] slice = new byte[Math.toIntExact(end - begin)];
        if (file.isPresent()) {
            read(slice, slice.length, begin);
        } else {
            System.arraycopy(window, (int) begin, slice, 0, slice.length);
        }
        return slice;
    }

    private void read(byte[] into, int length, long position) {
        ByteBuffer buffer = ByteBuffer.wrap(into, 0, length);
        try {
            while (buffer.hasRemaining()) {
                if (file.orElseThrow().read(buffer, position + buffer.position()) < 0) {
                    throw new EOFException("the temporary file of a request body is too short");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
