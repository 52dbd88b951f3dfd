package dev.turntable.process.linux;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The environment a child gets: the server's own as it was started, byte for byte, then the model's entries, of which later ones win
 * (llama-swap §2.6).
 *
 * <p>{@link System#getenv()} would lose bytes that are not text; the kernel's own copy does not.
 */
public final class Environment {
    private final List<byte[]> inherited;

    private Environment(List<byte[]> inherited) {
        this.inherited = inherited;
    }

    /** The environment this server was started with. */
    public static Environment ofThisProcess() {
        try {
            return new Environment(split(Files.readAllBytes(Path.of("/proc/self/environ"))));
        } catch (IOException e) {
            return of(System.getenv().entrySet().stream()
                    .map(v -> v.getKey() + "=" + v.getValue())
                    .toList());
        }
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
