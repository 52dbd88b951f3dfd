package dev.turntable.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts a class of this module's tests in a JVM of its own, with the module path and the flags of the product. */
final class ChildJvm {
  private ChildJvm() {}

  /** Its output goes to the file: a child must not write into the pipe by which Surefire's fork reports. */
  static Process start(Class<?> main, Path output, String... arguments) throws IOException {
    String module = "dev.turntable.journal";
    Path testClasses = Path.of(main.getProtectionDomain().getCodeSource().getLocation().getPath()).resolveSibling("test-classes");
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "@" + Path.of("..", "..", "config", "jvm.options"),
        "-Xmx256m",
        "--module-path",
        System.getProperty("jdk.module.path"),
        "--class-path", // what Chronicle's automatic modules need and no descriptor names
        System.getProperty("java.class.path"),
        "--patch-module",
        module + "=" + testClasses,
        "--module",
        module + "/" + main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile())).start();
  }
}
