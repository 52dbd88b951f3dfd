package dev.turntable.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Names the machine's boot: a process number means nothing after the next one. */
final class Boot {
    private static final Path ID = Path.of("/proc/sys/kernel/random/boot_id");

    private Boot() {}

    static String id() {
        try {
            return Files.readString(ID).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
