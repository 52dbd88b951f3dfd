import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * Links the image from the jars Maven built: descriptors for the jars that have none, jlink with our JVM flags baked in, the
 * launcher, the version stamp, and the start-up caches made by training runs.
 *
 * <p>Run by {@code scripts/build} from the project's root, straight from source: {@code java image/Image.java VERSION COMMIT DATE}.
 * The image appears at {@code target/turntable} in one move once it is whole, so a failed build leaves the old one.
 */
class Image {
    private static final Path ROOT = Path.of("").toAbsolutePath();
    private static final Path APP = ROOT.resolve("modules/app/target");
    private static final Path WORK = ROOT.resolve("target/image");
    private static final Path FINAL = ROOT.resolve("target/turntable");

    /** Modules that only service files or optional clauses name, so that nothing else would pull them in. */
    private static final String HIDDEN_MODULES = "org.slf4j,jdk.unsupported,jdk.crypto.ec,jdk.zipfs";

    public static void main(String[] args) throws Exception {
        delete(WORK);
        Path modules = Files.createDirectories(WORK.resolve("modules"));
        copyJars(APP.resolve("modules"), modules);
        copyJars(APP, modules);
        Descriptors.read(ROOT.resolve("image/third-party.modules")).addTo(modules);
        try (var old = Files.newDirectoryStream(modules, "picocli-*.jar")) {
            for (Path jar : old) {
                OldClasses.renew(jar);
            }
        }

        Path image = WORK.resolve("turntable");
        link(modules, image);
        launcher(image);
        stamp(image, args[0], args[1], args[2]);
        if (!Boolean.getBoolean("image.untrained")) {
            Training.run(image, ROOT, WORK.resolve("training"));
        }

        delete(FINAL);
        Files.move(image, FINAL);
        IO.println("built " + ROOT.relativize(FINAL) + "/bin/turntable");
    }

    private static void copyJars(Path from, Path to) throws IOException {
        try (var jars = Files.newDirectoryStream(from, "*.jar")) {
            for (Path jar : jars) {
                Files.copy(jar, to.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static void link(Path modules, Path image) throws Exception {
        run(List.of(
                Path.of(System.getProperty("java.home"), "bin", "jlink").toString(),
                "--module-path",
                modules.toString(),
                // Never --bind-services: this JDK links from its own running image, which must not contain jdk.jlink.
                "--add-modules",
                "dev.turntable.app,ALL-MODULE-PATH," + HIDDEN_MODULES,
                "--add-options=" + options("config/jvm.options") + " " + options("config/image.options"),
                "--no-header-files",
                "--no-man-pages",
                "--output",
                image.toString()));
    }

    /** The flags in a file of one flag a line, with comments. */
    private static String options(String file) throws IOException {
        return String.join(
                " ",
                Files.readAllLines(ROOT.resolve(file)).stream()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .toList());
    }

    private static void launcher(Path image) throws IOException {
        Path launcher = image.resolve("bin/turntable");
        Files.copy(ROOT.resolve("image/launcher.sh"), launcher);
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.copy(ROOT.resolve("LICENSE"), image.resolve("LICENSE"));
        Files.copy(
                ROOT.resolve("image/logging.properties"),
                image.resolve("conf/logging.properties"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static void stamp(Path image, String version, String commit, String date) throws IOException {
        Files.writeString(
                image.resolve("turntable.properties"),
                "version=%s%ncommit=%s%ndate=%s%n".formatted(version, commit, date));
    }

    static void run(List<String> command) throws IOException, InterruptedException {
        int code = new ProcessBuilder(new ArrayList<>(command)).inheritIO().start().waitFor();
        if (code != 0) {
            throw new IllegalStateException(command.getFirst() + " ended with " + code);
        }
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, IOException failure) throws IOException {
                Files.delete(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
