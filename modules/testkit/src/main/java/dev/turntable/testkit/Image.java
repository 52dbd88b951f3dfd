package dev.turntable.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the image under test lies. */
public final class Image {
    /** The project's root. */
    public static final Path ROOT = Path.of(System.getProperty("turntable.root", "../.."))
            .toAbsolutePath()
            .normalize();

    public static final Path FOLDER = Path.of(System.getProperty(
            "turntable.image", ROOT.resolve("target/turntable").toString()));

    public static final Path COMMAND = FOLDER.resolve("bin/turntable");

    private Image() {}

    /** A copy of the image at another place, byte for byte but with new times, as an archive tool would leave it. */
    public static Path copyTo(Path folder) throws IOException {
        try (var files = Files.walk(FOLDER)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        folder.resolve(FOLDER.relativize(file).toString()),
                        java.nio.file.LinkOption.NOFOLLOW_LINKS);
            }
        }
        return folder;
    }
}
