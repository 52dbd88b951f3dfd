package dev.turntable.api.machine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs a vendor's command for its output; a tool that is absent, fails or takes too long gives nothing. */
@FunctionalInterface
interface Tool {
    /** Output of a well-meaning tool is far smaller. */
    int MAX_OUTPUT = 1 << 20;

    /** Standard output of the command when it ended with 0 in time. */
    Optional<String> run(List<String> command, Duration atMost);

    /** Tools of this machine. */
    static Tool system() {
        return (command, atMost) -> {
            Process process;
            try {
                process = new ProcessBuilder(command)
                        .redirectErrorStream(false)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                        .start();
            } catch (IOException absent) {
                return Optional.empty();
            }
            Thread watchdog = Thread.ofVirtual().name("tool-watchdog").start(() -> {
                try {
                    if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                        process.destroyForcibly();
                    }
                } catch (InterruptedException done) {
                    // The reader has finished first.
                }
            });
            try (InputStream out = process.getInputStream()) {
                String text = new String(out.readNBytes(MAX_OUTPUT), StandardCharsets.UTF_8);
                return process.waitFor() == 0 ? Optional.of(text) : Optional.empty();
            } catch (IOException failed) {
                return Optional.empty();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            } finally {
                watchdog.interrupt();
                process.destroyForcibly();
            }
        };
    }
}
