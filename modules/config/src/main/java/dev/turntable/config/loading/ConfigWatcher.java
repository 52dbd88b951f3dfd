package dev.turntable.config.loading;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Notices that a configuration changed on disk, by reading it every two seconds (llama-swap §1.4): no file-system events and no times of
 * files, so that bind mounts, swapped links and copies that keep their times are seen.
 *
 * <p>A file that is written takes a moment, and an editor or a full disk may leave it empty or cut for longer. So a change counts when two
 * looks in a row saw the same, and one that made a file shorter, or took one away, only when it has stayed so for four seconds.
 *
 * <p>It owns no thread: whoever wires it runs {@link #follow} on one. Any number of saves between two looks are one call.
 */
public final class ConfigWatcher {
    /** Time between two looks. */
    static final Duration INTERVAL = Duration.ofSeconds(2);

    /** Time until a change is looked at again. */
    static final Duration MOMENT = Duration.ofMillis(250);

    private static final int LOOKS_AT_LESS = 3;
    private static final int LOOKS_AT_MORE = 2;

    private final ConfigSources sources;
    private Look seen;
    private Look pending;
    private int looks;

    /** What the files were at a look: their sizes by name, and a hash of all they say. */
    private record Look(Map<String, Integer> sizes, String hash) {
        static Look at(Map<String, byte[]> files) {
            Map<String, Integer> sizes = new TreeMap<>();
            files.forEach((name, bytes) -> sizes.put(name, bytes.length));
            return new Look(sizes, Fingerprint.of(files));
        }

        /** True when a file is shorter than before, or gone. */
        boolean isLessThan(Look before) {
            return before.sizes.entrySet().stream()
                    .anyMatch(file -> sizes.getOrDefault(file.getKey(), -1) < file.getValue());
        }
    }

    /**
     * Watches what a configuration is read from.
     *
     * @param loaded the texts that were read: what differs from them is a change, however early it was made
     */
    public ConfigWatcher(ConfigSources sources, List<ConfigSources.Text> loaded) {
        this.sources = sources;
        Map<String, byte[]> files = new TreeMap<>();
        loaded.forEach(text -> files.put(text.name(), text.content().getBytes(StandardCharsets.UTF_8)));
        this.seen = Look.at(files);
        this.pending = seen;
    }

    /**
     * Looks once.
     *
     * @return true when the configuration should be read again. False for a file that is gone, and for a folder that is gone or has no YAML
     *     file: both are waited for
     */
    public synchronized boolean poll() {
        Optional<Look> found = look();
        if (found.isEmpty()) {
            pending = seen;
            return false;
        }
        Look now = found.get();
        looks = now.equals(pending) ? looks + 1 : 1;
        pending = now;
        if (now.equals(seen) || looks < (now.isLessThan(seen) ? LOOKS_AT_LESS : LOOKS_AT_MORE)) {
            return false;
        }
        seen = now;
        return true;
    }

    /** How a follower of the watch waits between two looks; tests have their own. */
    @FunctionalInterface
    public interface Pacer {
        /** Waits; false when the watch should end. */
        boolean pause(Duration time);
    }

    /** Looks after every pause, and calls back after each look that found a change; returns when the pacer says so. */
    public void follow(Pacer pacer, Runnable onChange) {
        while (pacer.pause(untilNextLook())) {
            if (poll()) {
                onChange.run();
            }
        }
    }

    private synchronized Duration untilNextLook() {
        return pending.equals(seen) || pending.isLessThan(seen) ? INTERVAL : MOMENT;
    }

    /** What the files are now; empty when the file or all of the folder is gone. */
    private Optional<Look> look() {
        Map<String, byte[]> files = new TreeMap<>();
        try {
            if (sources.config().isPresent()) {
                files.put(
                        sources.config().get(),
                        SourceFiles.bytes(Path.of(sources.config().get())));
            }
            if (sources.directory().isPresent()) {
                List<Path> inFolder = SourceFiles.yamlFiles(sources.directory().get());
                for (Path file : inFolder) {
                    files.put(file.toString(), SourceFiles.bytes(file));
                }
                if (inFolder.isEmpty()) {
                    return Optional.empty();
                }
            }
        } catch (IOException | UncheckedIOException | InvalidPathException e) {
            return Optional.empty();
        }
        return Optional.of(Look.at(files));
    }
}
