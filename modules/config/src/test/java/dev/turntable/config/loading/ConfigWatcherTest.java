package dev.turntable.config.loading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cases 8 to 13 of the behaviour specification, §10.A: when a watched configuration counts as changed. */
class ConfigWatcherTest {
    private static final FileTime THEN = FileTime.fromMillis(1_700_000_000_000L);

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("config.yaml");
        write(file, "one");
    }

    private static void write(Path path, String text) throws IOException {
        Files.writeString(path, text);
        Files.setLastModifiedTime(path, THEN);
    }

    private ConfigWatcher watchFile() {
        return new ConfigWatcher(ConfigSources.file(file.toString()));
    }

    private ConfigWatcher watchFolder() {
        return new ConfigWatcher(ConfigSources.directory(folder.toString()));
    }

    @Test
    void whatIsThereAtTheBeginningIsTheBaseline() {
        ConfigWatcher watcher = watchFile();
        assertFalse(watcher.poll());
        assertFalse(watcher.poll());
    }

    @Test
    void anotherSizeWithTheSameTimeCounts() throws IOException {
        ConfigWatcher watcher = watchFile();
        write(file, "longer");
        assertTrue(watcher.poll());
        assertFalse(watcher.poll());
    }

    @Test
    void anotherTimeWithTheSameSizeCounts() throws IOException {
        ConfigWatcher watcher = watchFile();
        Files.setLastModifiedTime(file, FileTime.fromMillis(THEN.toMillis() + 1));
        assertTrue(watcher.poll());
    }

    @Test
    void aSwappedLinkCounts() throws IOException {
        Path other = folder.resolve("other");
        write(other, "another text");
        Path link = Files.createSymbolicLink(folder.resolve("link.yaml"), file);
        ConfigWatcher watcher = new ConfigWatcher(ConfigSources.file(link.toString()));
        Files.delete(link);
        Files.createSymbolicLink(link, other);
        assertTrue(watcher.poll());
    }

    @Test
    void aDeletedFileIsQuietUntilItComesBack() throws IOException {
        ConfigWatcher watcher = watchFile();
        Files.delete(file);
        assertFalse(watcher.poll());
        write(file, "one");
        assertTrue(watcher.poll());
    }

    @Test
    void aFolderCountsItsYamlFilesOnly() throws IOException {
        ConfigWatcher watcher = watchFolder();
        write(folder.resolve("notes.txt"), "x");
        write(folder.resolve("upper.YAML"), "x");
        assertFalse(watcher.poll());
        write(folder.resolve("b.yml"), "x");
        assertTrue(watcher.poll());
        Files.delete(folder.resolve("b.yml"));
        assertTrue(watcher.poll());
    }

    @Test
    void anEmptiedFolderIsQuietUntilAFileComesBack() throws IOException {
        ConfigWatcher watcher = watchFolder();
        Files.delete(file);
        assertFalse(watcher.poll());
        write(file, "one");
        assertTrue(watcher.poll());
    }

    @Test
    void bothAreWatched() throws IOException {
        Path main = folder.resolve("main.conf");
        write(main, "x");
        ConfigWatcher watcher = new ConfigWatcher(
                new ConfigSources(Optional.of(main.toString()), Optional.of(folder.toString()), List.of()));
        write(main, "xy");
        assertTrue(watcher.poll());
        write(file, "xyz!");
        assertTrue(watcher.poll());
    }

    @Test
    void fiveSavesBetweenTwoLooksAreOneCall() {
        AtomicInteger calls = new AtomicInteger();
        Deque<Integer> saves = new ArrayDeque<>(List.of(5, 0));
        watchFile()
                .follow(
                        pause -> {
                            assertEquals(ConfigWatcher.INTERVAL, pause);
                            Optional<Integer> count =
                                    Optional.ofNullable(saves.poll()); // saves during this pause; none left: the end
                            for (int i = 0; i < count.orElse(0); i++) {
                                save(i);
                            }
                            return count.isPresent();
                        },
                        calls::incrementAndGet);
        assertEquals(1, calls.get());
    }

    private void save(int number) {
        try {
            write(file, "save " + "x".repeat(number));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
