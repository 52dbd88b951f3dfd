package dev.turntable.journal;

import dev.turntable.journal.chronicle.RawCursor;
import dev.turntable.journal.chronicle.RawQueue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One epoch's frames in a {@link RawQueue}. */
final class ChronicleLog implements FrameLog {
    private static final int OVERLAP = Frame.HEADER + Frame.MAX_PAYLOAD;

    private final RawQueue queue;

    ChronicleLog(RawQueue queue) {
        this.queue = queue;
    }

    @Override
    public long append(byte[] bytes, int length, long epochMillis) {
        return queue.append(bytes, length, epochMillis);
    }

    @Override
    public Cursor cursor() {
        return new ChronicleCursor(queue.cursor());
    }

    @Override
    public void force() {
        queue.force();
    }

    @Override
    public List<Segment> segments() {
        return RawQueue.files(queue.folder()).stream()
                .map(file -> new Segment(RawQueue.segmentOf(file), FileVolume.bytesOnDisk(file)))
                .toList();
    }

    @Override
    public long segmentOf(long address) {
        return queue.segmentOf(address);
    }

    @Override
    public void delete(long segment) {
        queue.delete(segment);
    }

    @Override
    public void scanRaw(RawSink sink, long lastBytes) {
        long skip = Math.max(0, segments().stream().mapToLong(Segment::bytes).sum() - lastBytes);
        for (Path file : RawQueue.files(queue.folder())) {
            try (InputStream in = Files.newInputStream(file)) {
                long size = FileVolume.bytesOnDisk(file);
                in.skipNBytes(Math.min(skip, size));
                skip -= Math.min(skip, size);
                scan(in, sink);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void scan(InputStream in, RawSink sink) throws IOException {
        byte[] window = new byte[2 * OVERLAP];
        int kept = 0;
        int read;
        while ((read = in.readNBytes(window, kept, window.length - kept)) > 0) {
            int length = kept + read;
            sink.window(window, length);
            kept = Math.min(length, OVERLAP);
            System.arraycopy(window, length - kept, window, 0, kept);
        }
    }

    @Override
    public void close() {
        queue.close();
    }

    private record ChronicleCursor(RawCursor cursor) implements Cursor {
        @Override
        public void moveTo(long address) {
            cursor.moveTo(address);
        }

        @Override
        public boolean next() {
            return cursor.next();
        }

        @Override
        public byte[] buffer() {
            return cursor.buffer();
        }

        @Override
        public int length() {
            return cursor.length();
        }

        @Override
        public long address() {
            return cursor.address();
        }

        @Override
        public void close() {
            cursor.close();
        }
    }
}
