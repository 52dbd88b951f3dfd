package dev.turntable.proxy.body;

import dev.turntable.json.BodyView;
import dev.turntable.upstream.MessageBody;
import dev.turntable.upstream.UpstreamConnection;
import dev.turntable.upstream.WireException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A request's body, read to its end before it is forwarded: in memory up to a limit, else in a temporary file that only we can read and that
 * goes with the request. All bodies in memory together stay below a budget; over it, they go to disk earlier.
 */
public final class RequestBody implements AutoCloseable {
    private static final int FIRST = 4096;

    private final BodyStore store;
    private byte[] memory = new byte[0];
    private int length;
    private long reserved;
    private Optional<Path> file = Optional.empty();
    private long fileLength;

    private RequestBody(BodyStore store) {
        this.store = store;
    }

    /** Reads the whole body. Throws {@link WireException} 413 for one that is too large. */
    public static RequestBody read(BodyStore store, MessageBody body) throws IOException {
        store.check(body.length());
        RequestBody read = new RequestBody(store);
        try {
            read.fill(body);
            return read;
        } catch (IOException | RuntimeException e) {
            read.close();
            throw e;
        }
    }

    private void fill(MessageBody body) throws IOException {
        if (body.length() > 0 && body.length() <= Math.min(store.inMemory(), 1 << 20) && reserve(body.length())) {
            memory = new byte[(int) body.length()];
        }
        FileChannel out = null;
        try {
            int window = body.ready(true);
            while (window > 0) {
                if (out == null && !fits(window)) {
                    out = spill();
                }
                if (out == null) {
                    System.arraycopy(body.array(), body.offset(), memory, length, window);
                    length += window;
                } else {
                    append(out, body.array(), body.offset(), window);
                }
                body.consume(window);
                window = body.ready(true);
            }
        } finally {
            if (out != null) {
                out.close();
            }
        }
    }

    private boolean fits(int more) {
        int wanted = length + more;
        store.check(wanted);
        if (wanted <= memory.length) {
            return true;
        }
        if (wanted > store.inMemory()) {
            return false;
        }
        int capacity = (int) Math.min(store.inMemory(), Math.max(FIRST, Math.max(wanted, memory.length * 2L)));
        if (!reserve(capacity - memory.length)) {
            return false;
        }
        memory = Arrays.copyOf(memory, capacity);
        return true;
    }

    private boolean reserve(long more) {
        if (!store.budget().take(more)) {
            return false;
        }
        reserved += more;
        return true;
    }

    private FileChannel spill() throws IOException {
        Path path = store.temporary();
        file = Optional.of(path);
        FileChannel out = FileChannel.open(path, StandardOpenOption.WRITE);
        append(out, memory, 0, length);
        memory = new byte[0];
        length = 0;
        release();
        return out;
    }

    private void append(FileChannel out, byte[] bytes, int offset, int count) throws IOException {
        fileLength += count;
        store.check(fileLength);
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, count);
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
    }

    public long length() {
        return file.isPresent() ? fileLength : length;
    }

    public boolean onDisk() {
        return file.isPresent();
    }

    /** The bytes of a body in memory. */
    public byte[] bytes() {
        if (length != memory.length) {
            memory = Arrays.copyOf(memory, length);
        }
        return memory;
    }

    /** The whole body in memory, when it is no longer than this. */
    public Optional<byte[]> bytes(long atMost) throws IOException {
        if (file.isEmpty()) {
            return Optional.of(bytes());
        }
        return fileLength > atMost ? Optional.empty() : Optional.of(Files.readAllBytes(file.get()));
    }

    /** Lets somebody look at the whole body wherever it is. */
    public <T> T look(Function<BodyView, T> look) throws IOException {
        if (file.isEmpty()) {
            return look.apply(BodyView.of(memory, length));
        }
        try (FileChannel in = FileChannel.open(file.get(), StandardOpenOption.READ)) {
            return look.apply(BodyView.of(in, fileLength));
        } catch (UncheckedIOException unreadable) {
            throw unreadable.getCause();
        }
    }

    /** Replaces the body by one in memory. */
    public void replace(byte[] with) {
        deleteFile();
        release();
        store.budget().owe(with.length);
        reserved = with.length;
        memory = with;
        length = with.length;
    }

    /** A stretch of the body and what stands there instead. */
    public record Splice(long from, long to, byte[] with) {}

    /** Replaces stretches, given in their order; a body on disk stays there. */
    public void splice(List<Splice> splices) throws IOException {
        if (file.isEmpty()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream(length + 64 * splices.size());
            int at = 0;
            for (Splice splice : splices) {
                out.write(memory, at, (int) splice.from() - at);
                out.write(splice.with(), 0, splice.with().length);
                at = (int) splice.to();
            }
            out.write(memory, at, length - at);
            replace(out.toByteArray());
            return;
        }
        Path before = file.get();
        Path after = store.temporary();
        try (FileChannel in = FileChannel.open(before, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(after, StandardOpenOption.WRITE)) {
            long at = 0;
            for (Splice splice : splices) {
                copy(in, out, at, splice.from());
                out.write(ByteBuffer.wrap(splice.with()));
                at = splice.to();
            }
            copy(in, out, at, fileLength);
            fileLength = out.position();
        } finally {
            deleteFile();
            file = Optional.of(after);
        }
    }

    private static void copy(FileChannel in, FileChannel out, long from, long until) throws IOException {
        long at = from;
        while (at < until) {
            at += in.transferTo(at, until - at, out);
        }
    }

    /** Sends a stretch of the body. */
    public void send(UpstreamConnection to, long from, long until) throws IOException {
        if (file.isEmpty()) {
            to.write(memory, (int) from, (int) (until - from));
            return;
        }
        byte[] buffer = new byte[64 * 1024];
        try (FileChannel in = FileChannel.open(file.get(), StandardOpenOption.READ)) {
            long at = from;
            while (at < until) {
                ByteBuffer some = ByteBuffer.wrap(buffer, 0, (int) Math.min(buffer.length, until - at));
                int read = in.read(some, at);
                if (read < 0) {
                    throw new IOException("the temporary file of a request body is too short");
                }
                to.write(buffer, 0, read);
                at += read;
            }
        }
    }

    private void release() {
        store.budget().give(reserved);
        reserved = 0;
    }

    private void deleteFile() {
        file.ifPresent(path -> {
            try {
                Files.deleteIfExists(path);
            } catch (IOException keptByTheSystem) {
                path.toFile().deleteOnExit();
            }
        });
        file = Optional.empty();
    }

    @Override
    public void close() {
        deleteFile();
        release();
    }
}
