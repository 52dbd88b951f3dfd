package dev.turntable.app;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.turntable.config.loading.ConfigSources;
import dev.turntable.config.loading.ConfigSources.Text;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The sources of every configuration that was ever in force, by hash, so that an earlier one can be shown and gone back to.
 *
 * <p>The journal holds the hash and the difference only: sources hold secrets, so they stand in files of their own that nobody but the
 * server's user can read ({@code configs/<hash>.json}: an array of {@code {"name","content"}}).
 */
public final class ConfigArchive {
    private static final JsonFactory JSON = new JsonFactory();

    private final Path folder;

    public ConfigArchive(Path dataDir) {
        this.folder = dataDir.resolve("configs");
    }

    /** Keeps the sources of {@code hash}; does nothing when they are already there. */
    void keep(String hash, List<Text> sources) {
        Path file = file(hash);
        if (Files.exists(file)) {
            return;
        }
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            Path fresh = Files.createTempFile(
                    folder,
                    "new",
                    ".json",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            write(fresh, sources);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the configuration in " + folder, e);
        }
    }

    /** The sources kept under {@code hash}, as texts that load like the files did; empty when there are none. */
    public Optional<ConfigSources> find(String hash) {
        Path file = file(hash);
        if (!hash.matches("[0-9a-f]{64}") || !Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ConfigSources(Optional.empty(), Optional.empty(), read(file)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private Path file(String hash) {
        return folder.resolve(hash + ".json");
    }

    private static void write(Path file, List<Text> sources) throws IOException {
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE);
                JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartArray();
            for (Text source : sources) {
                json.writeStartObject();
                json.writeStringField("name", source.name());
                json.writeStringField("content", source.content());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
    }

    private static List<Text> read(Path file) throws IOException {
        var sources = new ArrayList<Text>();
        try (JsonParser json = JSON.createParser(file.toFile())) {
            String name = "";
            String content = "";
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    boolean isName = json.currentName().equals("name");
                    String value = json.nextTextValue();
                    name = isName ? value : name;
                    content = isName ? content : value;
                } else if (token == JsonToken.END_OBJECT) {
                    sources.add(new Text(name, content));
                }
            }
        }
        return sources;
    }
}
