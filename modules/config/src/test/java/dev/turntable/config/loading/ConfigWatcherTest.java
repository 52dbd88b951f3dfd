package dev.turntable.config.loading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        write(file, "# one");
    }

    private static void write(Path path, String text) throws IOException {
        Files.writeString(path, text);
        Files.setLastModifiedTime(path, THEN);
    }

    private ConfigWatcher watchFile() {
        return watch(ConfigSources.file(file.toString()));
    }

    private ConfigWatcher watchFolder() {
        return watch(ConfigSources.directory(folder.toString()));
    }

    private static ConfigWatcher watch(ConfigSources sources) {
        return switch (ConfigLoader.load(sources, LoadOptions.of(Map.of()))) {
            case LoadResult.Loaded loaded -> new ConfigWatcher(sources, loaded.sources());
            case LoadResult.Refused refused ->
                throw new AssertionError(refused.first().render());
        };
    }

    /** How many looks it takes until a change is told; 0 for none in ten. */
    private static int looks(ConfigWatcher watcher) {
        for (int look = 1; look <= 10; look++) {
            if (watcher.poll()) {
                return look;
            }
        }
        return 0;
    }

    @Test
    void whatWasLoadedIsTheBaseline() throws IOException {
        ConfigWatcher watcher = watchFile();
        assertEquals(0, looks(watcher));
        ConfigWatcher late = new ConfigWatcher(
                ConfigSources.file(file.toString()), List.of(new ConfigSources.Text(file.toString(), "# before")));
        assertEquals(3, looks(late), "an edit between the load and the first look is seen");
    }

    @Test
    void anEditThatKeepsSizeAndTimeCounts() throws IOException {
        ConfigWatcher watcher = watchFile();
        write(file, "# two");
        assertEquals(2, looks(watcher));
        assertEquals(0, looks(watcher));
    }

    @Test
    void anotherTimeAloneDoesNotCount() throws IOException {
        ConfigWatcher watcher = watchFile();
        Files.setLastModifiedTime(file, FileTime.fromMillis(THEN.toMillis() + 1));
        assertEquals(0, looks(watcher));
    }

    @Test
    void aSwappedLinkCounts() throws IOException {
        Path first = Files.createDirectory(folder.resolve("..2025"));
        Path second = Files.createDirectory(folder.resolve("..2026"));
        write(first.resolve("m.yaml"), "# first");
        write(second.resolve("m.yaml"), "# other");
        Path mount = Files.createDirectory(folder.resolve("mount"));
        Path data = Files.createSymbolicLink(mount.resolve("..data"), first);
        Files.createSymbolicLink(mount.resolve("m.yaml"), Path.of("..data", "m.yaml"));
        ConfigWatcher watcher = watch(ConfigSources.directory(mount.toString()));
        Files.delete(data);
        Files.createSymbolicLink(data, second);
        assertEquals(2, looks(watcher));
    }

    @Test
    void anEmptiedOrCutFileCountsOnlyWhenItStaysSo() throws IOException {
        ConfigWatcher watcher = watchFile();
        write(file, "");
        assertFalse(watcher.poll());
        assertFalse(watcher.poll());
        write(file, "# o");
        assertFalse(watcher.poll(), "another cut is another beginning");
        assertFalse(watcher.poll());
        write(file, "# one");
        assertEquals(0, looks(watcher), "it is what it was");
        write(file, "# on");
        assertEquals(3, looks(watcher));
    }

    @Test
    void aFileThatStillGrowsDoesNotCount() throws IOException {
        ConfigWatcher watcher = watchFile();
        write(file, "# one and");
        assertFalse(watcher.poll());
        write(file, "# one and two");
        assertFalse(watcher.poll());
        assertTrue(watcher.poll());
    }

    @Test
    void aDeletedFileIsQuietUntilItComesBack() throws IOException {
        ConfigWatcher watcher = watchFile();
        Files.delete(file);
        assertEquals(0, looks(watcher));
        write(file, "# two");
        assertEquals(2, looks(watcher));
    }

    @Test
    void aFolderCountsItsYamlFilesOnly() throws IOException {
        ConfigWatcher watcher = watchFolder();
        write(folder.resolve("notes.txt"), "x");
        write(folder.resolve("upper.YAML"), "x");
        assertEquals(0, looks(watcher));
        write(folder.resolve("b.yml"), "x");
        assertEquals(2, looks(watcher));
        Files.delete(folder.resolve("b.yml"));
        assertEquals(3, looks(watcher), "a file that is away for a moment does not count");
    }

    @Test
    void anEmptiedFolderIsQuietUntilAFileComesBack() throws IOException {
        ConfigWatcher watcher = watchFolder();
        Files.delete(file);
        assertEquals(0, looks(watcher));
        write(file, "# two");
        assertEquals(2, looks(watcher));
    }

    @Test
    void bothAreWatched() throws IOException {
        Path main = folder.resolve("main.conf");
        write(main, "# x");
        ConfigWatcher watcher =
                watch(new ConfigSources(Optional.of(main.toString()), Optional.of(folder.toString()), List.of()));
        write(main, "# xy");
        assertEquals(2, looks(watcher));
        write(file, "# xyz!");
        assertEquals(2, looks(watcher));
        write(main, "");
        assertEquals(3, looks(watcher));
    }

    @Test
    void fiveSavesBetweenTwoLooksAreOneCallAfterASecondLook() {
        AtomicInteger calls = new AtomicInteger();
        List<Duration> pauses = new ArrayList<>();
        watchFile()
                .follow(
                        pause -> {
                            pauses.add(pause);
                            for (int i = 0; i < 5 && pauses.size() == 1; i++) {
                                save(i);
                            }
                            return pauses.size() < 4;
                        },
                        calls::incrementAndGet);
        assertEquals(1, calls.get());
        assertEquals(
                List.of(ConfigWatcher.INTERVAL, ConfigWatcher.MOMENT, ConfigWatcher.INTERVAL, ConfigWatcher.INTERVAL),
                pauses);
    }

    private void save(int number) {
        try {
            write(file, "# save " + "x".repeat(number));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
