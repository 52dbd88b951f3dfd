package dev.turntable.blackbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process of the image: started, its output kept line by line, ended one way or the other. Owns one thread that reads. */
final class Running {
    private static final Pattern LISTENING = Pattern.compile("(?:listening on|serves) (?:https?://)?(\\S+:\\d+)$");

    private final Process process;
    private final Thread reader;
    private final List<String> lines = new ArrayList<>();

    private Running(Process process) {
        this.process = process;
        this.reader = Thread.ofVirtual().start(this::read);
    }

    static Running start(Path folder, Map<String, String> environment, List<String> command) {
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("TURNTABLE_"));
        builder.environment().putAll(environment);
        try {
            return new Running(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (var in = process.inputReader()) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                synchronized (lines) {
                    lines.add(line);
                }
            }
        } catch (IOException e) {
            synchronized (lines) {
                lines.add("(output ends: " + e.getMessage() + ")");
            }
        }
    }

    /** Everything it has printed so far, stderr included. */
    List<String> output() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /** {@code host:port}, once it says so; fails with its output when it ends instead. */
    String address() {
        return Wait.until("a line that says where it listens", () -> {
            Optional<String> address = output().stream()
                    .map(LISTENING::matcher)
                    .filter(Matcher::find)
                    .map(m -> m.group(1))
                    .findFirst();
            if (address.isEmpty() && !process.isAlive()) {
                throw new AssertionError("ended with " + process.exitValue() + " before it listened:\n" + text());
            }
            return address;
        });
    }

    String text() {
        return String.join("\n", output());
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGTERM; the exit code. */
    int stop() {
        process.toHandle().destroy(); // Process.destroy would close the output before it is read
        return exitCode();
    }

    /** SIGKILL. */
    void kill() {
        process.toHandle().destroyForcibly();
        exitCode();
    }

    /** The exit code of a process that is about to end, all of its output read. */
    int exitCode() {
        try {
            if (!process.waitFor(Wait.PATIENCE.toSeconds() * 2, TimeUnit.SECONDS)) {
                throw new AssertionError("does not end:\n" + text());
            }
            reader.join(Wait.PATIENCE);
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
