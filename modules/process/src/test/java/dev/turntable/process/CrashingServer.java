package dev.turntable.process;

import dev.turntable.event.Fact;
import dev.turntable.event.RunId;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** A program of its own for tests that kill the server: starts one model, says who it is, and waits to be killed. */
final class CrashingServer {
    static final int SIGUSR1 = 10;

    private CrashingServer() {}

    /** Runs {@link #main} in a JVM of its own, on the class path, which is nobody's business here. */
    static Process launch(Path folder, String command) throws IOException {
        String testClasses = CrashingServer.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        String tests = testClasses.replaceFirst("/classes/?$", "/test-classes");
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        tests
                                + File.pathSeparator
                                + testClasses
                                + File.pathSeparator
                                + System.getProperty("jdk.module.path"),
                        CrashingServer.class.getName(),
                        folder.toString(),
                        command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** The first line of its output. */
    static Survivor read(String line) {
        String[] parts = line.split("\t");
        return new Survivor(RunId.parse(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]), parts[3]);
    }

    @SuppressWarnings("try")
    public static void main(String[] args) {
        try (Rig rig = new Rig(Path.of(args[0])).begin()) {
            RunId run = rig.model("m", args[1]).start();
            rig.awaitOutput(run, "before");
            Fact.ProcessSpawned spawned = rig.spawned(run);
            System.out.println(String.join(
                    "\t",
                    run.toString(),
                    Long.toString(spawned.pid()),
                    Long.toString(spawned.startTicks()),
                    spawned.commandHash()));
            while (true) {
                LockSupport.park();
            }
        }
    }
}
