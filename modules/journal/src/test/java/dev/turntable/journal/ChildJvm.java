package dev.turntable.journal;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts a class of this module's tests in a JVM of its own, with the flags of the product. Its output goes to a file: a child must not
 * write into the pipe by which Surefire's fork reports.
 */
final class ChildJvm {
    private static final String MODULE = "dev.turntable.journal";
    private static final Path FLAGS = Path.of("..", "..", "config", "jvm.options");

    private ChildJvm() {}

    /** On the module path, as the product runs. */
    static Process start(Class<?> main, Path output, String... arguments) throws IOException {
        List<String> command = List.of(
                "@" + FLAGS,
                "--module-path",
                System.getProperty("jdk.module.path"),
                "--class-path", // what Chronicle's automatic modules need and no descriptor names
                System.getProperty("java.class.path"),
                "--patch-module",
                MODULE + "=" + testClasses(main),
                "--module",
                MODULE + "/" + main.getName());
        return start(command, output, arguments);
    }

    /** On the class path, where service files of the tests take effect. */
    static Process startOnClassPath(Class<?> main, Path output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        for (String line : Files.readAllLines(FLAGS)) {
            if (line.startsWith("-")) {
                command.add(line.replaceFirst("=(chronicle\\.core|dev\\.turntable\\.\\w+)$", "=ALL-UNNAMED"));
            }
        }
        String classPath = String.join(
                File.pathSeparator,
                testClasses(main).toString(),
                System.getProperty("jdk.module.path"),
                System.getProperty("java.class.path"));
        command.addAll(List.of("--class-path", classPath, main.getName()));
        return start(command, output, arguments);
    }

    private static Process start(List<String> arguments, Path output, String... more) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx256m");
        command.addAll(arguments);
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
    }

    private static Path testClasses(Class<?> main) {
        return Path.of(main.getProtectionDomain().getCodeSource().getLocation().getPath())
                .resolveSibling("test-classes");
    }
}
