package dev.turntable.journal;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A server that appends as fast as it can until it is killed; it notes each acknowledged seq in a mapped file, which outlives it. */
final class CrashChild {
    private CrashChild() {}

    public static void main(String[] args) throws IOException {
        try (FileChannel channel =
                FileChannel.open(Path.of(args[1]), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer acknowledged = channel.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES);
            Journal journal = Journals.open(Path.of(args[0]), JournalOptions.defaults());
            while (true) {
                acknowledged.putLong(0, Commits.appendNext(journal).seq());
            }
        }
    }
}
