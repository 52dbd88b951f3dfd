package dev.turntable.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * Which build this is, read from the stamp that {@code scripts/build} leaves in the image.
 *
 * <p>Unstamped values are those of llama-swap §1.1: {@code 0}, {@code abcd1234} and {@code unknown}.
 */
public record Version(String version, String commit, String date) {

    public static Version current() {
        return read(Path.of(System.getProperty("java.home"), "turntable.properties"));
    }

    static Version read(Path stamp) {
        var properties = new Properties();
        if (Files.isReadable(stamp)) {
            try (var in = Files.newBufferedReader(stamp)) {
                properties.load(in);
            } catch (IOException e) {
                properties.clear(); // an unreadable stamp is no stamp
            }
        }
        return new Version(
                properties.getProperty("version", "0"),
                properties.getProperty("commit", "abcd1234"),
                properties.getProperty("date", "unknown"));
    }

    /** The line {@code -version} prints, as llama-swap does. */
    public String line() {
        return "version: %s (%s), built at %s".formatted(version, commit, date);
    }
}
