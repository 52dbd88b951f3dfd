package dev.turntable.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process of the image: started, its output kept line by line, ended one way or the other. Owns one thread that reads. */
public final class Running {
    private static final Pattern LISTENING = Pattern.compile("(?:listening on|serves) (?:https?://)?(\\S+:\\d+)$");

    private final Process process;
    private final Thread reader;
    private final List<String> lines = new ArrayList<>();
    private volatile boolean told;

    private Running(Process process) {
        this.process = process;
        this.reader = Thread.ofVirtual().start(this::read);
    }

    public static Running start(Path folder, Map<String, String> environment, List<String> command) {
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
    public List<String> output() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /** {@code host:port}, once it says so; fails with its output when it ends instead. */
    public String address() {
        return await("a line that says where it listens", () -> output().stream()
                .map(LISTENING::matcher)
                .filter(Matcher::find)
                .map(m -> m.group(1))
                .findFirst());
    }

    /** The first line that contains this, once it is there; fails with its output when it ends without. */
    public String awaitLine(String part) {
        return await(
                "a line with " + part,
                () -> output().stream().filter(line -> line.contains(part)).findFirst());
    }

    private String await(String what, Supplier<Optional<String>> look) {
        return Wait.until(what, () -> {
            boolean over = !process.isAlive() && !reader.isAlive();
            Optional<String> seen = look.get();
            if (seen.isEmpty() && over) {
                throw new AssertionError("ended with " + process.exitValue() + " without " + what + ":\n" + text());
            }
            return seen;
        });
    }

    public String text() {
        return String.join("\n", output());
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Sends a signal by its name. */
    public void signal(String name) {
        told = told || name.equals("TERM") || name.equals("INT");
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** SIGTERM, unless it was told to stop already: a second one would be by force. The exit code. */
    public int stop() {
        if (!told) {
            process.toHandle().destroy(); // Process.destroy would close the output before it is read
        }
        return exitCode();
    }

    /** SIGKILL. */
    public void kill() {
        process.toHandle().destroyForcibly();
        exitCode();
    }

    /** The exit code of a process that is about to end, all of its output read. */
    public int exitCode() {
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
