package dev.turntable.process.linux;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The environment a child gets: the server's own as it was started, byte for byte, then the model's entries, of which later ones win
 * (llama-swap §2.6).
 *
 * <p>{@link System#getenv()} would lose bytes that are not text; the kernel's own copy does not.
 */
public final class Environment {
    private static final String SAVED = "TURNTABLE_LOCALE=";
    private static final String LOCALE = "LC_ALL=";

    private final List<byte[]> inherited;

    private Environment(List<byte[]> inherited) {
        this.inherited = inherited;
    }

    /** The environment this server was started with, without what its launcher changed for the JVM alone. */
    public static Environment ofThisProcess() {
        try {
            return new Environment(beforeLauncher(split(Files.readAllBytes(Path.of("/proc/self/environ")))));
        } catch (IOException e) {
            return of(System.getenv().entrySet().stream()
                    .map(v -> v.getKey() + "=" + v.getValue())
                    .toList());
        }
    }

    /** Takes back the locale that the launcher set (image/launcher.sh); as it is when no launcher was there. */
    private static List<byte[]> beforeLauncher(List<byte[]> entries) {
        Optional<byte[]> saved =
                entries.stream().filter(entry -> begins(entry, SAVED)).findFirst();
        if (saved.isEmpty()) {
            return entries;
        }
        List<byte[]> before = new ArrayList<>(entries);
        before.removeIf(entry -> begins(entry, SAVED) || begins(entry, LOCALE));
        byte[] value = Arrays.copyOfRange(saved.get(), SAVED.length(), saved.get().length);
        if (value.length > 0) {
            before.add(value);
        }
        return before;
    }

    private static boolean begins(byte[] entry, String name) {
        return new String(entry, StandardCharsets.ISO_8859_1).startsWith(name);
    }

    /** An environment of {@code K=V} entries. */
    public static Environment of(List<String> entries) {
        return new Environment(
                entries.stream().map(e -> e.getBytes(StandardCharsets.UTF_8)).toList());
    }

    /** This environment with {@code K=V} entries laid over it; one without {@code =} has no effect. */
    public Collection<byte[]> with(List<String> entries) {
        Map<String, byte[]> merged = new LinkedHashMap<>();
        for (byte[] entry : inherited) {
            put(merged, entry);
        }
        for (String entry : entries) {
            put(merged, entry.getBytes(StandardCharsets.UTF_8));
        }
        return merged.values();
    }

    private static void put(Map<String, byte[]> merged, byte[] entry) {
        String text = new String(entry, StandardCharsets.ISO_8859_1);
        int equals = text.indexOf('=', 1);
        if (equals > 0) {
            merged.put(text.substring(0, equals), entry);
        }
    }

    private static List<byte[]> split(byte[] block) {
        List<byte[]> entries = new ArrayList<>();
        ByteArrayOutputStream entry = new ByteArrayOutputStream();
        for (byte b : block) {
            if (b == 0) {
                entries.add(entry.toByteArray());
                entry.reset();
            } else {
                entry.write(b);
            }
        }
        return entries;
    }
}
