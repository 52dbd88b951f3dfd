package dev.turntable.config.loading;

import dev.turntable.config.compat.GoText;
import dev.turntable.config.loading.problems.Problems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Finds and reads the files of a configuration (llama-swap §2.1): the file first, then the folder's YAML files sorted by path. */
final class SourceFiles {
    /** Largest file that is read. */
    private static final long MAX_BYTES = 32L << 20;

    /** One file's text and the bytes it came from. */
    record Content(String name, String text, byte[] bytes) {}

    private final Problems problems;

    SourceFiles(Problems problems) {
        this.problems = problems;
    }

    /** All files in merge order; after an error, those that could be read. */
    List<Content> read(ConfigSources sources) {
        List<String> names = new ArrayList<>();
        sources.config().ifPresent(names::add);
        List<String> inDirectory = sources.directory().map(this::list).orElse(List.of());
        if (sources.config().isPresent() && sources.directory().isPresent()) {
            refuseTwice(sources.config().get(), sources.directory().get(), inDirectory);
        }
        names.addAll(inDirectory);
        if (names.isEmpty() && sources.texts().isEmpty() && !problems.any()) {
            problems.error(
                    "no configuration sources found", "", "give -config FILE, or put a .yaml file into the folder");
        }
        List<Content> contents = new ArrayList<>();
        names.forEach(name -> readOne(name, contents));
        sources.texts()
                .forEach(text -> contents.add(
                        new Content(text.name(), text.content(), text.content().getBytes(StandardCharsets.UTF_8))));
        return contents;
    }

    /** True for the names that count in a folder: exactly {@code .yml} or {@code .yaml} at the end. */
    private static boolean isYaml(String fileName) {
        return fileName.endsWith(".yml") || fileName.endsWith(".yaml");
    }

    /** The files of a folder that count, in merge order. */
    static List<Path> yamlFiles(String directory) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of(directory).normalize())) {
            return entries.filter(path -> isYaml(path.getFileName().toString()) && Files.isRegularFile(path))
                    .sorted(Comparator.comparing(Path::toString, GoText.BYTE_ORDER))
                    .toList();
        }
    }

    /** All of a file; one that is too large is not read. */
    static byte[] bytes(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException("larger than " + MAX_BYTES + " bytes");
        }
        return Files.readAllBytes(file);
    }

    private List<String> list(String directory) {
        try {
            return yamlFiles(directory).stream().map(Path::toString).toList();
        } catch (IOException | UncheckedIOException | java.nio.file.InvalidPathException e) {
            problems.error("-config-dir " + directory + ": open " + directory + ": " + reason(e), directory, "");
            return List.of();
        }
    }

    private void refuseTwice(String config, String directory, List<String> inDirectory) {
        Path file = Path.of(config).toAbsolutePath().normalize();
        for (String other : inDirectory) {
            if (Path.of(other).toAbsolutePath().normalize().equals(file)) {
                problems.error(
                        "-config path " + config + " is also present in -config-dir " + directory
                                + "; remove it from one",
                        config,
                        "");
            }
        }
    }

    private void readOne(String name, List<Content> contents) {
        byte[] bytes;
        try {
            Path path = Path.of(name);
            if (Files.isDirectory(path)) {
                problems.error("failed to read config " + name + ": read " + name + ": is a directory", name, "");
                return;
            }
            if (Files.size(path) > MAX_BYTES) {
                problems.error("failed to read config " + name + ": larger than " + MAX_BYTES + " bytes", name, "");
                return;
            }
            bytes = bytes(path);
        } catch (IOException | java.nio.file.InvalidPathException e) {
            problems.error("failed to read config " + name + ": open " + name + ": " + reason(e), name, "");
            return;
        }
        try {
            contents.add(new Content(name, decode(bytes), bytes));
        } catch (CharacterCodingException e) {
            problems.error(
                    "failed to parse config " + name + ": yaml: invalid leading UTF-8 octet",
                    name,
                    "the file must be UTF-8");
        }
    }

    private static String decode(byte[] bytes) throws CharacterCodingException {
        Charset charset = StandardCharsets.UTF_8;
        if (bytes.length > 1) {
            int mark = (bytes[0] & 0xFF) << 8 | bytes[1] & 0xFF;
            charset = mark == 0xFFFE || mark == 0xFEFF ? StandardCharsets.UTF_16 : charset;
        }
        return charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    private static String reason(Exception e) {
        return switch (e) {
            case NoSuchFileException ignored -> "no such file or directory";
            case java.nio.file.NotDirectoryException ignored -> "not a directory";
            case AccessDeniedException ignored -> "permission denied";
            default -> e.getMessage();
        };
    }
}
