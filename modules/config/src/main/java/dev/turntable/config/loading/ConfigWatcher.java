package dev.turntable.config.loading;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Notices that a configuration changed on disk, by looking every two seconds (llama-swap §1.4): no file-system events, so that bind mounts and
 * swapped links work.
 *
 * <p>It owns no thread: whoever wires it runs {@link #follow} on one. Any number of saves between two looks are one call.
 */
public final class ConfigWatcher {
    /** Time between two looks. */
    public static final Duration INTERVAL = Duration.ofSeconds(2);

    private record Stamp(long modifiedNanos, long size) {}

    private final Optional<Path> file;
    private final Optional<Path> directory;
    private Optional<Stamp> seenFile = Optional.empty();
    private Map<String, Stamp> seenEntries = Map.of();

    /** Watches what a configuration is read from. The baseline is taken here: make it before the configuration is read, and no edit is missed. */
    public ConfigWatcher(ConfigSources sources) {
        file = sources.config().map(Path::of);
        directory = sources.directory().map(Path::of);
        poll();
    }

    /**
     * Looks once.
     *
     * @return true when the configuration should be read again: a file changed in time or size, came back, or came or went in the folder. False for
     *     a file that is gone, and for a folder that is gone or has no YAML file
     */
    public synchronized boolean poll() {
        boolean fileChanged = pollFile();
        boolean directoryChanged = pollDirectory();
        return fileChanged || directoryChanged;
    }

    /** How a follower of the watch waits between two looks; tests have their own. */
    @FunctionalInterface
    public interface Pacer {
        /** Waits; false when the watch should end. */
        boolean pause(Duration time);
    }

    /** Looks after every pause, and calls back after each look that found a change; returns when the pacer says so. */
    public void follow(Pacer pacer, Runnable onChange) {
        while (pacer.pause(INTERVAL)) {
            if (poll()) {
                onChange.run();
            }
        }
    }

    private boolean pollFile() {
        Optional<Stamp> now = file.flatMap(ConfigWatcher::stamp);
        boolean changed = now.isPresent() && !now.equals(seenFile);
        seenFile = now;
        return changed;
    }

    private boolean pollDirectory() {
        Map<String, Stamp> now = directory.map(ConfigWatcher::entries).orElse(Map.of());
        boolean changed = !now.isEmpty() && !now.equals(seenEntries);
        seenEntries = now;
        return changed;
    }

    private static Map<String, Stamp> entries(Path directory) {
        Map<String, Stamp> entries = new TreeMap<>();
        try (Stream<Path> paths = Files.list(directory)) {
            paths.filter(path -> SourceFiles.isYaml(path.getFileName().toString()) && Files.isRegularFile(path))
                    .forEach(path -> stamp(path).ifPresent(stamp -> entries.put(path.toString(), stamp)));
        } catch (IOException | UncheckedIOException | InvalidPathException e) {
            return Map.of(); // gone, or not readable at the moment: quiet, and compared again at the next look
        }
        return entries;
    }

    private static Optional<Stamp> stamp(Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return Optional.of(new Stamp(
                    attributes.lastModifiedTime().to(java.util.concurrent.TimeUnit.NANOSECONDS), attributes.size()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
